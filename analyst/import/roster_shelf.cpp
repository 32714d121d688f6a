// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_shelf.h"

#include <algorithm>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

// What the roster says of itself, before anybody has checked it.
struct Claimed {
  TimePoint issued;
  std::optional<RosterAnchor> predecessor;
  Digest previous;
};

Result<Claimed> claims_of(ByteView bytes) {
  RESGUARDO_TRY(const auto file, parse_strict<pb::RosterFile>(bytes));
  RESGUARDO_TRY(const auto roster, parse_strict<pb::Roster>(as_bytes(file.roster().message())));
  const auto previous = Digest::from(as_bytes(roster.previous_digest()));
  constexpr std::int64_t kMostDays = 2'000'000;
  if (!previous || roster.issued_day() < 0 || roster.issued_day() > kMostDays)
    return Error{Fault::kMalformed, "a roster without a sound day or predecessor"};
  Claimed claimed{start_of(Day{static_cast<std::int32_t>(roster.issued_day())}), {}, *previous};
  if (roster.number() > 1) claimed.predecessor = RosterAnchor{roster.number() - 1, *previous};
  return claimed;
}

}  // namespace

Result<Bytes> roster_bytes(ByteView file) {
  if (!looks_armoured(file)) return to_bytes(file);
  return dearmour(ArmourKind::kRoster, as_text(file));
}

Result<VerifiedRoster> verify_alone(ByteView file, const PublicKey<RootRole>& root,
                                    const std::optional<TimePoint>& now) {
  RESGUARDO_TRY(const Bytes bytes, roster_bytes(file));
  RESGUARDO_TRY(const auto claimed, claims_of(bytes));
  return VerifiedRoster::verify(bytes, root, now.value_or(claimed.issued), claimed.predecessor);
}

Status RosterShelf::add(ByteView file) {
  RESGUARDO_TRY(const auto claimed, claims_of(file));
  RESGUARDO_TRY(auto verified,
                VerifiedRoster::verify(file, root_, claimed.issued, claimed.predecessor));
  const RosterAnchor anchor = verified.anchor();
  for (const Entry& known : entries_) {
    const bool same_number = known.number == anchor.number && known.digest != anchor.digest;
    const bool before = known.number + 1 == anchor.number && claimed.previous != known.digest;
    const bool after = anchor.number + 1 == known.number && known.previous != anchor.digest;
    if (same_number || before || after)
      return Error{Fault::kConflict, "two rosters signed by root contradict each other"};
  }
  entries_.push_back({anchor.number, anchor.digest, claimed.previous, std::move(verified)});
  return success();
}

namespace {

bool fits(const VerifiedRoster& roster, const open::SegmentClaims& claims) {
  const auto expected = roster.recipients(claims.week);
  if (!expected.ok() || expected->lists_digest != claims.lists_digest) return false;
  for (const StreamId stream : kStreams) {
    const auto index = static_cast<std::size_t>(stream);
    const auto& wanted = expected->members[index];
    const auto& found = claims.members[index];
    if (!std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(),
                    [](const Recipient& a, const MemberId& b) { return a.member == b; }))
      return false;
  }
  return true;
}

}  // namespace

RosterVerdict RosterShelf::judge(const open::SegmentClaims& claims) const {
  RosterVerdict verdict = RosterVerdict::kUnknownRoster;
  for (const Entry& entry : entries_) {
    if (entry.digest != claims.roster_digest) continue;
    if (fits(entry.roster, claims)) return RosterVerdict::kFits;
    verdict = RosterVerdict::kOtherMembers;
  }
  return verdict;
}

std::string RosterShelf::label(const MemberId& member) const {
  for (const Entry& entry : entries_)
    for (const auto& known : entry.roster.members())
      if (known.id == member) return known.label;
  return "";
}

}  // namespace resguardo::analyst
