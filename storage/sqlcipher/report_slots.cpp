// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/report_slots.h"

#include <map>
#include <optional>

#include "storage/header_wrap.h"
#include "storage/sqlcipher/report_rows.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Transaction;

namespace {

constexpr Error kBrokenSlotRow = {Fault::kMalformed,
                                  "a row of the report store does not make sense"};
constexpr std::int64_t kIncremental = 2;  // PRAGMA auto_vacuum

Result<std::optional<SecretBytes>> stored_key(Connection& connection) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT key FROM slot_file"));
  RESGUARDO_TRY(auto rows, query.query());
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<SecretBytes>();
  Bytes bytes = to_bytes(rows.bytes(0));
  RESGUARDO_TRY(auto key, SecretBytes::take(bytes));
  return std::optional(std::move(key));
}

Status store_key(Connection& connection, const SecretBytes& key) {
  RESGUARDO_TRY(auto insert, connection.prepare("INSERT INTO slot_file (id, key) VALUES (1, ?)"));
  return key.read([&](ByteView bytes) { return insert.run(bytes); });
}

// Ids of what a query finds in its first column.
template <class Id>
Result<std::vector<Id>> ids_in(sqlcipher::Rows rows) {
  std::vector<Id> ids;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return ids;
    const auto id = Id::from(rows.bytes(0));
    if (!id) return kBrokenSlotRow;
    ids.push_back(*id);
  }
}

Status wrap_headers_of(Connection& connection, const ReportId& report, const SecretBytes& key) {
  RESGUARDO_TRY(auto of_report, connection.prepare("SELECT segment FROM segment WHERE report = ?"));
  RESGUARDO_TRY(auto found, of_report.query(report));
  RESGUARDO_TRY(const auto segments, ids_in<Digest>(std::move(found)));
  RESGUARDO_TRY(auto read,
                connection.prepare("SELECT ordinal, header FROM segment WHERE segment = ?"));
  RESGUARDO_TRY(auto put, connection.prepare("UPDATE segment SET header = ? WHERE segment = ?"));
  for (const Digest& segment : segments) {
    Bytes wrapped;
    {
      RESGUARDO_TRY(auto row, read.query(segment));
      RESGUARDO_TRY(const bool there, row.next());
      if (!there) return kBrokenSlotRow;
      const HeaderPlace place{report, static_cast<std::uint32_t>(row.integer(0)), segment};
      RESGUARDO_TRY(wrapped, wrap_header(row.bytes(1), place, key));
    }
    RESGUARDO_CHECK(put.run(wrapped, segment));
  }
  return success();
}

}  // namespace

Result<std::map<std::uint32_t, ReportId>> used_slots(Connection& connection) {
  RESGUARDO_TRY(auto query,
                connection.prepare("SELECT slot, id FROM report WHERE slot IS NOT NULL"));
  RESGUARDO_TRY(auto rows, query.query());
  std::map<std::uint32_t, ReportId> used;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return used;
    const auto id = ReportId::from(rows.bytes(1));
    if (!id) return kBrokenSlotRow;
    used.emplace(static_cast<std::uint32_t>(rows.integer(0)), *id);
  }
}

Result<std::unique_ptr<SlotFile>> look_at_slots(Connection& connection,
                                                const std::filesystem::path& file) {
  RESGUARDO_TRY(auto key, stored_key(connection));
  if (!key) return Error{Fault::kNotFound, "the report store knows no slots"};
  return SlotFile::open(file, std::move(*key));
}

Result<std::unique_ptr<SlotFile>> open_slots(Connection& connection,
                                             const std::filesystem::path& file) {
  RESGUARDO_TRY(const auto used, used_slots(connection));
  RESGUARDO_TRY(auto key, stored_key(connection));
  if (!key) {
    RESGUARDO_TRY(key, SecretBytes::random(32));
    RESGUARDO_CHECK(store_key(connection, *key));
  }
  std::error_code ignored;
  if (used.empty() && !std::filesystem::exists(file, ignored))
    RESGUARDO_CHECK(SlotFile::create(file, *key));
  RESGUARDO_TRY(auto slots, SlotFile::open(file, std::move(*key)));
  slots->settle(used);
  return slots;
}

Status wrap_old_headers(Connection& connection, SlotFile& slots, RandomSource& random) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT id FROM report WHERE slot IS NULL"));
  RESGUARDO_TRY(auto found, query.query());
  RESGUARDO_TRY(const auto reports, ids_in<ReportId>(std::move(found)));
  if (reports.empty()) return success();
  std::vector<std::uint32_t> cells;
  for (const ReportId& report : reports) {
    RESGUARDO_TRY(const auto cell, slots.give(report, random));
    cells.push_back(cell);
  }
  RESGUARDO_CHECK(slots.sync());
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(auto put, connection.prepare("UPDATE report SET slot = ? WHERE id = ?"));
  for (std::size_t at = 0; at < reports.size(); ++at) {
    RESGUARDO_TRY(const auto key, slots.key_of(cells[at], reports[at]));
    RESGUARDO_CHECK(wrap_headers_of(connection, reports[at], key));
    RESGUARDO_CHECK(put.run(cells[at], reports[at]));
  }
  RESGUARDO_CHECK(transaction.commit());
  for (const ReportId& report : reports) slots.confirm(report);
  return success();
}

Status use_incremental_vacuum(Connection& connection) {
  RESGUARDO_TRY(const auto mode, connection.number("PRAGMA auto_vacuum"));
  if (mode == kIncremental) return success();
  RESGUARDO_CHECK(connection.execute("PRAGMA auto_vacuum = INCREMENTAL; VACUUM"));
  return connection.truncate_wal();
}

Result<std::vector<MediaId>> media_of(Connection& connection,
                                      std::span<const SlotErasure> erasures) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT media FROM media WHERE report = ?"));
  std::vector<MediaId> all;
  for (const SlotErasure& erasure : erasures) {
    RESGUARDO_TRY(auto rows, query.query(erasure.report));
    RESGUARDO_TRY(const auto files, ids_in<MediaId>(std::move(rows)));
    all.insert(all.end(), files.begin(), files.end());
  }
  return all;
}

Status take_out(Connection& connection, std::span<const SlotErasure> erasures,
                RandomSource& random) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(auto rows, connection.prepare("DELETE FROM sealed_row WHERE segment IN"
                                              " (SELECT segment FROM segment WHERE report = ?)"));
  RESGUARDO_TRY(auto segments, connection.prepare("DELETE FROM segment WHERE report = ?"));
  RESGUARDO_TRY(auto receipts, connection.prepare("DELETE FROM receipt WHERE report = ?"));
  RESGUARDO_TRY(auto said, connection.prepare("DELETE FROM acknowledged WHERE report = ?"));
  RESGUARDO_TRY(auto media, connection.prepare("DELETE FROM media WHERE report = ?"));
  RESGUARDO_TRY(auto replies, connection.prepare("DELETE FROM reply WHERE report = ?"));
  RESGUARDO_TRY(auto links, connection.prepare("DELETE FROM link WHERE report = ?"));
  RESGUARDO_TRY(auto report, connection.prepare("DELETE FROM report WHERE id = ?"));
  RESGUARDO_TRY(auto log, connection.prepare(kLogOnce));
  for (const SlotErasure& erasure : erasures) {
    for (auto* statement : {&rows, &segments, &receipts, &said, &media, &replies, &links, &report})
      RESGUARDO_CHECK(statement->run(erasure.report));
    RESGUARDO_CHECK(log.run(random_row_id(random), erasure.entry, erasure.day.number));
  }
  return transaction.commit();
}

Result<std::uint32_t> slot_of(Connection& connection, const ReportId& report) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT slot FROM report WHERE id = ?"));
  RESGUARDO_TRY(auto rows, query.query(report));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return Error{Fault::kNotFound, "there is no such report"};
  if (rows.is_null(0)) return kBrokenSlotRow;
  return static_cast<std::uint32_t>(rows.integer(0));
}

Result<std::size_t> segments_of(Connection& connection, const ReportId& report) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT count(*) FROM segment WHERE report = ?"));
  RESGUARDO_TRY(auto rows, query.query(report));
  RESGUARDO_TRY(const bool found, rows.next());
  return found ? static_cast<std::size_t>(rows.integer(0)) : 0;
}

}  // namespace resguardo::storage
