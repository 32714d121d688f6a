// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyst/report/stored_report.h"
#include "crypto/open/segment_reader.h"
#include "crypto/seal/roster.h"

namespace resguardo::analyst {

// A roster by itself: root's signature, its lists, its soundness, and, with `now`, that it has not
// expired. Whether it continues the one before is the shelf's and the server's question. `file`:
// armoured or binary.
Result<VerifiedRoster> verify_alone(ByteView file, const PublicKey<RootRole>& root,
                                    const std::optional<TimePoint>& now);

// Exact bytes of the pb::RosterFile in `file`, armoured or binary.
Result<Bytes> roster_bytes(ByteView file);

// The rosters an offline reader has: each signed by root, no two of one number that differ, each
// naming its predecessor where we have it. Expiry is for servers and is not asked here: what was
// sealed under a roster stays readable.
class RosterShelf {
 public:
  explicit RosterShelf(const PublicKey<RootRole>& root) : root_(root) {}

  // `file`: exact bytes of a pb::RosterFile. kUnauthentic: not root's; kConflict: it contradicts
  // one that is here already (the authority signed two histories, or somebody cut one).
  Status add(ByteView file);

  struct Entry {
    std::uint64_t number = 0;
    Digest digest;
    Digest previous;
    VerifiedRoster roster;
  };
  const std::vector<Entry>& entries() const { return entries_; }  // as they were added
  bool empty() const { return entries_.empty(); }

  // Whether a segment was sealed for exactly the active members of the roster it names.
  RosterVerdict judge(const open::SegmentClaims& claims) const;
  // The label of a member of any roster; empty: nobody's.
  std::string label(const MemberId& member) const;

 private:
  PublicKey<RootRole> root_;
  std::vector<Entry> entries_;
};

}  // namespace resguardo::analyst
