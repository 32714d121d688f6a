// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/seal/public_key.h"
#include "proto/roster.pb.h"

namespace resguardo {

constexpr std::size_t kMaxEpochKeys = 160;  // three years

// One analyst's weeks, as the list says them.
struct EpochListContent {
  MemberId member;
  std::uint64_t number = 0;
  Digest previous;
  Digest digest;  // BLAKE2b-256 of the exact bytes
  std::map<Week, PublicKey<EpochRole>> keys;
  std::optional<PublicKey<EpochRole>> reserve;
};

// Parses strictly and checks what can be checked without the signature: number and previous digest
// agree, weeks ascend, keys are sound and distinct.
Result<EpochListContent> read_epoch_list(ByteView exact);

// The same, and the one signature on it is `signer`'s.
Result<EpochListContent> verify_epoch_list(const pb::SignedMessage& list,
                                           const PublicKey<AnalystRole>& signer);

}  // namespace resguardo
