// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>

#include "crypto/base/random.h"

namespace resguardo::testing_support {

// The same ids for the same seed (splitmix64). Tests only. Several threads may draw from it; which
// of them gets which number is then open.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

}  // namespace resguardo::testing_support
