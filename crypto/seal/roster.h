// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/seal/public_key.h"

namespace resguardo {

// Which epoch list of a member was accepted last.
struct ListAnchor {
  MemberId member;
  std::uint64_t number = 0;
  Digest digest;
};

// Which roster was accepted last, and with which lists; what the next one must continue. A member
// whose list is not named here is taken as new; whoever was ever listed stays named.
struct RosterAnchor {
  std::uint64_t number = 0;
  Digest digest;
  std::vector<ListAnchor> lists = {};
  // The root given when it was accepted, the one that signs from then on, and the one it announced.
  // Without `root`: the root given signs, as for a first roster.
  std::optional<PublicKey<RootRole>> pin = {};
  std::optional<PublicKey<RootRole>> root = {};
  std::optional<PublicKey<RootRole>> next_root = {};
};

enum class PolicyType : std::uint8_t { kAny, kQuorum };
enum class StreamId : std::uint8_t { kTestimony = 0, kIdentity = 1 };
inline constexpr std::array kStreams = {StreamId::kTestimony, StreamId::kIdentity};

// One reader of one compartment in one week.
struct Recipient {
  MemberId member;
  PublicKey<EpochRole> key;
  bool reserve = false;     // the list had run out: sealed to the reserve key
  std::uint32_t group = 0;  // QUORUM: index of the group
};

// QUORUM: so many of these readers, who are of one organisation.
struct RecipientGroup {
  MemberId organisation;
  std::uint32_t m = 1;
  friend bool operator==(const RecipientGroup&, const RecipientGroup&) = default;
};

// Everybody a segment begun now is sealed to, for both compartments.
struct Recipients {
  Week week;
  Digest roster_digest;
  Digest lists_digest;
  PolicyType policy[2];  // by StreamId
  // By StreamId, never empty. ANY: in the roster's order; QUORUM: group by group, each in the order
  // of the roster's list, so that a member's place in the group is the share's number.
  std::vector<Recipient> members[2];
  std::vector<RecipientGroup> groups[2] = {};  // QUORUM
};

// A roster with its members' epoch lists, verified. There is no other maker of one.
//
// Promises: root signed this roster, it continues `anchor`, it had not expired at `now`; every
// list is signed by the active member it is for; no key is of low order; every policy can be met.
// WARNING: says nothing about whether the people are who their labels say; that was the
// authority's work when it signed.
class VerifiedRoster {
 public:
  // `file`: exact bytes of an armoured or binary RosterFile. `anchor`: what was accepted before
  // (nullopt: the first, which must have number 1; the same file again is fine). `pin`: whom we
  // believe. It, or the root it has led to over announced changes (two signatures, old and new),
  // signs the file; a pin that is neither the anchor's nor its current root was put there by hand
  // and signs the next roster alone.
  static Result<VerifiedRoster> verify(ByteView file, const PublicKey<RootRole>& pin, TimePoint now,
                                       const std::optional<RosterAnchor>& anchor);

  RosterAnchor anchor() const;
  Day expires() const;
  bool expired(TimePoint now) const;
  // Active analysts only. kUnavailable: a member has neither that week's key nor a reserve.
  Result<Recipients> recipients(Week week) const;
  // Days until the first active member's list runs out, seen from `now` (negative: it has).
  int days_of_keys_left(TimePoint now) const;

  struct Member {
    MemberId id;
    std::string label;
    PublicKey<AnalystRole> key;
    bool active;
  };
  const std::vector<Member>& members() const;
  // Who signs checkpoints of the log beside the server; active ones.
  struct Witness {
    std::string label;
    PublicKey<AnalystRole> key;
  };
  const std::vector<Witness>& witnesses() const;
  const std::vector<PublicKey<LogRole>>& log_keys() const;
  const std::string& log_origin() const;
  ByteView file() const;  // the exact bytes that were verified, binary form

 private:
  struct Content;
  explicit VerifiedRoster(std::shared_ptr<const Content> content);
  std::shared_ptr<const Content> content_;  // immutable: copies share it, thread-safe
};

}  // namespace resguardo
