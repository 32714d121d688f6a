// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/segment_packs.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_log.h"
#include "analyst/vault/vault_state.h"
#include "analyst/vault/withdrawal_judge.h"

namespace resguardo::analyst {
namespace {

Result<StoredSegment> segment_row(const sqlcipher::Rows& rows) {
  StoredSegment segment;
  RESGUARDO_TRY(segment.digest, id_column<Digest>(rows, 0));
  RESGUARDO_TRY(segment.report, id_column<ReportId>(rows, 1));
  segment.index = static_cast<std::uint32_t>(rows.integer(2));
  RESGUARDO_TRY(segment.form, id_column<Digest>(rows, 3));
  RESGUARDO_TRY(segment.roster, id_column<Digest>(rows, 4));
  segment.week.number = static_cast<std::int32_t>(rows.integer(5));
  segment.day.number = static_cast<std::int32_t>(rows.integer(6));
  segment.rows = static_cast<std::uint64_t>(rows.integer(7));
  segment.opened = static_cast<std::uint64_t>(rows.integer(8));
  segment.final = rows.integer(9) != 0;
  segment.roster_verdict = static_cast<RosterVerdict>(rows.integer(10));
  segment.chain = to_bytes(rows.bytes(11));
  segment.quorum = static_cast<std::uint8_t>(rows.integer(12));
  segment.combined = static_cast<std::uint8_t>(rows.integer(13));
  return segment;
}

Result<StoredFile> file_row(const sqlcipher::Rows& rows, const Digest& segment) {
  StoredFile file;
  file.segment = segment;
  RESGUARDO_TRY(file.media, id_column<MediaId>(rows, 0));
  file.chunks = static_cast<std::uint64_t>(rows.integer(1));
  file.here = static_cast<std::uint64_t>(rows.integer(2));
  file.state = static_cast<FileState>(rows.integer(3));
  return file;
}

// What its record says, and what came of it.
Result<std::vector<StoredFile>> files_of(sqlcipher::Connection& database,
                                         const std::vector<StoredSegment>& segments) {
  RESGUARDO_TRY(
      auto find,
      database.prepare("SELECT r.media, r.chunks, (SELECT count(*) FROM media_chunks AS c"
                       "  WHERE c.media = r.media AND c.number < r.chunks),"
                       " CASE WHEN m.segment = r.segment THEN m.state ELSE 0 END FROM media_records"
                       " AS r LEFT JOIN media AS m ON m.media = r.media"
                       " WHERE r.segment = ? AND r.lost = 0 ORDER BY r.media"));
  std::vector<StoredFile> files;
  for (const StoredSegment& segment : segments) {
    if (segment.index < kFirstAddendum) continue;
    RESGUARDO_TRY(auto rows, find.query(segment.digest));
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) break;
      RESGUARDO_TRY(auto file, file_row(rows, segment.digest));
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace

Result<std::vector<StoredSegment>> Vault::segments(const ReportId& id) {
  RESGUARDO_TRY(auto find, state_->database.prepare(
                               "SELECT digest, report, position, form, roster, week, day, rows, "
                               "opened, final, roster_verdict, chain, quorum, (SELECT "
                               "coalesce(sum(1 << stream), 0) FROM quorum_keys AS k WHERE "
                               "k.segment = digest) FROM segments "
                               "WHERE report = ? ORDER BY position, digest"));
  RESGUARDO_TRY(auto rows, find.query(id));
  std::vector<StoredSegment> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    RESGUARDO_TRY(auto segment, segment_row(rows));
    result.push_back(std::move(segment));
  }
}

namespace {

// Most reports have one segment that ends, and then there is nothing to ask.
Result<std::set<Digest>> new_receipts_of(Vault& vault, const StoredReport& report) {
  std::vector<SegmentChainOf> ends;
  for (const StoredSegment& segment : report.segments)
    if (const auto chain = Digest::from(segment.chain); chain && segment.index > 0)
      ends.push_back({segment.digest, *chain});
  if (ends.empty()) return std::set<Digest>();
  RESGUARDO_TRY(const auto entries, VaultLog(vault).about(report.id.view()));
  return segments_with_new_receipts(ends, entries);
}

}  // namespace

Result<StoredReport> Vault::report(const ReportId& id) {
  StoredReport report;
  report.id = id;
  RESGUARDO_TRY(auto find,
                state_->database.prepare("SELECT day, log_verdict, withdrawal_claimed,"
                                         " addendum_absent FROM reports WHERE report = ?"));
  RESGUARDO_TRY(auto rows, find.query(id));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return Error{Fault::kNotFound, "the vault holds no such report"};
  report.day.number = static_cast<std::int32_t>(rows.integer(0));
  report.log = static_cast<LogVerdict>(rows.integer(1));
  report.withdrawal_claimed = rows.integer(2) != 0;
  report.addendum_absent = rows.integer(3) != 0;
  RESGUARDO_TRY(report.segments, segments(id));
  RESGUARDO_TRY(report.new_receipts, new_receipts_of(*this, report));
  RESGUARDO_TRY(report.files, files_of(state_->database, report.segments));
  for (const StoredSegment& segment : report.segments) {
    const auto keep = [&](std::uint64_t sequence, StreamId stream, ByteView content) {
      report.records.push_back({segment.digest, sequence, stream, SecretBuffer(content)});
      return success();
    };
    RESGUARDO_CHECK(visit_records(state_->database, segment.digest, keep));
  }
  return report;
}

Result<std::vector<ReportId>> Vault::ids() {
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT report FROM reports ORDER BY report"));
  RESGUARDO_TRY(auto rows, all.query());
  std::vector<ReportId> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    RESGUARDO_TRY(const auto id, id_column<ReportId>(rows, 0));
    result.push_back(id);
  }
}

Status Vault::visit(const Visitor& visitor) {
  RESGUARDO_TRY(const auto all, ids());
  for (const ReportId& id : all) {
    RESGUARDO_TRY(const StoredReport stored, report(id));
    RESGUARDO_CHECK(visitor(stored));
  }
  return success();
}

}  // namespace resguardo::analyst
