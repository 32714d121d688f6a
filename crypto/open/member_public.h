// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/open/analyst_keys.h"

namespace resguardo::open {

// What an epoch list is to say.
struct EpochListPlan {
  MemberId member;
  std::uint64_t number = 1;
  Digest previous;  // BLAKE2b-256 of the list before; zeros for number 1
  std::map<Week, PublicKey<EpochRole>> keys;
  std::optional<PublicKey<EpochRole>> reserve;
};

// Exact bytes of a pb::SignedMessage over the list. kMalformed: what a server would refuse.
Result<Bytes> sign_epoch_list(const EpochListPlan& plan, const SecretKey<AnalystRole>& identity);

// A member's public half, as `key public` prints it and `roster create` reads it.
struct MemberPublic {
  MemberId id;
  std::string label;
  PublicKey<AnalystRole> key;
  Bytes epoch_list;  // exact bytes of the pb::SignedMessage

  std::string text() const;  // armoured

  // Checks that the list is this member's, signed by this key, and sound.
  // WARNING: anybody can write such a file about themselves. Compare fingerprint(key) with the
  // person, face to face or by voice, before it goes into a roster.
  static Result<MemberPublic> parse(ByteView text);
};

}  // namespace resguardo::open
