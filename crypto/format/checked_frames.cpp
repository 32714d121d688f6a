// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/checked_frames.h"

#include <algorithm>
#include <istream>
#include <ostream>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::size_t kLengthSize = 4;
static_assert(kLengthSize + kFrameCheck == kFrameOverhead);

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

FrameCheck::FrameCheck(const FrameShape& shape) : label_(shape.label) {
  add(as_bytes(shape.magic));
}

// The half that travels, and zeros for the other, are the next key.
ByteView FrameCheck::add(ByteView frame) {
  std::array<std::uint8_t, 32> key{};
  std::copy(check_.begin(), check_.end(), key.begin());
  const Digest digest = derive_public(key, label_, {frame});
  std::copy_n(digest.bytes.begin(), check_.size(), check_.begin());
  return check_;
}

Status FrameWriter::put(ByteView bytes) {
  out_.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  written_ += bytes.size();
  if (!out_) return Error{Fault::kUnavailable, "the file could not be written: is the disk full?"};
  return success();
}

Status FrameWriter::write(ByteView frame) {
  if (frame.size() > kMaxFrame) return Error{Fault::kRefused, "a frame is longer than 16 MiB"};
  if (written_ == 0) RESGUARDO_CHECK(put(as_bytes(shape_.magic)));
  RESGUARDO_CHECK(put(length_bytes(frame.size())));
  RESGUARDO_CHECK(put(frame));
  return put(check_.add(frame));
}

Status FrameWriter::flush() {
  out_.flush();
  if (!out_) return Error{Fault::kUnavailable, "the file could not be written: is the disk full?"};
  return success();
}

Status FrameReader::get(std::span<std::uint8_t> bytes) {
  in_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (in_.bad()) return Error{Fault::kUnavailable, "the file could not be read"};
  if (static_cast<std::size_t>(in_.gcount()) != bytes.size())
    return Error{Fault::kMalformed, "the file is cut short here"};
  return success();
}

Result<Bytes> FrameReader::next() {
  std::size_t read = 0;
  if (offset_ == 0) {
    Bytes magic(shape_.magic.size());
    RESGUARDO_CHECK(get(magic));
    if (as_text(magic) != shape_.magic)
      return Error{Fault::kMalformed, "the file is of another kind, or of another version"};
    read = magic.size();
  }
  std::array<std::uint8_t, kLengthSize> length{};
  RESGUARDO_CHECK(get(length));
  if (length_of(length) > kMaxFrame)
    return Error{Fault::kMalformed, "the file is damaged here: a frame longer than any"};
  Bytes bytes(length_of(length));
  RESGUARDO_CHECK(get(bytes));
  std::array<std::uint8_t, kFrameCheck> expected{};
  RESGUARDO_CHECK(get(expected));
  if (!equal(check_.add(bytes), expected))
    return Error{Fault::kMalformed, "the file is damaged here"};
  offset_ += read + bytes.size() + kFrameOverhead;
  return bytes;
}

Status FrameReader::expect_end() {
  const bool ended = in_.peek() == std::istream::traits_type::eof();
  if (in_.bad()) return Error{Fault::kUnavailable, "the file could not be read"};
  if (!ended) return Error{Fault::kMalformed, "something follows the end of the file"};
  return success();
}

}  // namespace resguardo
