// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "bot/commands/bundle_export.h"
#include "crypto/format/bundle.h"
#include "proto/bundle.pb.h"

namespace resguardo::commands {

// What every part of a bundle holds beside segments.
struct BundleSurround {
  pb::BundleHeader header;              // its part number is set by who writes
  std::vector<pb::BundleFrame> before;  // rosters, questionnaires, log
  std::vector<pb::BundleFrame> after;   // checkpoint
  std::uint64_t bytes() const;          // of a part without any segment, at most
};

// The most bytes a segment takes in a bundle, with its rows.
std::uint64_t segment_bytes(const storage::StoredSegment& segment);

// Writes segments into part after part.
class PartWriter {
 public:
  // Both outlive it.
  PartWriter(const BundleSurround& surround, const PartPlan& plan);

  // Before the segments of a report, which take `bytes` together: they stay in one part if one
  // can hold them.
  Status make_room(std::uint64_t bytes);
  // kRefused: no part can hold it.
  Status begin_segment(const pb::BundleSegment& segment, std::uint64_t bytes);
  Status row(ByteView row);
  Status finish();  // also when there was no segment
  std::uint32_t parts() const { return parts_; }

 private:
  bool fits(std::uint64_t bytes) const;
  Status begin_part();
  Status end_part(bool last);

  const BundleSurround& surround_;
  const PartPlan& plan_;
  const std::uint64_t around_;  // bytes of a part without segments; as long as the log is
  const std::uint64_t after_;   // of them, what follows the segments
  std::optional<BundleWriter> writer_;
  std::uint32_t parts_ = 0;
  std::uint64_t segments_ = 0;  // of this part
};

}  // namespace resguardo::commands
