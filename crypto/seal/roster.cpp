// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/roster.h"

#include <algorithm>

#include "crypto/format/strict_parse.h"
#include "crypto/seal/roster_content.h"
#include "crypto/seal/roster_roots.h"

namespace resguardo {
namespace {

Status check_continues(const RosterContent& roster, const std::optional<RosterAnchor>& anchor) {
  if (!anchor) {
    if (roster.number == 1) return success();
    return Error{Fault::kConflict, "the first roster accepted has number 1: install them in order"};
  }
  if (roster.number < anchor->number)
    return Error{Fault::kReplayed, "the roster is older than the one accepted last"};
  if (roster.number == anchor->number) {
    if (roster.digest == anchor->digest) return success();
    return Error{Fault::kConflict, "another roster with this number was accepted before"};
  }
  if (roster.number != anchor->number + 1 || roster.previous != anchor->digest)
    return Error{Fault::kConflict,
                 "the roster does not follow the one accepted last: install them in order"};
  return success();
}

Status check_list_continues(const EpochListContent& list, const ListAnchor& anchor) {
  if (list.number < anchor.number)
    return Error{Fault::kReplayed, "an epoch list is older than the one accepted last"};
  if (list.number == anchor.number) {
    if (list.digest == anchor.digest) return success();
    return Error{Fault::kConflict, "another epoch list with this number was accepted before"};
  }
  if (list.number != anchor.number + 1 || list.previous != anchor.digest)
    return Error{Fault::kConflict, "an epoch list does not follow the one accepted last"};
  return success();
}

Status check_lists_continue(const std::vector<EpochListContent>& lists,
                            const std::vector<ListAnchor>& anchors) {
  for (const auto& list : lists) {
    const auto before = std::ranges::find(anchors, list.member, &ListAnchor::member);
    if (before != anchors.end()) RESGUARDO_CHECK(check_list_continues(list, *before));
  }
  return success();
}

// Whoever leaves the roster and comes back continues the list accepted before.
std::vector<ListAnchor> lists_without(const std::vector<ListAnchor>& anchors,
                                      const std::vector<EpochListContent>& lists) {
  std::vector<ListAnchor> rest;
  for (const auto& anchor : anchors)
    if (std::ranges::find(lists, anchor.member, &EpochListContent::member) == lists.end())
      rest.push_back(anchor);
  return rest;
}

}  // namespace

struct VerifiedRoster::Content {
  Bytes file;
  SignedRoster checked;
  PublicKey<RootRole> pin;
  PublicKey<RootRole> root;           // who signs the next
  std::vector<ListAnchor> once_here;  // lists of members who have none in this roster

  const EpochListContent& list_of(const MemberId& member) const {
    return *std::ranges::find(checked.lists, member, &EpochListContent::member);
  }
};

VerifiedRoster::VerifiedRoster(std::shared_ptr<const Content> content)
    : content_(std::move(content)) {}

Result<VerifiedRoster> VerifiedRoster::verify(ByteView file, const PublicKey<RootRole>& pin,
                                              TimePoint now,
                                              const std::optional<RosterAnchor>& anchor) {
  RESGUARDO_TRY(const auto parsed, read_roster_file(file));
  RESGUARDO_TRY(auto checked, check_roster_file(parsed));
  RESGUARDO_TRY(const auto root, check_roots(checked, pin, anchor));
  RESGUARDO_CHECK(check_continues(checked.roster, anchor));
  if (anchor) RESGUARDO_CHECK(check_lists_continue(checked.lists, anchor->lists));
  if (checked.roster.expires < day_of(now)) return Error{Fault::kStale, "the roster has expired"};
  std::vector<ListAnchor> once_here;
  if (anchor) once_here = lists_without(anchor->lists, checked.lists);
  return VerifiedRoster(std::make_shared<const Content>(
      Content{serialize_canonical(parsed), std::move(checked), pin, root, std::move(once_here)}));
}

RosterAnchor VerifiedRoster::anchor() const {
  RosterAnchor anchor{content_->checked.roster.number, content_->checked.roster.digest};
  for (const auto& list : content_->checked.lists)
    anchor.lists.push_back({list.member, list.number, list.digest});
  anchor.lists.insert(anchor.lists.end(), content_->once_here.begin(), content_->once_here.end());
  anchor.pin = content_->pin;
  anchor.root = content_->root;
  anchor.next_root = content_->checked.roster.next_root;
  return anchor;
}

Day VerifiedRoster::expires() const {
  return content_->checked.roster.expires;
}
bool VerifiedRoster::expired(TimePoint now) const {
  return expires() < day_of(now);
}

namespace {

Result<Recipient> recipient_of(const EpochListContent& list, Week week, std::uint32_t group) {
  const auto key = list.keys.find(week);
  if (key != list.keys.end()) return Recipient{list.member, key->second, false, group};
  if (list.reserve) return Recipient{list.member, *list.reserve, true, group};
  return Error{Fault::kUnavailable,
               "an analyst has neither a key of this week nor a reserve: renew the epoch list"};
}

struct ReaderPlace {
  std::size_t analyst;
  std::uint32_t group;
};

// As the set lists them (roster.h, Recipients).
std::vector<ReaderPlace> places_of(const CompartmentReaders& readers) {
  const bool quorum = readers.policy == PolicyType::kQuorum;
  std::vector<ReaderPlace> places;
  for (std::size_t i = 0; i < readers.groups.size(); ++i)
    for (const std::size_t place : readers.groups[i].members)
      places.push_back({place, quorum ? static_cast<std::uint32_t>(i) : 0});
  if (!quorum) std::ranges::sort(places, {}, &ReaderPlace::analyst);
  return places;
}

}  // namespace

Result<Recipients> VerifiedRoster::recipients(Week week) const {
  const RosterContent& roster = content_->checked.roster;
  Recipients result{week, roster.digest, content_->checked.lists_digest, {}, {}, {}};
  for (const StreamId stream : kStreams) {
    const auto at = static_cast<std::size_t>(stream);
    const CompartmentReaders& readers = roster.compartments.at(at);
    result.policy[at] = readers.policy;
    if (readers.policy == PolicyType::kQuorum)
      for (const ReaderGroup& group : readers.groups)
        result.groups[at].push_back({group.organisation, group.m});
    for (const ReaderPlace& place : places_of(readers)) {
      const EpochListContent& list = content_->list_of(roster.analysts.at(place.analyst).id);
      RESGUARDO_TRY(const auto recipient, recipient_of(list, week, place.group));
      result.members[at].push_back(recipient);
    }
  }
  return result;
}

int VerifiedRoster::days_of_keys_left(TimePoint now) const {
  int left = 0;
  bool first = true;
  for (const auto& list : content_->checked.lists) {
    const Week last = list.keys.rbegin()->first;
    const int days = monday_of(Week{last.number + 1}).number - 1 - day_of(now).number;
    left = first ? days : std::min(left, days);
    first = false;
  }
  return left;
}

const std::vector<VerifiedRoster::Member>& VerifiedRoster::members() const {
  return content_->checked.roster.analysts;
}
const std::vector<VerifiedRoster::Witness>& VerifiedRoster::witnesses() const {
  return content_->checked.roster.witnesses;
}
const std::vector<PublicKey<LogRole>>& VerifiedRoster::log_keys() const {
  return content_->checked.roster.log_keys;
}
const std::string& VerifiedRoster::log_origin() const {
  return content_->checked.roster.log_origin;
}
ByteView VerifiedRoster::file() const {
  return content_->file;
}

}  // namespace resguardo
