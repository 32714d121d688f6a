// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes out of the seal: anyone can write it. Each piece is one record of a report; as a view,
// as JSON and as a table nothing may go wrong with it.
#include <boost/json.hpp>

#include "analyst/report/report_json.h"
#include "analyst/report/report_view.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/record_parser.h"
#include "tests/fuzz/require.h"

using namespace resguardo;
using fuzzing::require;

namespace {

void check_record(const pb::Record& record, ByteView bytes) {
  require(equal(serialize_canonical(record), bytes));
  require(record.salt().size() == 16 && record.entries_size() >= 1);
  require(record.entries_size() <= open::kMaxEntries);
  require(record.time_ms() >= 0 && record.time_ms() < open::kMaxTimeMs);
}

analyst::StoredReport report_of(ByteView input) {
  constexpr std::size_t kMost = 64;
  analyst::StoredReport report;
  analyst::StoredSegment segment;
  fuzzing::Pieces pieces(input);
  while (!pieces.done() && report.records.size() < kMost) {
    const ByteView piece = pieces.next();
    const std::size_t at = report.records.size();
    report.records.push_back({segment.digest, at / 2, kStreams.at(at % 2), SecretBuffer(piece)});
  }
  segment.rows = segment.opened = (report.records.size() + 1) / 2;
  report.segments.push_back(std::move(segment));
  return report;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(fuzzing::sodium_ready());
  const ByteView input(data, size);
  const SecretBuffer alone(input);
  if (const auto record = open::parse_record(alone); record.ok()) check_record(*record, input);

  const analyst::StoredReport stored = report_of(input);
  const analyst::ReportView view = analyst::view_of(stored);
  const std::string json = boost::json::serialize(analyst::report_json(view, {}));
  boost::json::error_code error;
  (void)boost::json::parse(json, error);
  require(!error);
  require(json == boost::json::serialize(analyst::report_json(analyst::view_of(stored), {})));
  return 0;
}
