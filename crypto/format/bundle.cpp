// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/bundle.h"

#include <istream>
#include <ostream>

#include "crypto/format/bundle_order.h"
#include "crypto/format/checked_frames.h"
#include "crypto/format/strict_parse.h"
#include "crypto/format/wire_fields.h"

namespace resguardo {
namespace {

constexpr FrameShape kShape{"resguardo bundle 1\n", Label::kBundleFrame};

// Nearly all frames are rows.
std::optional<ByteView> row_of(ByteView frame) {
  WireFields fields(frame);
  const auto row = fields.bytes(pb::BundleFrame::kRowFieldNumber);
  if (!row || !fields.ended()) return std::nullopt;
  WireFields inner(*row);
  const auto sealed = inner.bytes(pb::BundleRow::kRowFieldNumber);
  return inner.ended() ? sealed : std::nullopt;
}

Result<pb::BundleFrame> parse_frame(ByteView bytes) {
  const auto row = row_of(bytes);
  if (!row) return parse_strict<pb::BundleFrame>(bytes);
  pb::BundleFrame frame;
  frame.mutable_row()->set_row(row->data(), row->size());
  return frame;
}

}  // namespace

struct BundleWriter::State {
  explicit State(std::ostream& out) : frames(out, kShape) {}
  FrameWriter frames;
  BundleOrder order;

  Status put_frame(const pb::BundleFrame& frame) {
    RESGUARDO_CHECK(order.accept(frame));
    return frames.write(serialize_canonical(frame));
  }
};

BundleWriter::BundleWriter(std::ostream& out) : state_(new State(out)) {}
BundleWriter::~BundleWriter() = default;

Status BundleWriter::write(const pb::BundleFrame& frame) {
  if (frame.has_end()) return Error{Fault::kRefused, "the end is written by finish()"};
  return state_->put_frame(frame);
}

Status BundleWriter::finish(bool last_part) {
  pb::BundleFrame frame;
  *frame.mutable_end() = state_->order.totals();
  frame.mutable_end()->set_last_part(last_part);
  RESGUARDO_CHECK(state_->put_frame(frame));
  return state_->frames.flush();
}

std::uint64_t BundleWriter::written() const {
  return state_->frames.written();
}

struct BundleReader::State {
  explicit State(std::istream& in) : frames(in, kShape) {}
  FrameReader frames;
  BundleOrder order;
  std::uint64_t read = 0;
  std::optional<Error> failed;

  Result<pb::BundleFrame> next() {
    RESGUARDO_TRY(const Bytes bytes, frames.next());
    RESGUARDO_TRY(auto frame, parse_frame(bytes));
    RESGUARDO_CHECK(order.accept(frame));
    place = {++read, frames.offset()};
    if (order.ended()) RESGUARDO_CHECK(frames.expect_end());
    return frame;
  }
  BundlePlace place;  // of the frame being read
};

BundleReader::BundleReader(std::istream& in) : state_(new State(in)) {}
BundleReader::~BundleReader() = default;

Result<pb::BundleFrame> BundleReader::next() {
  if (state_->failed) return *state_->failed;
  if (finished()) return Error{Fault::kNotFound, "the bundle has ended"};
  auto frame = state_->next();
  if (!frame.ok()) state_->failed = frame.error();
  return frame;
}

bool BundleReader::finished() const {
  return !state_->failed && state_->order.ended();
}

BundlePlace BundleReader::place() const {
  return state_->place;
}

}  // namespace resguardo
