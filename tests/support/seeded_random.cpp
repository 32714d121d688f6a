// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/seeded_random.h"

#include <atomic>

namespace resguardo::testing_support {

std::uint64_t SeededRandom::next() {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = std::atomic_ref(state_).fetch_add(kStep) + kStep;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (auto& byte : out) byte = static_cast<std::uint8_t>(next());
}

}  // namespace resguardo::testing_support
