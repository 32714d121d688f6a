// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"

namespace resguardo {

using MediaId = FixedBytes<struct MediaIdMeaning, 16>;

// The bytes that writer and reader of a sealed file must agree on; docs/format.md draws them.
constexpr std::size_t kMediaChunk = std::size_t{64} * 1024;  // plain, all but the last
constexpr std::size_t kMediaChunkOverhead = 17;              // secretstream's tag and Poly1305
constexpr std::size_t kMediaKeySize = 32;

// The length that a file of `length` bytes is filled up to with zeros: Padmé (Nikitin et al.,
// "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019,
// algorithm 1), which shows O(log log length) bits of it and adds at most 12 %.
std::uint64_t padme(std::uint64_t length);

// How many chunks a padded length takes; nothing at all takes one.
std::uint64_t media_chunks(std::uint64_t padded_length);

// Segments of a report from this index on are addenda: each brings one file that was fetched after
// the turn that took it, in a segment of its own. Below it conversations count 0, 1, 2 …
constexpr std::uint32_t kFirstAddendum = 0x80000000;
// The index of the addendum that brings this file: kFirstAddendum | the first 31 bits of its id,
// big endian. Made a second time, it has the same.
std::uint32_t addendum_index(const MediaId& id);

// What every chunk is bound to: the file's id ‖ u64le chunk number, from 0.
using MediaContext = std::array<std::uint8_t, 16 + 8>;
MediaContext media_context(const MediaId& id, std::uint64_t chunk);

}  // namespace resguardo
