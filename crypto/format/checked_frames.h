// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/labels.h"
#include "crypto/base/result.h"

namespace resguardo {

// The shape of our large files: a magic line, then frames
//   u32le length ‖ frame ‖ check(16)
// where check_i = the first 16 bytes of derive(key = check_{i-1} ‖ 16 zero bytes, label, frame);
// before the first frame's comes the magic's check, whose key is 32 zero bytes.
//
// The checks find damage and say where; they do not authenticate. Constant memory: one frame at a
// time, at most kMaxFrame bytes. One thread; the stream outlives the object.
constexpr std::size_t kMaxFrame = 16UL * 1024 * 1024;
constexpr std::size_t kFrameCheck = 16;
constexpr std::size_t kFrameOverhead = 4 + kFrameCheck;  // of a frame in the file

struct FrameShape {
  std::string_view magic;  // with its newline
  Label label;
};

class FrameCheck {
 public:
  explicit FrameCheck(const FrameShape& shape);
  ByteView add(ByteView frame);  // the frame's check
  ByteView last() const { return check_; }

 private:
  Label label_;
  std::array<std::uint8_t, kFrameCheck> check_{};
};

class FrameWriter {
 public:
  FrameWriter(std::ostream& out, const FrameShape& shape)
      : out_(out), shape_(shape), check_(shape) {}
  // kRefused: longer than a frame may be. kUnavailable: the stream failed.
  Status write(ByteView frame);
  Status flush();
  std::uint64_t written() const { return written_; }  // bytes of the file so far
  ByteView last_check() const { return check_.last(); }

 private:
  Status put(ByteView bytes);
  std::ostream& out_;
  const FrameShape shape_;
  FrameCheck check_;
  std::uint64_t written_ = 0;
};

class FrameReader {
 public:
  FrameReader(std::istream& in, const FrameShape& shape) : in_(in), shape_(shape), check_(shape) {}
  // kMalformed: another kind of file, damage, or cut short. kUnavailable: the stream failed.
  Result<Bytes> next();
  // Nothing follows what was read.
  Status expect_end();
  std::uint64_t offset() const { return offset_; }  // of the frame that comes next, in the file
  ByteView last_check() const { return check_.last(); }

 private:
  Status get(std::span<std::uint8_t> bytes);
  std::istream& in_;
  const FrameShape shape_;
  FrameCheck check_;
  std::uint64_t offset_ = 0;
};

}  // namespace resguardo
