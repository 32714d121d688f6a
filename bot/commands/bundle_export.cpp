// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"

#include "bot/commands/archive.h"
#include "crypto/base/hash.h"
#include "crypto/format/bundle.h"

namespace resguardo::commands {
namespace {

Status write_header(BundleWriter& bundle, TimePoint now, RandomSource& ids) {
  pb::BundleFrame frame;
  auto* header = frame.mutable_header();
  header->set_format(1);
  header->set_day(day_of(now).number);
  header->set_bundle_id(ids.make<RowId>().str());
  return bundle.write(frame);
}

Status write_kept(BundleWriter& bundle, storage::Store& store) {
  RESGUARDO_TRY(const auto rosters, kept(store, Kept::kRoster));
  for (const Bytes& roster : rosters) {
    pb::BundleFrame frame;
    if (!frame.mutable_roster()->mutable_file()->ParseFromArray(roster.data(),
                                                                static_cast<int>(roster.size())))
      return Error{Fault::kMalformed, "a roster that the store kept is damaged"};
    RESGUARDO_CHECK(bundle.write(frame));
  }
  RESGUARDO_TRY(const auto forms, kept(store, Kept::kQuestionnaire));
  for (const Bytes& form : forms) {
    pb::BundleFrame frame;
    frame.mutable_questionnaire()->set_form(to_string(form));
    frame.mutable_questionnaire()->set_digest(blake2b(form).str());
    RESGUARDO_CHECK(bundle.write(frame));
  }
  return success();
}

Status write_segment(BundleWriter& bundle, storage::Store& store,
                     const storage::StoredReport& report, const storage::StoredSegment& segment,
                     ExportTotals& totals) {
  pb::BundleFrame frame;
  auto* head = frame.mutable_segment();
  head->set_header(to_string(segment.header));
  head->set_rows(segment.rows);
  head->set_day(report.closed.number);
  head->set_closed(true);
  RESGUARDO_CHECK(bundle.write(frame));
  ++totals.segments;
  return store.rows(segment.segment, [&](std::uint64_t, ByteView row) -> Status {
    pb::BundleFrame one;
    one.mutable_row()->set_row(to_string(row));
    ++totals.rows;
    return bundle.write(one);
  });
}

Status write_log(BundleWriter& bundle, storage::Store& store) {
  RESGUARDO_TRY(const auto entries, store.log_entries());
  std::uint64_t index = 0;
  for (const Bytes& entry : entries) {
    pb::BundleFrame frame;
    frame.mutable_log_entry()->set_index(index++);
    frame.mutable_log_entry()->set_entry(to_string(entry));
    RESGUARDO_CHECK(bundle.write(frame));
  }
  return success();
}

}  // namespace

Result<ExportTotals> write_bundle(storage::Store& store, TimePoint now, RandomSource& ids,
                                  std::ostream& out) {
  BundleWriter bundle(out);
  ExportTotals totals;
  RESGUARDO_CHECK(write_header(bundle, now, ids));
  RESGUARDO_CHECK(write_kept(bundle, store));
  RESGUARDO_CHECK(write_log(bundle, store));
  RESGUARDO_TRY(const auto reports, store.reports());
  for (const auto& report : reports) {
    RESGUARDO_TRY(const auto segments, store.segments(report.report));
    for (const auto& segment : segments)
      RESGUARDO_CHECK(write_segment(bundle, store, report, segment, totals));
    ++totals.reports;
  }
  RESGUARDO_CHECK(bundle.finish(true));
  return totals;
}

}  // namespace resguardo::commands
