// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/open/analyst_keys.h"
#include "crypto/seal/segment_writer.h"

// Link resguardo::sealing_fixture.
namespace resguardo::testing_support {

// One stream of a segment in plain libsodium calls, for tests that look inside or forge. Both
// sides of a secretstream have the same state, so what can pull can also push.
class StreamReplay {
 public:
  // Opens the envelope of `keys`; throws if there is none that opens.
  StreamReplay(ByteView header, StreamId stream, const open::AnalystKeys& keys);
  // From a state that was found in memory: the first kStateSize bytes of `state`.
  StreamReplay(ByteView header, StreamId stream, ByteView state);

  struct Opened {
    Bytes padded;
    std::uint8_t tag;
  };
  // Moves on if it opens.
  std::optional<Opened> pull(ByteView ciphertext, std::uint64_t sequence);
  Bytes push(ByteView padded, std::uint64_t sequence, std::uint8_t tag);

  static constexpr std::size_t kStateSize = 52;
  ByteView key_and_nonce() const { return ByteView(state_).first(44); }  // of the next message
  const Bytes& set_secret() const { return set_secret_; }                // E
  const Bytes& segment_key() const { return segment_key_; }              // K

  static constexpr std::uint8_t kMessage = 0, kPush = 1, kRekey = 2, kFinal = 3;

 private:
  Digest header_digest_;
  StreamId stream_;
  std::array<std::uint8_t, kStateSize> state_{};
  Bytes set_secret_;
  Bytes segment_key_;
};

}  // namespace resguardo::testing_support
