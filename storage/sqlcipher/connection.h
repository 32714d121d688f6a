// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "storage/sqlcipher/statement.h"

struct sqlite3;

namespace resguardo::sqlcipher {

struct ConnectionOptions {
  bool create = false;           // make the file when it is not there; otherwise kNotFound
  bool read_only = false;        // every statement that would write fails
  bool memory_security = false;  // SQLCipher locks and wipes its own memory: docs/adr/021
  int cache_kib = 2048;          // page cache of this connection
  bool keep_statements = false;  // what was prepared stays so for the next of the same text
  bool throw_away = false;       // no WAL and no syncs: for what is made anew when it is lost
};

// One encrypted database file, opened by a raw key of 32 bytes (no derivation inside SQLCipher).
//
// Promises: a wrong key is noticed by open(), not later; WAL with synchronous FULL, so that a
// commit that returned is on disk; deleted content is overwritten in its page (secure_delete);
// temporary tables stay in memory; SQLCipher never writes to stderr; a damaged page is an error,
// kMalformed, never a crash.
// WARNING: secure_delete reaches the database file; the WAL holds old pages until truncate_wal().
// What was written stays on the disk as ciphertext under the same key for as long as the file
// system keeps the block.
//
// One thread at a time. Statements must not outlive it.
class Connection {
 public:
  // kUnauthentic: the key does not fit. kMalformed: damaged, or not a database.
  static Result<Connection> open(const std::filesystem::path& file, const SecretBytes& key,
                                 const ConnectionOptions& options);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  Status execute(StaticText sql);  // one or more statements; results are dropped
  Result<Statement> prepare(StaticText sql);
  Result<std::int64_t> number(StaticText sql);  // the first column of the first row

  Status set_version(std::int64_t version);  // PRAGMA user_version; see migrations.h
  std::int64_t changes() const;              // rows changed by the last statement
  std::int64_t all_changes() const;          // rows changed through this connection

  // Copies the WAL into the database and cuts it to nothing. kUnavailable: a reader is in the
  // way; try again later.
  Status truncate_wal();
  Status truncate_wal_unless_read();  // the same, and it never waits for a reader

  // All of this database as it is at one moment, into `target`, which is encrypted too and loses
  // what it held. Others may write here meanwhile (sqlite.org/backup.html).
  Status copy_to(Connection& target);

  // What it has read and does not need now leaves memory, overwritten: a connection that is not
  // used would keep what others have taken out of the database since.
  void forget_pages();

  // Every page authenticates and every structure is sound; slow.
  Status check();
  // The same without comparing indexes with their tables, until `stop` says so (kUnavailable).
  Status check_quickly(const std::function<bool()>& stop);
  // Pages of the file that do not authenticate, by number, what the WAL holds left out. Others may
  // write meanwhile: a page that was half written when it was read, or by a crash, is read again
  // when the WAL was copied into the file.
  Result<std::vector<std::uint64_t>> damaged_pages();

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  explicit Connection(sqlite3* handle);
  Status sound(StaticText pragma);
  Result<std::vector<std::uint64_t>> pages_without_proof();
  Status unlock(const SecretBytes& key, const ConnectionOptions& options);
  std::unique_ptr<sqlite3, Close> handle_;
  std::unique_ptr<KeptStatements> kept_;  // nullptr: none are kept
};

}  // namespace resguardo::sqlcipher
