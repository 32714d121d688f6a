// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "proto/bundle.pb.h"

namespace resguardo {

// A bundle file: the magic line "resguardo bundle 1\n", then frames
//   u32le length ‖ BundleFrame ‖ check(16)
// where check_i = the first 16 bytes of BLAKE2b-256(key = check_{i-1} padded, kBundleFrame, frame),
// check_0 from the magic. The last frame is `end`, and nothing follows it.
//
// The checks find damage and say where; they do not authenticate: that is the seal's, the roster's
// and the log's work. Constant memory: one frame at a time, at most kMaxFrame bytes.
constexpr std::size_t kMaxFrame = 16U * 1024 * 1024;

class BundleWriter {
 public:
  explicit BundleWriter(std::ostream& out);  // `out` outlives it
  ~BundleWriter();
  Status write(const pb::BundleFrame& frame);  // kUnavailable: the stream failed
  Status finish(bool last_part);               // writes `end` with the totals
 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Where a bundle stopped being whole.
struct BundlePlace {
  std::uint64_t frame = 0;   // 0 is the header
  std::uint64_t offset = 0;  // bytes from the file's start
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
