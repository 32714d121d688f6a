// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/migrations.h"

#include <cstdint>

#include "storage/sqlcipher/transaction.h"

namespace resguardo::sqlcipher {
namespace {

Status apply(Connection& connection, StaticText migration, std::int64_t version) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_CHECK(connection.execute(migration));
  RESGUARDO_CHECK(connection.set_version(version));
  return transaction.commit();
}

}  // namespace

Status migrate(Connection& connection, std::span<const StaticText> migrations) {
  RESGUARDO_TRY(const auto version, connection.number("PRAGMA user_version"));
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (version < 0 || version > newest)
    return Error{Fault::kRefused,
                 "the database was made by a newer version of this program: use that one"};
  for (std::int64_t next = version; next < newest; ++next)
    RESGUARDO_CHECK(apply(connection, migrations[static_cast<std::size_t>(next)], next + 1));
  return success();
}

}  // namespace resguardo::sqlcipher
