// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/media_layout.h"

#include <algorithm>
#include <bit>

namespace resguardo {

std::uint64_t padme(std::uint64_t length) {
  if (length < 2) return length;
  const auto exponent = static_cast<unsigned>(std::bit_width(length) - 1);
  const auto kept = static_cast<unsigned>(std::bit_width(exponent));  // bits of it that show
  const std::uint64_t mask = (std::uint64_t{1} << (exponent - kept)) - 1;
  return (length + mask) & ~mask;
}

std::uint64_t media_chunks(std::uint64_t padded_length) {
  return std::max<std::uint64_t>(1, (padded_length + kMediaChunk - 1) / kMediaChunk);
}

std::uint32_t addendum_index(const MediaId& id) {
  std::uint32_t first = 0;
  for (std::size_t at = 0; at < sizeof first; ++at) first = first << 8 | id.bytes[at];
  return kFirstAddendum | first >> 1;
}

MediaContext media_context(const MediaId& id, std::uint64_t chunk) {
  MediaContext context{};
  auto* next = std::copy(id.bytes.begin(), id.bytes.end(), context.begin());
  for (std::size_t at = 0; at < sizeof chunk; ++at)
    *next++ = static_cast<std::uint8_t>(chunk >> (8 * at));
  return context;
}

}  // namespace resguardo
