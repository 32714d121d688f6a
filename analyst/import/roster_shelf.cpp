// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_shelf.h"

#include <algorithm>

#include "crypto/format/armour.h"
#include "crypto/seal/roster_content.h"
#include "crypto/seal/roster_roots.h"

namespace resguardo::analyst {
namespace {

using Roots = std::vector<PublicKey<RootRole>>;

bool signed_by(const Roots& signers, const PublicKey<RootRole>& root) {
  return std::ranges::find(signers, root) != signers.end();
}

// A roster that holds in itself, under whoever signed it.
Result<VerifiedRoster> verify_of_itself(ByteView file, const SignedRoster& checked, TimePoint now) {
  std::optional<RosterAnchor> before;
  if (checked.roster.number > 1)
    before = RosterAnchor{checked.roster.number - 1, checked.roster.previous};
  if (before && checked.signers.size() == 2) before->next_root = checked.signers.back();
  return VerifiedRoster::verify(file, checked.signers.front(), now, before);
}

}  // namespace

bool names_signer(const VerifiedRoster& roster, const CheckpointNote& note) {
  return roster.log_origin() == note.checkpoint.origin &&
         std::ranges::any_of(roster.log_keys(),
                             [&](const auto& key) { return verify_checkpoint(note, key); });
}

Result<Bytes> roster_bytes(ByteView file) {
  if (!looks_armoured(file)) return to_bytes(file);
  return dearmour(ArmourKind::kRoster, as_text(file));
}

Result<VerifiedRoster> verify_alone(ByteView file, const PublicKey<RootRole>& root,
                                    const std::optional<TimePoint>& now) {
  RESGUARDO_TRY(const auto parsed, read_roster_file(file));
  RESGUARDO_TRY(const auto checked, check_roster_file(parsed));
  if (!signed_by(checked.signers, root))
    return Error{Fault::kUnauthentic, "the roster is not signed by the root key given"};
  return verify_of_itself(file, checked, now.value_or(start_of(checked.roster.issued)));
}

Result<RosterShelf::Candidate> RosterShelf::read(ByteView file) {
  RESGUARDO_TRY(const auto parsed, read_roster_file(file));
  RESGUARDO_TRY(const auto checked, check_roster_file(parsed));
  RESGUARDO_TRY(auto verified, verify_of_itself(file, checked, start_of(checked.roster.issued)));
  return Candidate{
      {checked.roster.number, checked.roster.digest, checked.roster.previous, std::move(verified)},
      checked.signers,
      checked.roster.next_root,
      std::nullopt};
}

// By the believed rosters below it.
void RosterShelf::judge_forward(Candidate& candidate) const {
  RootsDue due{root_, std::nullopt};
  bool follows = false;
  for (const Candidate& known : candidates_) {
    if (!known.root || known.entry.number >= candidate.entry.number) continue;
    due = {*known.root, std::nullopt};
    follows = known.entry.number + 1 == candidate.entry.number;
    if (follows) due.next = known.next_root;
  }
  // What a second signature means is not known without the roster before: it carries no weight.
  const bool authentic =
      follows ? check_signers(candidate.signers, due).ok() : signed_by(candidate.signers, due.root);
  if (authentic) candidate.root = due.next.value_or(due.root);
}

// By the believed roster that names it.
void RosterShelf::judge_backward(Candidate& candidate) const {
  for (const Candidate& known : candidates_)
    if (known.root && known.entry.number == candidate.entry.number + 1 &&
        known.entry.previous == candidate.entry.digest)
      candidate.root = known.signers.front();
}

Status RosterShelf::settle() {
  for (Candidate& candidate : candidates_) candidate.root.reset();
  for (Candidate& candidate : candidates_) judge_forward(candidate);
  for (std::size_t i = candidates_.size(); i > 0; --i)
    if (!candidates_[i - 1].root) judge_backward(candidates_[i - 1]);
  std::vector<Entry> believed;
  for (const Candidate& candidate : candidates_) {
    if (!candidate.root) continue;
    for (const Entry& known : believed) {
      const bool same = known.number == candidate.entry.number;
      const bool next = known.number + 1 == candidate.entry.number;
      if ((same && known.digest != candidate.entry.digest) ||
          (next && known.digest != candidate.entry.previous))
        return Error{Fault::kConflict, "two rosters signed by root contradict each other"};
    }
    believed.push_back(candidate.entry);
  }
  entries_ = std::move(believed);
  return success();
}

Status RosterShelf::add(ByteView file) {
  RESGUARDO_TRY(auto candidate, read(file));
  for (const Candidate& known : candidates_)
    if (equal(known.entry.roster.file(), candidate.entry.roster.file())) return success();
  const auto before = candidates_;
  const auto place =
      std::ranges::upper_bound(candidates_, candidate.entry.number, {},
                               [](const Candidate& known) { return known.entry.number; });
  candidates_.insert(place, std::move(candidate));
  auto settled = settle();
  if (!settled.ok()) candidates_ = before;
  return settled;
}

Status RosterShelf::settled() {
  const auto unbelieved = [](const Candidate& candidate) { return !candidate.root; };
  if (std::erase_if(candidates_, unbelieved) == 0) return success();
  return Error{Fault::kUnauthentic,
               "is another organisation's: its roster is signed neither by the root key that is "
               "believed here nor by one that this led to"};
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
                    [](const Recipient& a, const Recipient& b) {
                      return a.member == b.member && a.key == b.key && a.reserve == b.reserve &&
                             a.group == b.group;
                    }))
      return false;
    if (expected->policy[index] != claims.policy[index] ||
        expected->groups[index] != claims.groups[index])
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

bool RosterShelf::holds(const Digest& digest) const {
  return std::ranges::find(entries_, digest, &Entry::digest) != entries_.end();
}

bool RosterShelf::may_have_log(std::string_view origin) const {
  const auto names = [&](const Entry& entry) { return entry.roster.log_origin() == origin; };
  const auto names_none = [](const Entry& entry) { return entry.roster.log_origin().empty(); };
  return std::ranges::any_of(entries_, names) || std::ranges::all_of(entries_, names_none);
}

std::string RosterShelf::label(const MemberId& member) const {
  for (const Entry& entry : entries_)
    for (const auto& known : entry.roster.members())
      if (known.id == member) return known.label;
  return "";
}

}  // namespace resguardo::analyst
