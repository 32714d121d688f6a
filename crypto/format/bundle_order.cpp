// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/bundle_order.h"

#include "proto/envelope.pb.h"

namespace resguardo {
namespace {

using Frame = pb::BundleFrame;

// Only to count reports: a header that does not parse is shown as such when it is opened, and must
// not make the rest of the bundle unreadable.
std::string report_id_of(const pb::BundleSegment& segment) {
  pb::SegmentHeader header;
  return header.ParseFromString(segment.header()) ? header.report_id() : std::string();
}

bool same_totals(const pb::BundleEnd& a, const pb::BundleEnd& b) {
  return a.rosters() == b.rosters() && a.questionnaires() == b.questionnaires() &&
         a.reports() == b.reports() && a.segments() == b.segments() && a.rows() == b.rows() &&
         a.log_entries() == b.log_entries() && a.media_chunks() == b.media_chunks();
}

}  // namespace

std::optional<BundleOrder::Phase> BundleOrder::phase_of(const Frame& frame) {
  switch (frame.frame_case()) {
    case Frame::kHeader:
      return Phase::kHeader;
    case Frame::kRoster:
      return Phase::kRosters;
    case Frame::kQuestionnaire:
      return Phase::kQuestionnaires;
    case Frame::kLogEntry:
      return Phase::kLog;
    case Frame::kSegment:
    case Frame::kRow:
      return Phase::kSegments;
    case Frame::kMediaChunk:
      return Phase::kMedia;
    case Frame::kCheckpoint:
      return Phase::kCheckpoint;
    case Frame::kEnd:
      return Phase::kEnd;
    case Frame::FRAME_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

Status BundleOrder::accept(const Frame& frame) {
  const auto phase = phase_of(frame);
  if (!phase) return Error{Fault::kMalformed, "an empty frame"};
  if ((phase_ == Phase::kNothing) != (*phase == Phase::kHeader))
    return Error{Fault::kMalformed, "a bundle begins with its one header"};
  if (*phase == Phase::kHeader && frame.header().format() != 1)
    return Error{Fault::kMalformed, "a bundle of another format"};
  if (frame.has_row() != (rows_due_ > 0))
    return Error{Fault::kMalformed, "a segment is followed by exactly the rows it announced"};
  const bool again = *phase == phase_;
  if (*phase < phase_ || (again && (ended() || *phase == Phase::kCheckpoint)))
    return Error{Fault::kMalformed, "a frame that comes too late in the bundle"};
  if (frame.has_end() && !same_totals(frame.end(), totals_))
    return Error{Fault::kMalformed, "the bundle's totals are not what it holds"};
  if (frame.has_header()) part_ = frame.header().part();
  if (frame.has_media_chunk()) RESGUARDO_CHECK(accept_chunk(frame.media_chunk()));
  phase_ = *phase;
  count(frame);
  return success();
}

Status BundleOrder::accept_chunk(const pb::BundleMediaChunk& chunk) {
  const auto id = MediaId::from(as_bytes(chunk.media_id()));
  if (!id) return Error{Fault::kMalformed, "a chunk of a file without an id"};
  constexpr std::size_t kFull = kMediaChunk + kMediaChunkOverhead;
  if (chunk.ciphertext().size() > kFull)
    return Error{Fault::kMalformed, "a chunk that is larger than any"};
  if (file_ == *id) {
    if (!may_go_on_) return Error{Fault::kMalformed, "a chunk after the last one of its file"};
    if (chunk.index() != next_chunk_)
      return Error{Fault::kMalformed, "not the chunk of the file that comes next"};
  } else {
    const bool goes_on = part_ > 0 && !file_;
    if (chunk.index() != 0 && !goes_on)
      return Error{Fault::kMalformed, "a file that does not begin with its first chunk"};
    if (!files_.insert(*id).second)
      return Error{Fault::kMalformed, "chunks of a file that was in the bundle already"};
  }
  file_ = id;
  next_chunk_ = std::uint64_t{chunk.index()} + 1;
  may_go_on_ = chunk.ciphertext().size() == kFull;
  return success();
}

void BundleOrder::count(const Frame& frame) {
  switch (frame.frame_case()) {
    case Frame::kRoster:
      return totals_.set_rosters(totals_.rosters() + 1);
    case Frame::kQuestionnaire:
      return totals_.set_questionnaires(totals_.questionnaires() + 1);
    case Frame::kLogEntry:
      return totals_.set_log_entries(totals_.log_entries() + 1);
    case Frame::kMediaChunk:
      return totals_.set_media_chunks(totals_.media_chunks() + 1);
    case Frame::kSegment:
      return count_segment(frame.segment());
    case Frame::kRow:
      --rows_due_;
      return totals_.set_rows(totals_.rows() + 1);
    case Frame::kHeader:
    case Frame::kCheckpoint:
    case Frame::kEnd:
    case Frame::FRAME_NOT_SET:
      return;
  }
}

void BundleOrder::count_segment(const pb::BundleSegment& segment) {
  rows_due_ = segment.rows();
  std::string report = report_id_of(segment);
  if (totals_.segments() == 0 || report.empty() || report != report_id_)
    totals_.set_reports(totals_.reports() + 1);
  report_id_ = std::move(report);
  totals_.set_segments(totals_.segments() + 1);
}

}  // namespace resguardo
