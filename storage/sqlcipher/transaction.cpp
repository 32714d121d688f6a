// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/transaction.h"

#include <sqlite3.h>

#include <utility>

namespace resguardo::sqlcipher {

Result<Transaction> Transaction::begin(Connection& connection) {
  RESGUARDO_CHECK(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  roll_back();
}

Status Transaction::commit() {
  if (connection_ == nullptr) return Error{Fault::kConflict, "a transaction is committed once"};
  auto committed = connection_->execute("COMMIT");
  if (committed.ok()) {
    connection_ = nullptr;
  } else {
    roll_back();
  }
  return committed;
}

void Transaction::roll_back() noexcept {
  if (connection_ == nullptr) return;
  // Some errors have rolled back already; then there is nothing to end.
  if (sqlite3_get_autocommit(connection_->handle_.get()) == 0)
    static_cast<void>(connection_->execute("ROLLBACK").ok());
  connection_ = nullptr;
}

}  // namespace resguardo::sqlcipher
