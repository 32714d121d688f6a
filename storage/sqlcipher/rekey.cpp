// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/rekey.h"

#include <cstdio>

#include "storage/durable_file.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;
using sqlcipher::Connection;

// Not there, or under another key: it does not. What may be opened later is an error.
Result<bool> opens(const fs::path& file, const SecretBytes& key) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return false;
  auto opened = Connection::open(file, key, {.read_only = true});
  if (opened.ok()) {
    // An empty file opens under every key: one that was only begun.
    RESGUARDO_TRY(const auto version, opened->number("PRAGMA user_version"));
    return version > 0;
  }
  if (opened.error().fault == Fault::kUnauthentic) return false;
  return opened.error();
}

}  // namespace

Status settle_reports(const fs::path& directory, KeyRing& keys) {
  const fs::path reports = reports_file(directory);
  const fs::path next = reports_next_file(directory);
  std::error_code ignored;
  if (!fs::exists(next, ignored)) return remove_database(next);  // what lay beside it
  RESGUARDO_TRY(const auto key, keys.store_key());
  RESGUARDO_TRY(const bool current, opens(reports, key));
  if (current) return remove_database(next);
  RESGUARDO_TRY(const bool taken, opens(next, key));
  if (!taken) return success();  // who opens the store tells what is wrong with it
  {
    RESGUARDO_TRY(auto database, Connection::open(next, key, {}));
    RESGUARDO_CHECK(database.truncate_wal());
  }
  RESGUARDO_CHECK(remove_database(reports));
  if (std::rename(next.c_str(), reports.c_str()) != 0)
    return Error{Fault::kUnavailable, "the report store cannot get its name"};
  RESGUARDO_CHECK(remove_database(next));
  return sync_directory(directory);
}

}  // namespace resguardo::storage
