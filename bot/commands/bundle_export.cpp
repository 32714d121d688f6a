// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bot/commands/archive.h"
#include "bot/commands/bundle_log.h"
#include "bot/commands/bundle_parts.h"
#include "bot/commands/log_days.h"
#include "crypto/base/hash.h"
#include "crypto/format/media_layout.h"
#include "crypto/log/segment_chain.h"
#include "proto/roster.pb.h"

namespace resguardo::commands {
namespace {

Result<pb::BundleHeader> header_of(storage::Store& store, TimePoint now) {
  RESGUARDO_TRY(auto origin, log_origin(store));
  pb::BundleHeader header;
  header.set_format(1);
  header.set_log_origin(std::move(origin));
  header.set_day(day_of(now).number);
  return header;
}

Status add_kept(std::vector<pb::BundleFrame>& frames, storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  for (const Bytes& roster : rosters)
    if (!frames.emplace_back().mutable_roster()->mutable_file()->ParseFromArray(
            roster.data(), static_cast<int>(roster.size())))
      return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
  RESGUARDO_TRY(const auto forms, kept(store, Kept::kQuestionnaire));
  for (const Bytes& form : forms) {
    auto& frame = *frames.emplace_back().mutable_questionnaire();
    frame.set_form(to_string(form));
    frame.set_digest(blake2b(form).str());
  }
  return success();
}

// What stands around the segments.
Result<BundleSurround> surroundings(storage::Store& store, TimePoint now,
                                    const ExportScope& scope) {
  BundleSurround surround;
  RESGUARDO_TRY(surround.header, header_of(store, now));
  surround.header.set_bundle_id(RowId().str());  // of its length; who writes gives another
  RESGUARDO_CHECK(add_kept(surround.before, store));
  RESGUARDO_CHECK(add_log(surround, store, scope.since));
  return surround;
}

Result<std::vector<storage::StoredReport>> reports_in(storage::Store& store,
                                                      const ExportScope& scope) {
  RESGUARDO_TRY(auto reports, store.reports());
  if (!scope.since) return reports;
  RESGUARDO_TRY(const auto sent, reports_before(store, *scope.since));
  std::erase_if(reports, [&](const auto& report) { return sent.contains(report.report); });
  return reports;
}

Status write_segment(PartWriter& parts, storage::Store& store, const storage::StoredReport& report,
                     const storage::StoredSegment& segment, ExportTotals& totals) {
  pb::BundleSegment sent;
  sent.set_header(to_string(segment.header));
  sent.set_rows(segment.rows);
  sent.set_day(report.closed.number);
  sent.set_closed(true);
  RESGUARDO_CHECK(parts.begin_segment(sent, segment_bytes(segment)));
  ++totals.segments;
  return store.rows(segment.segment, [&](std::uint64_t, ByteView row) -> Status {
    ++totals.rows;
    return parts.row(row);
  });
}

// Nothing: the report is damaged.
Result<std::optional<std::vector<storage::StoredSegment>>> readable_segments(
    storage::Store& store, const ReportId& report) {
  auto segments = store.segments(report);
  if (segments.ok()) return std::optional(std::move(segments).value());
  if (segments.error().fault != Fault::kMalformed && segments.error().fault != Fault::kUnauthentic)
    return segments.error();
  return std::optional<std::vector<storage::StoredSegment>>();
}

// What leaves of one report.
struct Leaving {
  std::vector<storage::StoredSegment> segments;
  std::vector<storage::StoredMedia> files;
};

// An addendum that came after the log was read goes with the next export: here it would be one that
// the log does not name.
Result<Leaving> leaving_of(storage::Store& store, const ReportId& report,
                           std::vector<storage::StoredSegment> segments,
                           const std::set<Digest>& logged) {
  Leaving leaving;
  std::vector<storage::StoredMedia> files;
  const bool has_addenda = std::ranges::any_of(
      segments, [](const auto& segment) { return segment.index >= kFirstAddendum; });
  if (has_addenda) {
    RESGUARDO_TRY(files, store.media(report));
  }
  for (auto& segment : segments) {
    if (segment.index >= kFirstAddendum) {
      const auto file = std::ranges::find(
          files, segment.index, [](const auto& one) { return addendum_index(one.media); });
      RESGUARDO_TRY(const Digest chain, chain_of(store, segment));
      std::vector<Digest> ciphertext;
      if (file != files.end()) ciphertext.push_back(file->ciphertext);
      if (!logged.contains(report_digest(std::array{chain}, ciphertext))) continue;
      if (file != files.end()) leaving.files.push_back(*file);
    }
    leaving.segments.push_back(std::move(segment));
  }
  return leaving;
}

Status write_report(PartWriter& parts, storage::Store& store, const storage::StoredReport& report,
                    const Leaving& leaving, ExportTotals& totals) {
  std::uint64_t bytes_of_segments = 0;
  for (const auto& segment : leaving.segments) bytes_of_segments += segment_bytes(segment);
  std::uint64_t bytes_of_files = 0;
  for (const auto& file : leaving.files) bytes_of_files += file_bytes(file);
  RESGUARDO_CHECK(parts.make_room(bytes_of_segments, bytes_of_files));
  for (const auto& segment : leaving.segments)
    RESGUARDO_CHECK(write_segment(parts, store, report, segment, totals));
  for (const auto& file : leaving.files) parts.add_file(file);
  totals.files += leaving.files.size();
  ++totals.reports;
  return success();
}

}  // namespace

Result<std::uint64_t> smallest_part(storage::Store& store, TimePoint now,
                                    const ExportScope& scope) {
  RESGUARDO_TRY(const BundleSurround surround, surroundings(store, now, scope));
  RESGUARDO_TRY(const auto reports, reports_in(store, scope));
  std::uint64_t largest = 0;
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, readable_segments(store, report.report));
    if (!segments) continue;
    for (const auto& segment : *segments) largest = std::max(largest, segment_bytes(segment));
    RESGUARDO_TRY(const auto files, store.media(report.report));
    for (const auto& file : files) largest = std::max(largest, chunk_bytes(file));
  }
  return surround.bytes() + largest;
}

Result<ExportTotals> write_parts(storage::Store& store, TimePoint now, RandomSource& ids,
                                 const PartPlan& plan, const ExportScope& scope) {
  RESGUARDO_TRY(BundleSurround surround, surroundings(store, now, scope));
  surround.header.set_bundle_id(ids.make<RowId>().str());
  PartWriter parts(surround, plan, [&store](const MediaId& file, const auto& visit) {
    return store.media_chunks(file, visit);
  });
  ExportTotals totals;
  RESGUARDO_TRY(const auto logged, logged_addenda(surround, store, scope.since));
  RESGUARDO_TRY(const auto reports, reports_in(store, scope));
  for (const auto& report : reports) {
    RESGUARDO_TRY(auto segments, readable_segments(store, report.report));
    if (!segments) ++totals.unreadable;
    if (!segments || segments->empty()) continue;  // or it has just been erased
    RESGUARDO_TRY(const Leaving leaving,
                  leaving_of(store, report.report, std::move(*segments), logged));
    RESGUARDO_CHECK(write_report(parts, store, report, leaving, totals));
  }
  RESGUARDO_CHECK(parts.finish());
  totals.parts = parts.parts();
  totals.chunks = parts.chunks();
  totals.unreadable_files = parts.unreadable_files();
  return totals;
}

Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out) {
  PartPlan plan;
  plan.next = [&out](std::uint32_t) -> Result<std::ostream*> { return &out; };
  return write_parts(store, now, ids, plan, {});
}

}  // namespace resguardo::commands
