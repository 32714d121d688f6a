// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/open/analyst_keys.h"
#include "crypto/open/member_public.h"

namespace resguardo::open {

// What a roster says beside its members.
struct RosterTerms {
  Day issued;
  Day expires;  // last day of validity
  std::vector<PublicKey<LogRole>> log_keys;
  std::string log_origin;  // with log_keys, or neither
  std::optional<PublicKey<RootRole>> next_root;
};

// Which compartments a member opens (policy ANY: each such member alone).
struct Reads {
  bool testimony = true;
  bool identity = true;
};

// A roster before it is signed, made offline. Two steps on purpose: whoever prepares it needs no
// root key, and whoever signs it reads first what is signed: lines() and terms().
//
// Promises: sign() gives only what VerifiedRoster::verify accepts on a server that has accepted
// the predecessor, until it expires. Policy is ANY for both compartments. Moves only.
class RosterDraft {
 public:
  static RosterDraft first();
  // The successor of a signed roster, with its members and terms: number + 1, previous digest.
  // Checks root's signature, not the expiry: an expired roster can be renewed.
  static Result<RosterDraft> following(ByteView file, const PublicKey<RootRole>& root);
  static Result<RosterDraft> parse(ByteView text);  // what text() gave
  Result<std::string> text() const;                 // armoured; only of a draft that passes check()

  // `organisation`: its label; made with an id from `ids` when the roster has none of that label.
  // kConflict: the id or the key is in the roster already, active or not.
  Status add_member(const MemberPublic& member, std::string_view organisation, Reads reads,
                    RandomSource& ids);
  // A new epoch list of an active member (number + 1, naming the list before).
  Status renew_list(const MemberPublic& member);
  // Reads nothing from then on; stays listed, so that nobody is added again unnoticed.
  Status revoke_member(const MemberId& member);  // kNotFound: no active member of that id
  void set_terms(const RosterTerms& terms);
  RosterTerms terms() const;

  struct Line {  // one member as a person checks it
    MemberId id;
    std::string label;
    std::string organisation;
    PublicKey<AnalystRole> key;
    bool active;
    Reads reads;
  };
  std::vector<Line> lines() const;
  std::uint64_t number() const;

  Status check() const;  // says what a server would refuse
  // The signed file, armoured.
  Result<std::string> sign(const SecretKey<RootRole>& root) const;

  RosterDraft(RosterDraft&&) noexcept;
  RosterDraft& operator=(RosterDraft&&) noexcept;
  ~RosterDraft();

 private:
  struct State;
  explicit RosterDraft(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace resguardo::open
