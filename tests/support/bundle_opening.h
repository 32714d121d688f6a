// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <vector>

#include "crypto/open/analyst_keys.h"
#include "crypto/open/segment_reader.h"
#include "proto/record.pb.h"

namespace resguardo::testing_support {

struct OpenedReport {
  ReportId report;
  std::vector<pb::Record> testimony;  // in order, paddings too
  std::vector<pb::Record> identity;
  std::uint32_t segments = 0;
  std::uint32_t interrupted = 0;  // segments without FINAL
  bool whole = false;             // the last record is a Final
  // Entries that are neither padding, pause nor final.
  std::size_t entries() const;
};

// Opens a segment's next row into its report. Throws when it does not open or parse.
void open_row(open::SegmentReader& segment, ByteView row, OpenedReport& into);

// Everything in a bundle, opened by one analyst. Throws when anything does not open or parse.
std::vector<OpenedReport> open_bundle(std::istream& bundle, const open::AnalystKeys& keys);

}  // namespace resguardo::testing_support
