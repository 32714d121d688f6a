// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analyst/report/stored_report.h"
#include "crypto/format/strict_parse.h"
#include "proto/record.pb.h"

namespace resguardo::testing_support {

inline Digest sample_digest(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

inline pb::Answer sample_answer(const std::string& node, const std::string& text,
                                std::uint32_t part = 0) {
  pb::Answer answer;
  answer.set_node(node);
  answer.set_text(text);
  answer.set_part(part);
  return answer;
}

// A stored report without any sealing: segments and records as the vault gives them.
class SampleReport {
 public:
  SampleReport() {
    stored.id.bytes.fill(0xAB);
    stored.day = Day{20000};
    stored.log = analyst::LogVerdict::kFits;
  }
  SampleReport& segment(std::uint8_t name, std::uint32_t index, bool final = true) {
    analyst::StoredSegment& made = stored.segments.emplace_back();
    made.digest = sample_digest(name);
    made.report = stored.id;
    made.index = index;
    made.final = final;
    made.roster_verdict = analyst::RosterVerdict::kFits;
    return *this;
  }
  // A row of the segment named last.
  SampleReport& row(const std::vector<pb::Entry>& testimony,
                    const std::vector<pb::Entry>& identity = {}, const std::string& message = "") {
    analyst::StoredSegment& segment = stored.segments.back();
    put(segment, StreamId::kTestimony, testimony, message);
    put(segment, StreamId::kIdentity, identity, message);
    ++segment.rows;
    ++segment.opened;
    return *this;
  }
  SampleReport& say(const pb::Answer& answer, const std::string& message = "") {
    pb::Entry entry;
    *entry.mutable_answer() = answer;
    return row({entry}, {}, message);
  }
  analyst::StoredReport stored;

 private:
  void put(const analyst::StoredSegment& segment, StreamId stream,
           const std::vector<pb::Entry>& entries, const std::string& message) {
    pb::Record record;
    record.set_salt(std::string(16, 's'));
    record.set_time_ms(1'728'000'000'000);
    record.set_message_id(message);
    for (const pb::Entry& entry : entries) *record.add_entries() = entry;
    if (entries.empty()) record.add_entries()->mutable_padding();
    stored.records.push_back(
        {segment.digest, segment.opened, stream, SecretBuffer(serialize_canonical(record))});
  }
};

}  // namespace resguardo::testing_support
