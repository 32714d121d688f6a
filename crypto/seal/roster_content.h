// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/seal/epoch_list.h"
#include "crypto/seal/roster.h"
#include "proto/roster.pb.h"

namespace resguardo {

constexpr std::size_t kMaxRosterFile = std::size_t{4} << 20U;
constexpr int kMaxMembers = 256;
constexpr int kMaxLogKeys = 16;
constexpr std::uint32_t kMaxGroup = 32;

// Who reads one compartment, by place in RosterContent::analysts.
struct ReaderGroup {
  MemberId organisation;
  std::uint32_t m = 1;
  std::vector<std::size_t> members;
};
struct CompartmentReaders {
  PolicyType policy = PolicyType::kAny;
  std::vector<ReaderGroup> groups;
};

// What a roster says, checked for sense. Nothing here says who signed it.
struct RosterContent {
  std::uint64_t number = 0;
  Digest previous;
  Digest digest;  // BLAKE2b-256 of the exact bytes
  Day issued;
  Day expires;
  std::vector<VerifiedRoster::Member> analysts;    // roster's order, active or not
  std::vector<VerifiedRoster::Witness> witnesses;  // active
  std::array<CompartmentReaders, 2> compartments;
  std::vector<PublicKey<LogRole>> log_keys;
  std::string log_origin;
  std::optional<PublicKey<RootRole>> next_root;
  std::set<std::string> keys;  // of every member, log and root to come: none of them signs rosters
};

// Parses strictly; checks labels, ids, keys (sound, distinct, of one role), days, that groups name
// active analysts of their organisation, and that every policy can be met.
Result<RosterContent> read_roster(ByteView exact);

// A whole file with the lists of its active analysts in the roster's order. Its signatures hold;
// whether `signers` are those who may sign is roster_roots.h's question.
struct SignedRoster {
  RosterContent roster;
  std::vector<PublicKey<RootRole>> signers;  // one, or two different ones; of a draft: none
  std::vector<EpochListContent> lists;       // of the active analysts
  Digest lists_digest;                       // BLAKE2b-256 over the lists' digests in that order
};

// Armoured or binary. kMalformed, or longer than kMaxRosterFile.
Result<pb::RosterFile> read_roster_file(ByteView file);

// Everything VerifiedRoster promises but the expiry, what came before, and which roots may sign.
Result<SignedRoster> check_roster_file(const pb::RosterFile& file);
// The part of it that needs no root signature: for drafts.
Result<SignedRoster> check_unsigned_roster(const pb::RosterFile& file);

}  // namespace resguardo
