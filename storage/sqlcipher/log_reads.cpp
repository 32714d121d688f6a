// SPDX-License-Identifier: AGPL-3.0-or-later
// The log's part of a ReportReader.
#include "storage/sqlcipher/log_turnover.h"
#include "storage/sqlcipher/readers.h"

namespace resguardo::storage {

Result<std::vector<Bytes>> ReportReader::log_entries() {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT entry FROM log_entry ORDER BY id"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<Bytes> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    found.push_back(to_bytes(rows.bytes(0)));
  }
}

Result<std::optional<StoredCheckpoint>> ReportReader::last_checkpoint() {
  return newest_checkpoint(connection_);
}

Result<std::optional<StoredCheckpoint>> ReportReader::checkpoint_of(Day day) {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT day, size, tree, note FROM checkpoint"
                                                " WHERE day = ?"));
  RESGUARDO_TRY(auto rows, query.query(day.number));
  return checkpoint_row(std::move(rows));
}

Status ReportReader::logged(std::uint64_t from, std::uint64_t to,
                            const LogStore::EntryVisitor& visit) {
  constexpr Error kMissing = {Fault::kMalformed, "an entry of the log is missing"};
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT position, entry FROM logged"
                                                " WHERE position >= ? AND position < ?"
                                                " ORDER BY position"));
  RESGUARDO_TRY(auto rows, query.query(from, to));
  for (std::uint64_t next = from; next < to; ++next) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more || static_cast<std::uint64_t>(rows.integer(0)) != next) return kMissing;
    RESGUARDO_CHECK(visit(next, rows.bytes(1)));
  }
  return from <= to ? success() : Status(kMissing);
}

}  // namespace resguardo::storage
