// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo {

// The bytes that writer and reader of a segment must agree on; docs/format.md draws them.
constexpr std::uint32_t kSegmentFormat = 1;
constexpr std::size_t kMaxSegmentMembers = 256;  // per compartment
constexpr std::size_t kSetSecretSize = 32;       // E
constexpr std::size_t kEnvelopePlainSize = kSetSecretSize + 32 + 4;
constexpr std::size_t kEnvelopeSize = kEnvelopePlainSize + 48;  // crypto_box_seal
// QUORUM: commitments of all its groups, each a point of ristretto255, stand in every envelope.
constexpr std::size_t kMaxQuorum = 32;  // people that it takes together, of all groups
constexpr std::size_t kCommitmentSize = 32;
constexpr std::size_t kStreamHeaderSize = 24;
constexpr std::size_t kRowOverhead = 17;  // secretstream's tag byte and Poly1305
constexpr std::size_t kRecordSaltSize = 16;

// What envelope `index` holds: E ‖ H_set ‖ u32le index. QUORUM: the member's share in the place of
// E, H_seg in the place of H_set, and the commitments after it. Who gives a share away must know of
// which report; who opens an envelope alone need not ask anybody (docs/adr/158).
void write_envelope_plain(ByteView set_secret, const Digest& bound_to, std::uint32_t index,
                          std::span<std::uint8_t, kEnvelopePlainSize> out);

// Whether an opened envelope is the one of this set, or segment, at this place.
bool envelope_fits(std::span<const std::uint8_t, kEnvelopePlainSize> plain, const Digest& bound_to,
                   std::uint32_t index);

// What every ciphertext is bound to: H(header) ‖ u8 compartment ‖ u64le sequence.
using RowContext = std::array<std::uint8_t, 32 + 1 + 8>;
RowContext row_context(const Digest& header_digest, std::uint8_t compartment,
                       std::uint64_t sequence);

// BLAKE2b-256(salt ‖ record), the salt being the record's first field.
// kMalformed: the record does not start with one.
Result<Digest> record_digest(ByteView record);

}  // namespace resguardo
