// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/failure.h"

#include <sqlite3.h>

namespace resguardo::sqlcipher {

Error failure_of(int code) {
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      return {Fault::kUnauthentic,
              "the key does not fit this database, or its first page is damaged"};
    case SQLITE_CORRUPT:
      return {Fault::kMalformed, "the database is damaged: a page does not authenticate"};
    case SQLITE_FULL:
      return {Fault::kUnavailable, "the disk is full"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Fault::kUnavailable, "the database is busy"};
    case SQLITE_CANTOPEN:
      return {Fault::kUnavailable, "the database file cannot be opened"};
    case SQLITE_IOERR:
      return {Fault::kUnavailable, "the disk reports an error"};
    case SQLITE_NOMEM:
      return {Fault::kUnavailable, "not enough memory for the database"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {Fault::kUnavailable, "the database cannot be written"};
    case SQLITE_CONSTRAINT:
      return {Fault::kConflict, "a constraint of the schema refused a row"};
    case SQLITE_TOOBIG:
      return {Fault::kRefused, "a value is too large for the database"};
    default:  // SQLite may add codes; none of the others is ours to tell apart
      return {Fault::kUnavailable, "the database refused a statement"};
  }
}

}  // namespace resguardo::sqlcipher
