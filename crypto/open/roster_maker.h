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
#include "crypto/open/roster_view.h"

namespace resguardo::open {

// A roster before it is signed, made offline. Two steps on purpose: whoever prepares it needs no
// root key, and whoever signs it reads first what is signed: view().
//
// Promises: finished() gives only what VerifiedRoster::verify accepts on a server that has accepted
// the predecessor, until it expires. New compartments have policy ANY. Moves only. A change takes
// away what has been signed.
class RosterDraft {
 public:
  static RosterDraft first();
  // The successor of a signed roster, with its members and terms: number + 1, previous digest. It
  // is to be signed by the root that signs after `file`, and by the root that `file` announced.
  // `root` must have signed `file`; its expiry does not matter: an expired roster can be renewed.
  static Result<RosterDraft> following(ByteView file, const PublicKey<RootRole>& root);
  static Result<RosterDraft> parse(ByteView text);  // what text() gave
  Result<std::string> text() const;                 // armoured; only of a draft that passes check()

  // `organisation`: its label; made with an id from `ids` when the roster has none of that label.
  // kConflict: the id or the key is in the roster already, active or not.
  Status add_member(const MemberPublic& member, std::string_view organisation, Reads reads,
                    RandomSource& ids);
  // Another organisation's key that signs this server's checkpoints (C2SP tlog-cosignature). It
  // reads nothing and has no list of keys. kConflict: the key is in the roster already.
  Status add_witness(std::string_view label, const PublicKey<AnalystRole>& key,
                     std::string_view organisation, RandomSource& ids);
  // A new epoch list of an active member (number + 1, naming the list before).
  Status renew_list(const MemberPublic& member);
  // Reads nothing from then on; stays listed, so that nobody is added again unnoticed.
  // kNotFound: no active member of that id (revoke: nor a suspended one).
  Status revoke_member(const MemberId& member);
  Status suspend_member(const MemberId& member);
  // Back to active, with the list of keys that is theirs now. kNotFound: nobody who was suspended
  // or revoked has this id; kUnauthentic: another identity key than the roster's. WARNING: a server
  // refuses a list below the one it accepted before, or one too far above it.
  Status restore_member(const MemberPublic& member, Reads reads);
  Status set_reads(const MemberId& member, Reads reads);  // of an active member
  // Who opens a compartment: with `needed`, so many of each organisation named there together, by
  // label; without, any one reader alone. kNotFound: an organisation without readers of it is
  // named, or one with readers is not.
  struct Needed {
    std::string organisation;
    std::uint32_t members = 1;
  };
  Status set_policy(StreamId compartment, const std::vector<Needed>& needed);
  void set_terms(const RosterTerms& terms);

  RosterTerms terms() const;
  RosterView view() const;
  std::uint64_t number() const;

  // What a server would refuse, and what it would take but nobody should sign: see roster_lint.h.
  Status check() const;

  // The old root is lost: this one is to sign alone. A server takes it only when its configuration
  // was given this root by hand.
  void replace_root(const PublicKey<RootRole>& root);
  // Who still has to sign; empty: finished, or a first roster that any root may sign.
  std::vector<PublicKey<RootRole>> still_to_sign() const;
  // kRefused: this root is not to sign it, or has done so.
  Status add_signature(const SecretKey<RootRole>& root);
  // The signed file, armoured. kRefused: a signature is missing.
  Result<std::string> finished() const;
  // Both at once, where one root signs.
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
