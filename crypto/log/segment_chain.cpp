// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/segment_chain.h"

#include <sodium.h>

#include "crypto/base/hash.h"

namespace resguardo {

SegmentChain SegmentChain::begin(ByteView header) {
  return SegmentChain(sha256(header));
}

void SegmentChain::add(ByteView row) {
  state_ = sha256({state_.view(), row});
}

Digest report_digest(std::span<const Digest> chains, std::span<const Digest> media) {
  Bytes all;
  for (const auto digests : {chains, media})
    for (const Digest& digest : digests)
      all.insert(all.end(), digest.bytes.begin(), digest.bytes.end());
  return sha256(all);
}

namespace {

// The first number of chains whose digest is wanted.
template <class Wanted>
std::optional<ChainsCovered> first_covered(std::span<const Digest> chains, Wanted wanted) {
  crypto_hash_sha256_state running;
  crypto_hash_sha256_init(&running);
  for (std::size_t i = 0; i < chains.size(); ++i) {
    crypto_hash_sha256_update(&running, chains[i].view().data(), chains[i].view().size());
    crypto_hash_sha256_state so_far = running;
    Digest reached;
    crypto_hash_sha256_final(&so_far, reached.bytes.data());
    if (wanted(reached)) return ChainsCovered{i + 1, reached};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> chains_covered(std::span<const Digest> chains, const Digest& digest) {
  const auto found = first_covered(chains, [&](const Digest& one) { return one == digest; });
  return found ? std::optional(found->chains) : std::nullopt;
}

std::optional<ChainsCovered> chains_covered(std::span<const Digest> chains,
                                            const std::multiset<Digest>& digests) {
  if (digests.empty()) return std::nullopt;
  return first_covered(chains, [&](const Digest& one) { return digests.contains(one); });
}

}  // namespace resguardo
