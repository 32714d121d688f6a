// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "crypto/base/result.h"
#include "crypto/format/media_layout.h"
#include "proto/bundle.pb.h"

namespace resguardo {

// The one order frames of a bundle come in, and what was counted on the way: header, rosters,
// questionnaires, log entries, segments (each followed by exactly the rows it announced), media
// chunks (each file's in one run, in order, all but its last one full; a part after the first may
// begin inside a file), at most one checkpoint, end. Writer and reader hold each other to it.
class BundleOrder {
 public:
  // kMalformed: `frame` may not come here, or is an `end` whose totals are not what was counted.
  // After an error the object is of no more use.
  Status accept(const pb::BundleFrame& frame);
  bool ended() const { return phase_ == Phase::kEnd; }
  // What `end` must say; last_part is the writer's to set. Consecutive segments with one report id
  // count as one report.
  const pb::BundleEnd& totals() const { return totals_; }

 private:
  enum class Phase : std::uint8_t {
    kNothing,
    kHeader,
    kRosters,
    kQuestionnaires,
    kLog,
    kSegments,
    kMedia,
    kCheckpoint,
    kEnd
  };
  static std::optional<Phase> phase_of(const pb::BundleFrame& frame);
  Status accept_chunk(const pb::BundleMediaChunk& chunk);
  void count(const pb::BundleFrame& frame);
  void count_segment(const pb::BundleSegment& segment);

  Phase phase_ = Phase::kNothing;
  std::uint64_t rows_due_ = 0;
  std::string report_id_;
  std::uint32_t part_ = 0;
  std::set<MediaId> files_;
  std::optional<MediaId> file_;   // whose chunks are coming
  std::uint64_t next_chunk_ = 0;  // of it
  bool may_go_on_ = false;        // its last chunk was full
  pb::BundleEnd totals_;
};

}  // namespace resguardo
