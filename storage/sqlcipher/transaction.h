// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::sqlcipher {

// A write transaction: rolls back unless committed. Takes the write lock at once (IMMEDIATE).
//
// After a failed commit() the connection shows the state before begin(); what the disk shows
// after a crash is either that or the whole transaction.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  Status commit();  // once

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  void roll_back() noexcept;
  Connection* connection_;  // nullptr: over
};

}  // namespace resguardo::sqlcipher
