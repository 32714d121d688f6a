// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "crypto/base/bytes.h"

namespace resguardo {

// Where public random values come from: ids, salts, shuffles. Injected, so that tests can seed
// it. Keys, nonces and secrets never come from here: those ask libsodium themselves.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <class Id>
  Id make() {
    Id id;
    fill(id.bytes);
    return id;
  }
  // Uniform in [0, bound); bound > 0.
  std::uint32_t below(std::uint32_t bound);
};

// libsodium's randombytes_buf. Thread-safe.
class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace resguardo
