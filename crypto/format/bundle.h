// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/format/checked_frames.h"
#include "proto/bundle.pb.h"

namespace resguardo {

// A bundle file: checked frames (checked_frames.h), each a pb::BundleFrame, after the magic line
// "resguardo bundle 1\n" and under the label kBundleFrame. The last frame is `end`, and nothing
// follows it. BundleOrder (bundle_order.h) says in which order frames come; the writer refuses any
// other.
//
// The checks find damage and say where; they do not authenticate: that is the seal's, the roster's
// and the log's work. Constant memory: one frame at a time, at most kMaxFrame bytes.
constexpr std::size_t kMaxEndFrame = 128;  // the `end`, overhead included

class BundleWriter {
 public:
  explicit BundleWriter(std::ostream& out);  // `out` outlives it
  ~BundleWriter();
  Status write(const pb::BundleFrame& frame);  // kUnavailable: the stream failed
  Status finish(bool last_part);               // writes `end` with the totals
  std::uint64_t written() const;               // bytes of the file so far
 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Where a bundle stopped being whole: everything before `offset` was.
struct BundlePlace {
  std::uint64_t frame = 0;   // 0 is the header
  std::uint64_t offset = 0;  // where that frame begins, in bytes from the file's start
};

class BundleReader {
 public:
  explicit BundleReader(std::istream& in);
  ~BundleReader();
  // The next frame; `end` is the last. kMalformed: damage, cut short, or something after the end;
  // place() then says where. Everything returned before stays valid.
  Result<pb::BundleFrame> next();
  bool finished() const;  // `end` was read, its totals fit, and the file ends there
  BundlePlace place() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace resguardo
