// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"
#include "crypto/format/media_layout.h"

// Only offline programs may link this library (architecture.md §2, tests/arch).
namespace resguardo::open {

// What a `media` record says, already known to be of the right sizes (record_parser.h).
struct MediaFacts {
  MediaId id;
  SecretBytes key;
  Bytes header;
  std::uint64_t length = 0;
  std::uint64_t padded_length = 0;
  std::uint64_t chunks = 0;
  Digest original;  // SHA-256
};

// Opens a sealed file chunk by chunk, in constant memory, in order.
//
// Checks: every chunk's key, place and size; that the filling is zeros; that the last one is FINAL
// and the one that the record says; finish() checks the length and the original's SHA-256. What
// next() returned before a failure is authentic, and an unfinished part of the file.
//
// kMalformed: the facts contradict one another, or a chunk has a wrong size; kUnauthentic: a wrong
// key, another file's chunk, a chunk out of place, a changed byte.
class MediaReader {
 public:
  static Result<MediaReader> begin(MediaFacts facts);
  Result<SecretBuffer> next(ByteView chunk);  // its plain bytes, without the filling
  Status finish();

  MediaReader(MediaReader&&) noexcept;
  MediaReader& operator=(MediaReader&&) noexcept;
  ~MediaReader();

 private:
  struct State;
  explicit MediaReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::open
