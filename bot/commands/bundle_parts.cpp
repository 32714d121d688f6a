// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_parts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace resguardo::commands {
namespace {

constexpr std::uint64_t kMagicLine = 19;
constexpr std::uint64_t kMaxHeaderMore = 16;  // a part number, and longer lengths
// Tags, lengths and numbers around a header or a row, and what the file adds to a frame.
constexpr std::uint64_t kMaxSegmentMore = 64;
constexpr std::uint64_t kMaxRowMore = 12 + kFrameOverhead;
constexpr std::uint64_t kMaxChunkMore = 40 + kFrameOverhead;  // its file's id and number too
constexpr std::uint64_t kFullChunk = kMediaChunk + kMediaChunkOverhead;

std::uint64_t frame_bytes(const pb::BundleFrame& frame) {
  return frame.ByteSizeLong() + kFrameOverhead;
}

std::uint64_t frames_bytes(const std::vector<pb::BundleFrame>& frames) {
  std::uint64_t bytes = 0;
  for (const auto& frame : frames) bytes += frame_bytes(frame);
  return bytes;
}

}  // namespace

std::uint64_t segment_bytes(const storage::StoredSegment& segment) {
  return segment.header.size() + kMaxSegmentMore + segment.row_bytes + segment.rows * kMaxRowMore;
}

std::uint64_t file_bytes(const storage::StoredMedia& file) {
  const std::uint64_t chunks =
      std::max<std::uint64_t>(1, (file.bytes + kFullChunk - 1) / kFullChunk);
  return file.bytes + chunks * kMaxChunkMore;
}

std::uint64_t chunk_bytes(const storage::StoredMedia& file) {
  return std::min<std::uint64_t>(file.bytes, kFullChunk) + kMaxChunkMore;
}

std::uint64_t BundleSurround::bytes() const {
  std::uint64_t bytes = kMagicLine + header.ByteSizeLong() + kMaxHeaderMore + kFrameOverhead;
  return bytes + frames_bytes(before) + frames_bytes(after) + kMaxEndFrame;
}

PartWriter::PartWriter(const BundleSurround& surround, const PartPlan& plan, FileSource files)
    : surround_(surround),
      plan_(plan),
      around_(surround.bytes()),
      after_(frames_bytes(surround.after)),
      source_(std::move(files)) {}

bool PartWriter::fits(std::uint64_t bytes) const {
  const std::uint64_t taken =
      (writer_ ? writer_->written() + kMaxEndFrame + after_ : around_) + reserved_;
  return taken <= plan_.bytes && bytes <= plan_.bytes - taken;
}

bool PartWriter::fits_alone(std::uint64_t bytes) const {
  return around_ <= plan_.bytes && bytes <= plan_.bytes - around_;
}

Status PartWriter::begin_part() {
  RESGUARDO_TRY(std::ostream * out, plan_.next(parts_));
  writer_.emplace(*out);
  segments_ = 0;
  pb::BundleFrame first;
  *first.mutable_header() = surround_.header;
  first.mutable_header()->set_part(parts_++);
  RESGUARDO_CHECK(writer_->write(first));
  for (const auto& frame : surround_.before) RESGUARDO_CHECK(writer_->write(frame));
  return success();
}

Status PartWriter::end_part(bool last) {
  RESGUARDO_CHECK(write_files());
  return close_part(last);
}

Status PartWriter::close_part(bool last) {
  for (const auto& frame : surround_.after) RESGUARDO_CHECK(writer_->write(frame));
  RESGUARDO_CHECK(writer_->finish(last));
  const bool too_long = writer_->written() > plan_.bytes;
  writer_.reset();
  if (too_long) return Error{Fault::kRefused, "a part became larger than it may be"};
  return success();
}

Status PartWriter::make_room(std::uint64_t segments, std::uint64_t files) {
  if (!writer_ || segments_ == 0) return success();
  for (const std::uint64_t bytes : {segments + files, segments}) {
    if (fits(bytes)) return success();
    if (fits_alone(bytes)) return end_part(false);
  }
  return success();  // fits nowhere whole
}

Status PartWriter::begin_segment(const pb::BundleSegment& segment, std::uint64_t bytes) {
  if (writer_ && segments_ > 0 && !fits(bytes)) RESGUARDO_CHECK(end_part(false));
  if (!fits(bytes))
    return Error{Fault::kRefused, "a part of this size cannot hold the largest segment"};
  if (!writer_) RESGUARDO_CHECK(begin_part());
  ++segments_;
  pb::BundleFrame frame;
  *frame.mutable_segment() = segment;
  return writer_->write(frame);
}

Status PartWriter::row(ByteView row) {
  pb::BundleFrame frame;
  frame.mutable_row()->set_row(to_string(row));
  return writer_->write(frame);
}

void PartWriter::add_file(const storage::StoredMedia& file) {
  files_.push_back(file);
  reserved_ += file_bytes(file);
}

Status PartWriter::write_files() {
  reserved_ = 0;
  for (const auto& file : std::exchange(files_, {})) RESGUARDO_CHECK(write_file(file.media));
  return success();
}

// A file that cannot be read does not keep the others here: who reads the bundle sees that its end
// did not come.
Status PartWriter::write_file(const MediaId& file) {
  Status written = success();
  const Status read = source_(file, [&](std::uint64_t index, ByteView sealed) -> Status {
    if (sealed.size() < kMediaChunkOverhead || sealed.size() > kFullChunk)
      return Error{Fault::kMalformed, "a sealed file is damaged in the store"};
    written = write_chunk(file, index, sealed);
    return written;
  });
  if (!written.ok()) return written;
  if (!read.ok()) ++unreadable_files_;
  return success();
}

Status PartWriter::write_chunk(const MediaId& file, std::uint64_t index, ByteView sealed) {
  if (index > std::numeric_limits<std::uint32_t>::max())
    return Error{Fault::kRefused, "a file has more chunks than a bundle can count"};
  pb::BundleFrame frame;
  auto& chunk = *frame.mutable_media_chunk();
  chunk.set_media_id(file.str());
  chunk.set_index(static_cast<std::uint32_t>(index));
  chunk.set_ciphertext(to_string(sealed));
  const std::uint64_t bytes = frame_bytes(frame);
  if (!fits(bytes)) {
    RESGUARDO_CHECK(close_part(false));
    RESGUARDO_CHECK(begin_part());
    if (!fits(bytes))
      return Error{Fault::kRefused, "a part of this size cannot hold a chunk of a file"};
  }
  ++chunks_;
  return writer_->write(frame);
}

Status PartWriter::finish() {
  if (!writer_) RESGUARDO_CHECK(begin_part());
  return end_part(true);
}

}  // namespace resguardo::commands
