// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_draft_state.h"

namespace resguardo::open {
namespace {

// Takes out of a repeated field what `unwanted` says, keeping the order of the rest.
template <class Repeated, class Unwanted>
void remove_if(Repeated& repeated, const Unwanted& unwanted) {
  repeated.erase(std::remove_if(repeated.begin(), repeated.end(), unwanted), repeated.end());
}

pb::SignedMessage signed_message(const Bytes& exact) {
  pb::SignedMessage message;
  message.ParseFromArray(exact.data(), static_cast<int>(exact.size()));
  return message;
}

std::string organisation_id(pb::Roster& roster, std::string_view label, RandomSource& ids) {
  for (const auto& known : roster.organisations())
    if (known.label() == label) return known.id();
  auto& added = *roster.add_organisations();
  added.set_id(ids.make<MemberId>().str());
  added.set_label(std::string(label));
  return added.id();
}

void remove_empty_groups(pb::CompartmentPolicy& compartment) {
  remove_if(*compartment.mutable_groups(),
            [](const pb::RosterGroup& group) { return group.members().empty(); });
}

void let_read_nothing(pb::Roster& roster, const std::string& member) {
  for (auto& compartment : *roster.mutable_compartments()) {
    for (auto& group : *compartment.mutable_groups())
      remove_if(*group.mutable_members(), [&](const std::string& id) { return id == member; });
    // A quorum whose organisation has nobody left is for the authority to decide: check() says so.
    if (compartment.kind() == pb::POLICY_ANY) remove_empty_groups(compartment);
  }
}

void let_read_one(pb::CompartmentPolicy& compartment, const pb::Member& member) {
  auto& groups = *compartment.mutable_groups();
  auto found = std::ranges::find(groups, member.organisation(), &pb::RosterGroup::organisation);
  pb::RosterGroup& group = found == groups.end() ? *groups.Add() : *found;
  group.set_organisation(member.organisation());
  if (group.m() == 0) group.set_m(1);
  group.add_members(member.id());
}

Status let_read(pb::Roster& roster, const pb::Member& member, Reads reads) {
  if (!reads.testimony && !reads.identity)
    return Error{Fault::kRefused, "a member opens at least one compartment"};
  let_read_nothing(roster, member.id());
  if (reads.testimony) let_read_one(*roster.mutable_compartments(0), member);
  if (reads.identity) let_read_one(*roster.mutable_compartments(1), member);
  return success();
}

constexpr Error kNobody{Fault::kNotFound, "no active member of the roster has this id"};

}  // namespace

Status RosterDraft::add_member(const MemberPublic& member, std::string_view organisation,
                               Reads reads, RandomSource& ids) {
  for (const auto& known : state_->roster.members())
    if (equal(as_bytes(known.id()), member.id.view()) ||
        equal(as_bytes(known.ed25519()), member.key.view()))
      return Error{Fault::kConflict, "the member is in the roster already"};
  if (!reads.testimony && !reads.identity)
    return Error{Fault::kRefused, "a member opens at least one compartment"};
  state_->changed();
  auto& added = *state_->roster.add_members();
  added.set_id(member.id.str());
  added.set_label(member.label);
  added.set_organisation(organisation_id(state_->roster, organisation, ids));
  added.set_ed25519(to_string(member.key.view()));
  added.set_role(pb::ROLE_ANALYST);
  added.set_state(pb::MEMBER_ACTIVE);
  state_->lists.emplace_back(member.id, signed_message(member.epoch_list));
  return let_read(state_->roster, added, reads);
}

Status RosterDraft::add_witness(std::string_view label, const PublicKey<AnalystRole>& key,
                                std::string_view organisation, RandomSource& ids) {
  for (const auto& known : state_->roster.members())
    if (equal(as_bytes(known.ed25519()), key.view()))
      return Error{Fault::kConflict, "the key is in the roster already"};
  state_->changed();
  auto& added = *state_->roster.add_members();
  added.set_id(ids.make<MemberId>().str());
  added.set_label(std::string(label));
  added.set_organisation(organisation_id(state_->roster, organisation, ids));
  added.set_ed25519(to_string(key.view()));
  added.set_role(pb::ROLE_WITNESS);
  added.set_state(pb::MEMBER_ACTIVE);
  return success();
}

Status RosterDraft::renew_list(const MemberPublic& member) {
  const auto slot =
      std::ranges::find(state_->lists, member.id, [](const auto& l) { return l.first; });
  const pb::Member* known = state_->find(member.id);
  if (slot == state_->lists.end() || known == nullptr) return kNobody;
  if (!equal(as_bytes(known->ed25519()), member.key.view()))
    return Error{Fault::kUnauthentic, "the list is signed by another key than the member's"};
  auto list = signed_message(member.epoch_list);
  RESGUARDO_TRY(const auto before, read_epoch_list(as_bytes(slot->second.message())));
  RESGUARDO_TRY(const auto after, verify_epoch_list(list, member.key));
  if (after.member != member.id || after.number != before.number + 1 ||
      after.previous != before.digest)
    return Error{Fault::kConflict, "the list does not follow the one in the roster"};
  state_->changed();
  slot->second = std::move(list);
  return success();
}

Status RosterDraft::revoke_member(const MemberId& member) {
  pb::Member* const known = state_->find(member);
  if (known == nullptr || known->state() == pb::MEMBER_REVOKED) return kNobody;
  state_->changed();
  known->set_state(pb::MEMBER_REVOKED);
  let_read_nothing(state_->roster, known->id());
  std::erase_if(state_->lists, [&](const auto& list) { return list.first == member; });
  return success();
}

Status RosterDraft::suspend_member(const MemberId& member) {
  pb::Member* const known = state_->find(member);
  if (known == nullptr || known->state() != pb::MEMBER_ACTIVE) return kNobody;
  RESGUARDO_CHECK(revoke_member(member));
  known->set_state(pb::MEMBER_SUSPENDED);
  return success();
}

Status RosterDraft::restore_member(const MemberPublic& member, Reads reads) {
  pb::Member* const known = state_->find(member.id);
  if (known == nullptr || known->state() == pb::MEMBER_ACTIVE)
    return Error{Fault::kNotFound, "nobody suspended or revoked has this id"};
  if (!equal(as_bytes(known->ed25519()), member.key.view()))
    return Error{Fault::kUnauthentic, "the roster has another key for this member"};
  RESGUARDO_CHECK(let_read(state_->roster, *known, reads));
  state_->changed();
  known->set_state(pb::MEMBER_ACTIVE);
  if (known->role() == pb::ROLE_ANALYST)
    state_->lists.emplace_back(member.id, signed_message(member.epoch_list));
  return success();
}

Status RosterDraft::set_reads(const MemberId& member, Reads reads) {
  pb::Member* const known = state_->find(member);
  if (known == nullptr || known->state() != pb::MEMBER_ACTIVE) return kNobody;
  state_->changed();
  return let_read(state_->roster, *known, reads);
}

Status RosterDraft::set_policy(StreamId stream, const std::vector<Needed>& needed) {
  auto& compartment = *state_->roster.mutable_compartments(static_cast<int>(stream));
  auto changed = compartment;
  remove_empty_groups(changed);
  changed.set_kind(needed.empty() ? pb::POLICY_ANY : pb::POLICY_QUORUM);
  if (!needed.empty() && needed.size() != static_cast<std::size_t>(changed.groups_size()))
    return Error{Fault::kNotFound, "a quorum names every organisation that has readers, each once"};
  for (auto& group : *changed.mutable_groups()) {
    group.set_m(1);
    if (needed.empty()) continue;
    const auto label = [&](const pb::Organisation& one) {
      return one.id() == group.organisation();
    };
    const auto& all = state_->roster.organisations();
    const auto organisation = std::ranges::find_if(all, label);
    const auto wanted = std::ranges::find(needed, organisation->label(), &Needed::organisation);
    if (wanted == needed.end())
      return Error{Fault::kNotFound,
                   "a quorum names every organisation that has readers, each once"};
    group.set_m(wanted->members);
  }
  compartment = changed;
  state_->changed();
  return success();
}

void RosterDraft::set_terms(const RosterTerms& terms) {
  state_->changed();
  pb::Roster& roster = state_->roster;
  roster.set_issued_day(terms.issued.number);
  roster.set_expires_day(terms.expires.number);
  roster.clear_log_keys();
  for (const auto& key : terms.log_keys) roster.add_log_keys(to_string(key.view()));
  roster.set_log_origin(terms.log_origin);
  roster.clear_next_root();
  if (terms.next_root) roster.set_next_root(to_string(terms.next_root->view()));
}

}  // namespace resguardo::open
