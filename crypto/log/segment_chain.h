// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>

#include "crypto/base/bytes.h"

namespace resguardo {

// The running digest of a segment as it lies in the store: d_0 = SHA-256(header),
// d_i = SHA-256(d_{i−1} ‖ row). 32 bytes, not secret: kept in a conversation's state and resumed.
class SegmentChain {
 public:
  static SegmentChain begin(ByteView header);
  static SegmentChain resume(const Digest& state) { return SegmentChain(state); }
  void add(ByteView row);
  const Digest& digest() const { return state_; }

 private:
  explicit SegmentChain(const Digest& state) : state_(state) {}
  Digest state_;
};

// The digest a REPORT leaf carries: SHA-256 over its segments' chains in order of their index,
// then the SHA-256 of each media ciphertext in order of their records.
Digest report_digest(std::span<const Digest> chains, std::span<const Digest> media = {});

// How many of `chains`, from the first on and at least one, have `digest` for their report digest
// (without media); nullopt: no number of them. One pass, however many there are.
std::optional<std::size_t> chains_covered(std::span<const Digest> chains, const Digest& digest);
// The same of whichever of these comes first: how many, and which. One pass.
struct ChainsCovered {
  std::size_t chains = 0;
  Digest digest;
};
std::optional<ChainsCovered> chains_covered(std::span<const Digest> chains,
                                            const std::multiset<Digest>& digests);

}  // namespace resguardo
