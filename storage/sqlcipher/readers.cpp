// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/readers.h"

#include "storage/header_wrap.h"
#include "storage/sqlcipher/report_return.h"
#include "storage/sqlcipher/report_slots.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;

namespace {

constexpr Error kBrokenReportRow = {Fault::kMalformed,
                                    "a row of the report store does not make sense"};

std::uint64_t unsigned_in(const sqlcipher::Rows& rows, int column) {
  return static_cast<std::uint64_t>(rows.integer(column));
}

}  // namespace

JournalReader::JournalReader(Connection connection, Statement state, JournalChain chain,
                             JournalIds ids)
    : connection_(std::move(connection)),
      state_(std::move(state)),
      chain_(std::move(chain)),
      ids_(std::move(ids)) {}

Result<JournalReader> JournalReader::open(const std::filesystem::path& file,
                                          const SecretBytes& key) {
  RESGUARDO_TRY(auto db, Connection::open(file, key, {.read_only = true}));
  RESGUARDO_TRY(auto state, db.prepare("SELECT day, counter, state FROM turn"
                                       " WHERE position = ? AND tag = ?"));
  RESGUARDO_TRY(auto chain, JournalChain::prepare(db));
  RESGUARDO_TRY(auto ids, JournalIds::prepare(db));
  return JournalReader(std::move(db), std::move(state), std::move(chain), std::move(ids));
}

Result<std::optional<JournalReader::State>> JournalReader::state(std::uint64_t position,
                                                                 const ConversationTag& tag) {
  RESGUARDO_TRY(auto rows, state_.query(position, tag));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<State>();
  return std::optional(State{Day{static_cast<std::int32_t>(rows.integer(0))},
                             {unsigned_in(rows, 1), to_bytes(rows.bytes(2))}});
}

Result<SealedPart> JournalReader::parts(const ReportId& report, std::uint64_t newest) {
  return chain_.parts(report, newest);
}

Result<std::uint64_t> JournalReader::bytes_in_use() {
  RESGUARDO_TRY(const auto pages, connection_.number("PRAGMA page_count"));
  RESGUARDO_TRY(const auto free, connection_.number("PRAGMA freelist_count"));
  RESGUARDO_TRY(const auto size, connection_.number("PRAGMA page_size"));
  return static_cast<std::uint64_t>((pages - free) * size);
}

Result<ReportReader> ReportReader::open(const std::filesystem::path& file, const SecretBytes& key,
                                        std::shared_ptr<const SlotFile> slots) {
  RESGUARDO_TRY(auto db, Connection::open(file, key, {.read_only = true}));
  return ReportReader(std::move(db), std::move(slots));
}

// Nothing: there is no such report, or it has just been erased.
Result<std::optional<SecretBytes>> ReportReader::key_of(const ReportId& report) {
  const auto cell = slot_of(connection_, report);
  if (!cell.ok() && cell.error().fault == Fault::kNotFound) return std::optional<SecretBytes>();
  if (!cell.ok()) return cell.error();
  auto key = slots_->key_of(*cell, report);
  if (key.ok()) return std::optional(std::move(key).value());
  if (key.error().fault == Fault::kNotFound) return std::optional<SecretBytes>();
  const auto now = slot_of(connection_, report);
  if (!now.ok() && now.error().fault == Fault::kNotFound) return std::optional<SecretBytes>();
  return key.error();
}

Result<std::vector<StoredReport>> ReportReader::reports() {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT id, closed FROM report ORDER BY id"));
  RESGUARDO_TRY(auto rows, query.query());
  std::vector<StoredReport> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    const auto id = ReportId::from(rows.bytes(0));
    if (!id) return kBrokenReportRow;
    found.push_back({*id, Day{static_cast<std::int32_t>(rows.integer(1))}});
  }
}

Result<std::vector<StoredSegment>> ReportReader::segments(const ReportId& report) {
  RESGUARDO_TRY(const auto key, key_of(report));
  if (!key) return std::vector<StoredSegment>();
  RESGUARDO_TRY(auto query, connection_.prepare(
                                "SELECT s.segment, s.ordinal, s.header,"
                                " count(r.id), coalesce(sum(length(r.sealed)), 0)"
                                " FROM segment s LEFT JOIN sealed_row r ON r.segment = s.segment"
                                " WHERE s.report = ? GROUP BY s.id ORDER BY s.ordinal, s.segment"));
  RESGUARDO_TRY(auto rows, query.query(report));
  std::vector<StoredSegment> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    const auto segment = Digest::from(rows.bytes(0));
    if (!segment) return kBrokenReportRow;
    const auto ordinal = static_cast<std::uint32_t>(rows.integer(1));
    RESGUARDO_TRY(auto header, unwrap_header(rows.bytes(2), {report, ordinal, *segment}, *key));
    found.push_back(
        {*segment, ordinal, std::move(header), unsigned_in(rows, 3), unsigned_in(rows, 4)});
  }
}

Status ReportReader::rows(const Digest& segment, const Store::RowVisitor& visit) {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT sequence, sealed FROM sealed_row"
                                                " WHERE segment = ? ORDER BY sequence"));
  RESGUARDO_TRY(auto rows, query.query(segment));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_CHECK(visit(unsigned_in(rows, 0), rows.bytes(1)));
  }
}

namespace {

Result<std::vector<StoredMedia>> stored_media_in(sqlcipher::Rows rows) {
  std::vector<StoredMedia> all;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return all;
    const auto id = MediaId::from(rows.bytes(0));
    const auto report = ReportId::from(rows.bytes(1));
    const auto ciphertext = Digest::from(rows.bytes(3));
    if (!id || !report || !ciphertext) return kBrokenReportRow;
    all.push_back({*id, *report, unsigned_in(rows, 2), *ciphertext});
  }
}

}  // namespace

Result<std::vector<StoredMedia>> ReportReader::media(const ReportId& report) {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT media, report, bytes, ciphertext"
                                                " FROM media WHERE report = ?"));
  RESGUARDO_TRY(auto rows, query.query(report));
  return stored_media_in(std::move(rows));
}

Result<std::vector<StoredMedia>> ReportReader::all_media() {
  RESGUARDO_TRY(auto query,
                connection_.prepare("SELECT media, report, bytes, ciphertext FROM media"));
  RESGUARDO_TRY(auto rows, query.query());
  return stored_media_in(std::move(rows));
}

Result<std::vector<StoredReply>> ReportReader::replies(const ReportId& report) {
  RESGUARDO_TRY(const auto key, key_of(report));
  if (!key) return std::vector<StoredReply>();
  return stored_replies(connection_, report, *key);
}

// One of a report whose key is gone, or damaged, is nobody's.
Result<std::optional<StoredLink>> ReportReader::link(std::span<const LinkTag> tags) {
  return stored_link(connection_, tags, [this](const ReportId& report) { return key_of(report); });
}

Result<std::optional<ReceiptFound>> ReportReader::receipt(const ReceiptLookup& lookup) {
  RESGUARDO_TRY(auto found, stored_receipt(connection_, lookup));
  if (!found) return found;
  const auto key = key_of(found->report);
  if (!key.ok() && key.error().fault == Fault::kUnavailable) return key.error();
  if (key.ok() && !*key) return std::optional<ReceiptFound>();
  return found;
}

Result<std::optional<Bytes>> ReportReader::fact(std::string_view name) {
  RESGUARDO_TRY(auto query, connection_.prepare("SELECT value FROM fact WHERE name = ?"));
  RESGUARDO_TRY(auto rows, query.query(name));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<Bytes>();
  return std::optional(to_bytes(rows.bytes(0)));
}

}  // namespace resguardo::storage
