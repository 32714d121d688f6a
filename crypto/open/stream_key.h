// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "crypto/open/segment_header.h"

// Inside crypto/open only: from a member's envelope to a stream's key.
namespace resguardo::open {

// Which envelope is for these keys, and the key that opens it.
struct OwnEnvelope {
  std::uint32_t index;
  const SecretKey<EpochRole>* key;
  bool reserve;
};
std::optional<OwnEnvelope> find_own(const ParsedStream& stream, Week week, const AnalystKeys& keys);

// What an envelope of this stream holds, in bytes.
std::size_t plain_size(const ParsedStream& stream);
// False: another key, changed, or of another set or place. `plain` has plain_size() bytes.
bool open_envelope(const ParsedStream& stream, const OwnEnvelope& own,
                   std::span<std::uint8_t> plain);
// K from E. False: not the key that the header commits to.
bool derive_stream_key(const ParsedStream& stream, ByteView set_secret,
                       std::span<std::uint8_t, 32> key);
bool key_fits(const ParsedStream& stream, ByteView key);

}  // namespace resguardo::open
