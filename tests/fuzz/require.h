// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/base/hash.h"
#include "crypto/base/initialise.h"

namespace resguardo::fuzzing {

// What must hold for every input. A fuzzer's finding is a property that does not, or a sanitizer's.
inline void require(bool holds) {
  if (!holds) std::abort();
}

inline bool sodium_ready() {
  static const bool ready = initialise_crypto().ok();
  return ready;
}

// The keys of tests/golden/make_*_vectors.py: 32 bytes out of a name.
inline Bytes seeded(std::string_view name) {
  return to_bytes(blake2b(as_bytes(name)).view());
}

// An input as several: each u32le length, then that many bytes; a length beyond the end takes what
// there is.
class Pieces {
 public:
  explicit Pieces(ByteView input) : rest_(input) {}
  bool done() const { return rest_.empty(); }
  ByteView next() {
    constexpr std::size_t kLength = 4;
    std::size_t length = 0;
    const std::size_t given = std::min(kLength, rest_.size());
    for (std::size_t i = 0; i < given; ++i) length |= std::size_t{rest_[i]} << (8 * i);
    rest_ = rest_.subspan(given);
    const ByteView piece = rest_.first(std::min(length, rest_.size()));
    rest_ = rest_.subspan(piece.size());
    return piece;
  }

 private:
  ByteView rest_;
};

}  // namespace resguardo::fuzzing
