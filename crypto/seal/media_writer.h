// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/format/media_layout.h"

namespace resguardo {

// What a `media` record says of a sealed file, and what the log says of its ciphertext.
struct SealedMedia {
  SecretBytes key;  // 32; whoever seals it into the record then lets it go
  Bytes header;     // of the stream, 24
  std::uint64_t length = 0;
  std::uint64_t padded_length = 0;
  std::uint64_t chunks = 0;
  Digest original;    // SHA-256 of what was written
  Digest ciphertext;  // SHA-256 of everything that was given to the sink
};

// Seals one file as it arrives, in constant memory (docs/format.md, protocol.md §3.9): chunks of
// 64 KiB of a crypto_secretstream_xchacha20poly1305 under a random key of its own, filled up with
// zeros to padme(length), each bound to the file's id and its number; the last one is FINAL.
//
// Promises: what reaches the sink opens with the key and the header alone; a chunk that is changed,
// moved, dropped, doubled or added is noticed, and so is an end that is missing; plain bytes lie in
// wiped memory only, the key and the stream's state in locked memory.
// WARNING: the sink gets chunks before anybody knows whether the file is whole: what is not
// finish()ed must be thrown away. Sizes show padme(length).
//
// After a failure every call fails. Not thread-safe.
class MediaWriter {
 public:
  using Sink = std::function<Status(ByteView sealed)>;
  // kUnavailable: no locked memory.
  static Result<MediaWriter> begin(const MediaId& id, Sink sink);
  Status write(ByteView plain);  // the sink's failures are its own
  Result<SealedMedia> finish();  // once
  std::uint64_t written() const;

  MediaWriter(MediaWriter&&) noexcept;
  MediaWriter& operator=(MediaWriter&&) noexcept;
  ~MediaWriter();

 private:
  struct State;
  explicit MediaWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo
