// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/vault/vault.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/statement.h"
#include "storage/sqlcipher/transaction.h"

// Inside analyst/vault only.
namespace resguardo::analyst {

struct Vault::State {
  sqlcipher::Connection database;
  PublicKey<RootRole> root;
};

// As the vault keeps a time.
inline std::int64_t milliseconds(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// Bytes of a column as an id or digest. kMalformed: another length.
template <class Id>
Result<Id> id_column(const sqlcipher::Rows& rows, int column) {
  const auto id = Id::from(rows.bytes(column));
  if (!id) return Error{Fault::kMalformed, "the vault holds an id of another length"};
  return *id;
}

}  // namespace resguardo::analyst
