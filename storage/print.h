// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>

#include "crypto/base/bytes.h"

namespace resguardo::storage {

// Eight bytes that stand for a longer value which is random already, a keyed hash or a digest.
// Never 0. Of ten million values, the next one has the print of another once in 10^12 times.
using Print = std::uint64_t;

template <class Meaning, std::size_t kLength>
Print print_of(const FixedBytes<Meaning, kLength>& value) {
  static_assert(kLength >= 2 * sizeof(Print));
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::memcpy(&first, value.bytes.data(), sizeof first);
  std::memcpy(&second, value.bytes.data() + sizeof first, sizeof second);
  const Print print = first ^ second * kOdd;
  return print == 0 ? ~kOdd : print;
}

// One after the other, little endian.
inline void append_print(Bytes& to, Print print) {
  for (unsigned shift = 0; shift < 64; shift += 8)
    to.push_back(static_cast<std::uint8_t>(print >> shift));
}
inline Print read_print(ByteView from) {  // its first eight bytes
  Print print = 0;
  for (unsigned at = 0; at < sizeof print; ++at) print |= Print{from[at]} << (8 * at);
  return print;
}

}  // namespace resguardo::storage
