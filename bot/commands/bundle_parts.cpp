// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_parts.h"

namespace resguardo::commands {
namespace {

constexpr std::uint64_t kMagicLine = 19;
constexpr std::uint64_t kMaxHeaderMore = 16;  // a part number, and longer lengths
// Tags, lengths and numbers around a header or a row, and what the file adds to a frame.
constexpr std::uint64_t kMaxSegmentMore = 64;
constexpr std::uint64_t kMaxRowMore = 12 + kFrameOverhead;

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

std::uint64_t BundleSurround::bytes() const {
  std::uint64_t bytes = kMagicLine + header.ByteSizeLong() + kMaxHeaderMore + kFrameOverhead;
  return bytes + frames_bytes(before) + frames_bytes(after) + kMaxEndFrame;
}

PartWriter::PartWriter(const BundleSurround& surround, const PartPlan& plan)
    : surround_(surround),
      plan_(plan),
      around_(surround.bytes()),
      after_(frames_bytes(surround.after)) {}

bool PartWriter::fits(std::uint64_t bytes) const {
  const std::uint64_t taken = writer_ ? writer_->written() + kMaxEndFrame + after_ : around_;
  return taken <= plan_.bytes && bytes <= plan_.bytes - taken;
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
  for (const auto& frame : surround_.after) RESGUARDO_CHECK(writer_->write(frame));
  RESGUARDO_CHECK(writer_->finish(last));
  const bool too_long = writer_->written() > plan_.bytes;
  writer_.reset();
  if (too_long) return Error{Fault::kRefused, "a part became larger than it may be"};
  return success();
}

Status PartWriter::make_room(std::uint64_t bytes) {
  if (!writer_ || segments_ == 0 || fits(bytes)) return success();
  if (around_ > plan_.bytes || bytes > plan_.bytes - around_)
    return success();  // fits nowhere whole
  return end_part(false);
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

Status PartWriter::finish() {
  if (!writer_) RESGUARDO_CHECK(begin_part());
  return end_part(true);
}

}  // namespace resguardo::commands
