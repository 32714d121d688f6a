// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/seal/polynomial.h"

namespace resguardo::open {

// Shamir's scheme over the scalars of ristretto255 (RFC 9496) with Feldman's commitments: checks
// and joins what crypto/seal/polynomial.h divides. No time depends on a secret; that a share was
// refused, and why, does show.
constexpr std::uint32_t kMinThreshold = 2, kMaxShares = kMaxHolders;

struct SharedScalar {
  SecretBytes secret;               // the scalar, random
  std::vector<SecretBytes> shares;  // at 1, 2, … n
  std::vector<Bytes> commitments;   // threshold many: the polynomial's coefficients times the base
};

// kRefused: not 2 ≤ threshold ≤ shares ≤ 32.
Result<SharedScalar> share_random_scalar(std::uint32_t threshold, std::uint32_t shares);

// Whether `share` is the polynomial's value at `index`, by its commitments; gives the share times
// the base, which anybody can compute from the commitments. kMalformed: the share
// is no canonical scalar, the index is not 1 to 32, or a commitment is no point or the identity;
// kUnauthentic: it is another value, mistyped or forged.
Result<Bytes> check_share(std::uint32_t index, const SecretBytes& share,
                          const std::vector<Bytes>& commitments);

struct IndexedShare {
  std::uint32_t index = 0;
  const SecretBytes* share = nullptr;
};
// The scalar from exactly as many checked shares as there are commitments, of distinct indices; it
// fits the first commitment. kMalformed: otherwise.
Result<SecretBytes> combine_shares(const std::vector<IndexedShare>& shares,
                                   const std::vector<Bytes>& commitments);

}  // namespace resguardo::open
