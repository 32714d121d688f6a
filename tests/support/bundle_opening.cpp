// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/bundle_opening.h"

#include <optional>
#include <stdexcept>

#include "crypto/format/bundle.h"
#include "crypto/open/record_parser.h"
#include "crypto/open/segment_reader.h"

namespace resguardo::testing_support {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().why.c_str());
  return std::move(result).value();
}

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
      const auto row = must(segment->next(as_bytes(frame.row().row())));
      OpenedReport& report = report_of(reports, current);
      report.testimony.push_back(must(open::parse_record(row.testimony)));
      report.identity.push_back(must(open::parse_record(row.identity)));
      const auto& last = report.testimony.back();
      report.whole = last.entries_size() > 0 && last.entries(0).has_final();
    } else {
      end_segment();
    }
  }
  return reports;
}

}  // namespace resguardo::testing_support
