// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/log_turnover.h"

#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Transaction;

namespace {

// Their ids are random, so within a day this order is.
Result<std::uint64_t> append_waiting(Connection& connection, Day day, std::uint64_t position,
                                     LogBuilder& builder) {
  RESGUARDO_TRY(auto waiting, connection.prepare("SELECT entry FROM log_entry WHERE day <= ?"
                                                 " ORDER BY day, id"));
  RESGUARDO_TRY(auto place,
                connection.prepare("INSERT INTO logged (position, entry) VALUES (?, ?)"));
  RESGUARDO_TRY(auto rows, waiting.query(day.number));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return position;
    RESGUARDO_CHECK(builder.append(rows.bytes(0)));
    RESGUARDO_CHECK(place.run(position, rows.bytes(0)));
    ++position;
  }
}

Status forget_waiting(Connection& connection, Day day) {
  RESGUARDO_TRY(auto forget, connection.prepare("DELETE FROM log_entry WHERE day <= ?"));
  return forget.run(day.number);
}

Status put(Connection& connection, const StoredCheckpoint& checkpoint) {
  RESGUARDO_TRY(auto insert, connection.prepare("INSERT INTO checkpoint (day, size, tree, note)"
                                                " VALUES (?, ?, ?, ?)"));
  return insert.run(checkpoint.day.number, checkpoint.size, checkpoint.tree,
                    std::string_view(checkpoint.note));
}

}  // namespace

Result<std::optional<StoredCheckpoint>> checkpoint_row(sqlcipher::Rows rows) {
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<StoredCheckpoint>();
  return std::optional(StoredCheckpoint{Day{static_cast<std::int32_t>(rows.integer(0))},
                                        static_cast<std::uint64_t>(rows.integer(1)),
                                        to_bytes(rows.bytes(2)), std::string(rows.text(3))});
}

Result<std::optional<StoredCheckpoint>> newest_checkpoint(Connection& connection) {
  RESGUARDO_TRY(auto newest, connection.prepare("SELECT day, size, tree, note FROM checkpoint"
                                                " ORDER BY day DESC LIMIT 1"));
  RESGUARDO_TRY(auto rows, newest.query());
  return checkpoint_row(std::move(rows));
}

Status turn_over(Connection& connection, Day day, LogBuilder& builder) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(const auto last, newest_checkpoint(connection));
  if (last && last->day >= day)
    return Error{Fault::kConflict, "that day of the log has its checkpoint already"};
  RESGUARDO_CHECK(builder.begin(last));
  RESGUARDO_TRY(const std::uint64_t size,
                append_waiting(connection, day, last ? last->size : 0, builder));
  RESGUARDO_CHECK(forget_waiting(connection, day));
  RESGUARDO_TRY(auto built, builder.finish());
  RESGUARDO_CHECK(put(connection, {day, size, std::move(built.tree), std::move(built.note)}));
  return transaction.commit();
}

}  // namespace resguardo::storage
