// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/random.h"

#include <sodium.h>

#include <cstring>

namespace resguardo {

std::uint32_t RandomSource::below(std::uint32_t bound) {
  // Rejection keeps it uniform: 2^32 mod bound values at the bottom are drawn again.
  const std::uint32_t minimum = (0U - bound) % bound;
  for (;;) {
    std::array<std::uint8_t, 4> bytes{};
    fill(bytes);
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    if (value >= minimum) return value % bound;
  }
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace resguardo
