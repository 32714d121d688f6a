// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/report/stored_report.h"
#include "crypto/log/checkpoint.h"
#include "crypto/open/segment_reader.h"
#include "crypto/seal/roster.h"

namespace resguardo::analyst {

// A roster by itself: that root signed it (beside another, if it is the one of a change of root),
// its lists, its soundness, and, with `now`, that it has not expired. Whether it continues the one
// before is the shelf's and the server's question. `file`: armoured or binary.
Result<VerifiedRoster> verify_alone(ByteView file, const PublicKey<RootRole>& root,
                                    const std::optional<TimePoint>& now);

// Exact bytes of the pb::RosterFile in `file`, armoured or binary.
Result<Bytes> roster_bytes(ByteView file);

// Whether the roster names the log of the checkpoint, and a key that signed it.
bool names_signer(const VerifiedRoster& roster, const CheckpointNote& note);

// The rosters an offline reader has. One is believed if
//  - it follows a believed one and is signed by the root of then, and by the root that one
//  announced;
//  - a believed one names it as the one before it: so whoever was given a later root reads what was
//    sealed before the change; or
//  - neither is here, and the root in force at its number signed it: the one given, or what the
//    believed rosters below it led to.
// No two of one number differ. Expiry is for servers and is not asked here: what was sealed under a
// roster stays readable.
class RosterShelf {
 public:
  explicit RosterShelf(const PublicKey<RootRole>& root) : root_(root) {}

  // `file`: exact bytes of a pb::RosterFile, in any order. kConflict: it contradicts one that is
  // believed already (the authority signed two histories, or somebody cut one). One that is not
  // believed waits for others; see settled().
  Status add(ByteView file);
  // When all are added. kUnauthentic: a roster is left that nothing makes believable; it is
  // forgotten.
  Status settled();

  struct Entry {
    std::uint64_t number = 0;
    Digest digest;
    Digest previous;
    VerifiedRoster roster;
  };
  const std::vector<Entry>& entries() const { return entries_; }  // believed; ascending numbers
  bool empty() const { return entries_.empty(); }
  bool holds(const Digest& digest) const;  // a roster's

  // Whether a segment was sealed for exactly the active members of the roster it names.
  RosterVerdict judge(const open::SegmentClaims& claims) const;
  // Whether this may be a log of theirs: one of them names it, or none names any.
  bool may_have_log(std::string_view origin) const;
  // The label of a member of any roster; empty: nobody's.
  std::string label(const MemberId& member) const;

 private:
  struct Candidate {
    Entry entry;
    std::vector<PublicKey<RootRole>> signers;
    std::optional<PublicKey<RootRole>> next_root;
    std::optional<PublicKey<RootRole>> root;  // who signs the next; set: believed
  };
  static Result<Candidate> read(ByteView file);
  void judge_forward(Candidate& candidate) const;
  void judge_backward(Candidate& candidate) const;
  Status settle();

  PublicKey<RootRole> root_;
  std::vector<Candidate> candidates_;  // ascending numbers
  std::vector<Entry> entries_;
};

}  // namespace resguardo::analyst
