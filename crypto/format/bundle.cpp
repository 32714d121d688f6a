// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/bundle.h"

#include <array>
#include <istream>
#include <ostream>

#include "crypto/base/hash.h"
#include "crypto/format/bundle_order.h"
#include "crypto/format/strict_parse.h"

namespace resguardo {
namespace {

constexpr std::string_view kMagic = "resguardo bundle 1\n";
constexpr std::size_t kCheckSize = 16;
constexpr std::size_t kLengthSize = 4;
static_assert(kLengthSize + kCheckSize == kFrameOverhead);

// The running check: its first half travels, and both halves' worth of key is that half and zeros.
class RunningCheck {
 public:
  RunningCheck() { add(as_bytes(kMagic)); }
  ByteView add(ByteView frame) {
    std::array<std::uint8_t, 32> key{};
    std::copy(check_.begin(), check_.end(), key.begin());
    const Digest digest = derive_public(key, Label::kBundleFrame, {frame});
    std::copy_n(digest.bytes.begin(), check_.size(), check_.begin());
    return check_;
  }

 private:
  std::array<std::uint8_t, kCheckSize> check_{};
};

std::array<std::uint8_t, kLengthSize> length_bytes(std::size_t size) {
  std::array<std::uint8_t, kLengthSize> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::uint8_t>(size >> (8 * i));
  return bytes;
}

std::size_t length_of(ByteView bytes) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) size |= std::size_t{bytes[i]} << (8 * i);
  return size;
}

}  // namespace

struct BundleWriter::State {
  std::ostream& out;
  RunningCheck check;
  BundleOrder order;
  std::uint64_t written = 0;

  Status put(ByteView bytes) {
    out.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
    written += bytes.size();
    if (!out)
      return Error{Fault::kUnavailable, "the bundle could not be written: is the disk full?"};
    return success();
  }
  Status put_frame(const pb::BundleFrame& frame) {
    RESGUARDO_CHECK(order.accept(frame));
    const Bytes bytes = serialize_canonical(frame);
    if (bytes.size() > kMaxFrame) return Error{Fault::kRefused, "a frame is longer than 16 MiB"};
    if (written == 0) RESGUARDO_CHECK(put(as_bytes(kMagic)));
    RESGUARDO_CHECK(put(length_bytes(bytes.size())));
    RESGUARDO_CHECK(put(bytes));
    return put(check.add(bytes));
  }
};

BundleWriter::BundleWriter(std::ostream& out) : state_(new State{out, {}, {}}) {}
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
  state_->out.flush();
  if (!state_->out) return Error{Fault::kUnavailable, "the bundle could not be written"};
  return success();
}

std::uint64_t BundleWriter::written() const {
  return state_->written;
}

struct BundleReader::State {
  std::istream& in;
  RunningCheck check;
  BundleOrder order;
  BundlePlace place;  // of the frame being read
  std::optional<Error> failed;

  // kMalformed: cut short.
  Status get(std::span<std::uint8_t> bytes) {
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (in.bad()) return Error{Fault::kUnavailable, "the bundle could not be read"};
    if (static_cast<std::size_t>(in.gcount()) != bytes.size())
      return Error{Fault::kMalformed, "the bundle is cut short here"};
    return success();
  }

  Status get_magic() {
    std::array<std::uint8_t, kMagic.size()> bytes{};
    RESGUARDO_CHECK(get(bytes));
    if (as_text(bytes) != kMagic) return Error{Fault::kMalformed, "not a bundle of this version"};
    return success();
  }

  Result<Bytes> get_frame() {
    std::array<std::uint8_t, kLengthSize> length{};
    RESGUARDO_CHECK(get(length));
    if (length_of(length) > kMaxFrame)
      return Error{Fault::kMalformed, "the bundle is damaged here: a frame longer than any"};
    Bytes bytes(length_of(length));
    RESGUARDO_CHECK(get(bytes));
    std::array<std::uint8_t, kCheckSize> expected{};
    RESGUARDO_CHECK(get(expected));
    if (!equal(check.add(bytes), expected))
      return Error{Fault::kMalformed, "the bundle is damaged here"};
    return bytes;
  }

  Result<pb::BundleFrame> next() {
    const bool first = place.offset == 0;
    if (first) RESGUARDO_CHECK(get_magic());
    RESGUARDO_TRY(const Bytes bytes, get_frame());
    RESGUARDO_TRY(auto frame, parse_strict<pb::BundleFrame>(bytes));
    RESGUARDO_CHECK(order.accept(frame));
    place.offset += (first ? kMagic.size() : 0) + kLengthSize + bytes.size() + kCheckSize;
    ++place.frame;
    if (order.ended() && in.peek() != std::istream::traits_type::eof())
      return Error{Fault::kMalformed, "something follows the end of the bundle"};
    if (in.bad()) return Error{Fault::kUnavailable, "the bundle could not be read"};
    return frame;
  }
};

BundleReader::BundleReader(std::istream& in) : state_(new State{in, {}, {}, {}, {}}) {}
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
