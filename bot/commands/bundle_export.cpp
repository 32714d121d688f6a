// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"

#include <algorithm>

#include "bot/commands/archive.h"
#include "bot/commands/bundle_log.h"
#include "bot/commands/bundle_parts.h"
#include "bot/commands/log_days.h"
#include "crypto/base/hash.h"
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
  }
  return surround.bytes() + largest;
}

Result<ExportTotals> write_parts(storage::Store& store, TimePoint now, RandomSource& ids,
                                 const PartPlan& plan, const ExportScope& scope) {
  RESGUARDO_TRY(BundleSurround surround, surroundings(store, now, scope));
  surround.header.set_bundle_id(ids.make<RowId>().str());
  PartWriter parts(surround, plan);
  ExportTotals totals;
  RESGUARDO_TRY(const auto reports, reports_in(store, scope));
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, readable_segments(store, report.report));
    if (!segments) ++totals.unreadable;
    if (!segments || segments->empty()) continue;  // or it has just been erased
    std::uint64_t bytes = 0;
    for (const auto& segment : *segments) bytes += segment_bytes(segment);
    RESGUARDO_CHECK(parts.make_room(bytes));
    for (const auto& segment : *segments)
      RESGUARDO_CHECK(write_segment(parts, store, report, segment, totals));
    ++totals.reports;
  }
  RESGUARDO_CHECK(parts.finish());
  totals.parts = parts.parts();
  return totals;
}

Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out) {
  PartPlan plan;
  plan.next = [&out](std::uint32_t) -> Result<std::ostream*> { return &out; };
  return write_parts(store, now, ids, plan, {});
}

}  // namespace resguardo::commands
