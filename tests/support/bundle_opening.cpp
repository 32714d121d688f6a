// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/bundle_opening.h"

#include <optional>
#include <stdexcept>

#include "crypto/format/bundle.h"
#include "crypto/format/media_layout.h"
#include "crypto/open/record_parser.h"
#include "tests/support/must.h"

namespace resguardo::testing_support {
namespace {

OpenedReport& report_of(std::vector<OpenedReport>& reports, const ReportId& id) {
  for (OpenedReport& report : reports)
    if (report.report == id) return report;
  OpenedReport& report = reports.emplace_back();
  report.report = id;
  return report;
}

}  // namespace

std::size_t OpenedReport::entries() const {
  std::size_t count = 0;
  for (const auto* stream : {&testimony, &identity})
    for (const pb::Record& record : *stream)
      for (const pb::Entry& entry : record.entries())
        if (!entry.has_padding() && !entry.has_pause() && !entry.has_final()) ++count;
  return count;
}

void open_row(open::SegmentReader& segment, ByteView row, OpenedReport& into) {
  const auto opened = must(segment.next(row));
  into.testimony.push_back(must(open::parse_record(opened.testimony)));
  into.identity.push_back(must(open::parse_record(opened.identity)));
  if (segment.claims().index >= kFirstAddendum) return;  // it ends nothing
  const auto& last = into.testimony.back();
  into.whole = last.entries_size() > 0 && last.entries(0).has_final();
}

std::vector<OpenedReport> open_bundle(std::istream& bundle, const open::AnalystKeys& keys) {
  BundleReader reader(bundle);
  std::vector<OpenedReport> reports;
  std::optional<open::SegmentReader> segment;
  ReportId current;
  const auto end_segment = [&] {
    if (segment && !segment->finished()) ++report_of(reports, current).interrupted;
    segment.reset();
  };
  while (!reader.finished()) {
    const pb::BundleFrame frame = must(reader.next());
    if (frame.has_segment()) {
      end_segment();
      segment = must(open::SegmentReader::begin(as_bytes(frame.segment().header()), keys));
      current = segment->claims().report;
      ++report_of(reports, current).segments;
    } else if (frame.has_row()) {
      open_row(*segment, as_bytes(frame.row().row()), report_of(reports, current));
    } else {
      end_segment();
    }
  }
  return reports;
}

}  // namespace resguardo::testing_support
