// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
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
// The most bytes that a sealed file takes, and the largest of its chunks.
std::uint64_t file_bytes(const storage::StoredMedia& file);
std::uint64_t chunk_bytes(const storage::StoredMedia& file);

// Writes segments into part after part, and behind those of each part the files of their reports.
class PartWriter {
 public:
  // Gives a file's sealed chunks, in order.
  using FileSource = std::function<Status(const MediaId&, const storage::Store::ChunkVisitor&)>;
  // The first two outlive it.
  PartWriter(const BundleSurround& surround, const PartPlan& plan, FileSource files = {});

  // Before the segments of a report, which take so many bytes together, and its files: they stay in
  // one part if one can hold them, else at least its segments.
  Status make_room(std::uint64_t segments, std::uint64_t files = 0);
  // kRefused: no part can hold it.
  Status begin_segment(const pb::BundleSegment& segment, std::uint64_t bytes);
  Status row(ByteView row);
  // After the segments of its report. It is read when its part ends; where there is no room for all
  // of it, it goes on in the next one.
  void add_file(const storage::StoredMedia& file);
  Status finish();  // also when there was no segment
  std::uint32_t parts() const { return parts_; }
  std::uint64_t chunks() const { return chunks_; }
  // Files that were not there or could not be read to their end.
  std::uint64_t unreadable_files() const { return unreadable_files_; }

 private:
  bool fits(std::uint64_t bytes) const;
  bool fits_alone(std::uint64_t bytes) const;
  Status begin_part();
  Status end_part(bool last);
  Status close_part(bool last);
  Status write_files();
  Status write_file(const MediaId& file);
  Status write_chunk(const MediaId& file, std::uint64_t index, ByteView sealed);

  const BundleSurround& surround_;
  const PartPlan& plan_;
  const std::uint64_t around_;  // bytes of a part without segments; as long as the log is
  const std::uint64_t after_;   // of them, what follows the segments
  std::optional<BundleWriter> writer_;
  std::uint32_t parts_ = 0;
  std::uint64_t segments_ = 0;  // of this part
  const FileSource source_;
  std::vector<storage::StoredMedia> files_;  // that wait for the end of this part
  std::uint64_t reserved_ = 0;               // bytes for them
  std::uint64_t chunks_ = 0;
  std::uint64_t unreadable_files_ = 0;
};

}  // namespace resguardo::commands
