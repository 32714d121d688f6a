// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_maker.h"

#include <algorithm>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/roster_content.h"

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

}  // namespace

struct RosterDraft::State {
  pb::Roster roster;
  std::vector<std::pair<MemberId, pb::SignedMessage>> lists;  // of active analysts, roster's order

  pb::Member* find(const MemberId& id) {
    const auto found = std::ranges::find_if(*roster.mutable_members(), [&](const auto& member) {
      return equal(as_bytes(member.id()), id.view());
    });
    return found == roster.mutable_members()->end() ? nullptr : &*found;
  }

  std::string organisation(std::string_view label, RandomSource& ids) {
    for (const auto& known : roster.organisations())
      if (known.label() == label) return known.id();
    auto& added = *roster.add_organisations();
    added.set_id(ids.make<MemberId>().str());
    added.set_label(std::string(label));
    return added.id();
  }

  void let_read(int compartment, const std::string& organisation, const std::string& member) {
    auto& groups = *roster.mutable_compartments(compartment)->mutable_groups();
    auto found = std::ranges::find(groups, organisation, &pb::RosterGroup::organisation);
    pb::RosterGroup& group = found == groups.end() ? *groups.Add() : *found;
    group.set_organisation(organisation);
    group.set_m(1);
    group.add_members(member);
  }

  void let_read_nothing(const std::string& member) {
    for (auto& compartment : *roster.mutable_compartments()) {
      for (auto& group : *compartment.mutable_groups())
        remove_if(*group.mutable_members(), [&](const std::string& id) { return id == member; });
      remove_if(*compartment.mutable_groups(),
                [](const pb::RosterGroup& group) { return group.members().empty(); });
    }
  }

  std::string label_of(const std::string& organisation) const {
    for (const auto& known : roster.organisations())
      if (known.id() == organisation) return known.label();
    return {};
  }

  bool reads(int compartment, const std::string& member) const {
    return std::ranges::any_of(roster.compartments(compartment).groups(), [&](const auto& group) {
      return std::ranges::find(group.members(), member) != group.members().end();
    });
  }

  pb::RosterFile file() const {
    pb::RosterFile file;
    file.set_format(1);
    file.mutable_roster()->set_message(to_string(serialize_canonical(roster)));
    for (const auto& [member, list] : lists) *file.add_epoch_lists() = list;
    return file;
  }

  // `checked`: what was read from `file`; so its parts parse.
  static std::unique_ptr<State> of(const pb::RosterFile& file, const SignedRoster& checked) {
    auto state = std::make_unique<State>();
    state->roster.ParseFromString(file.roster().message());
    for (std::size_t i = 0; i < checked.lists.size(); ++i)
      state->lists.emplace_back(checked.lists[i].member, file.epoch_lists(static_cast<int>(i)));
    return state;
  }
};

RosterDraft::RosterDraft(std::unique_ptr<State> state) : state_(std::move(state)) {}
RosterDraft::RosterDraft(RosterDraft&&) noexcept = default;
RosterDraft& RosterDraft::operator=(RosterDraft&&) noexcept = default;
RosterDraft::~RosterDraft() = default;

RosterDraft RosterDraft::first() {
  auto state = std::make_unique<State>();
  state->roster.set_format(1);
  state->roster.set_number(1);
  state->roster.set_previous_digest(Digest{}.str());
  for (const auto compartment : {pb::COMPARTMENT_TESTIMONY, pb::COMPARTMENT_IDENTITY}) {
    auto& policy = *state->roster.add_compartments();
    policy.set_compartment(compartment);
    policy.set_kind(pb::POLICY_ANY);
  }
  return RosterDraft(std::move(state));
}

Result<RosterDraft> RosterDraft::following(ByteView file, const PublicKey<RootRole>& root) {
  RESGUARDO_TRY(const auto parsed, read_roster_file(file));
  RESGUARDO_TRY(const auto checked, check_roster_file(parsed, root));
  auto state = State::of(parsed, checked);
  state->roster.set_number(checked.roster.number + 1);
  state->roster.set_previous_digest(checked.roster.digest.str());
  return RosterDraft(std::move(state));
}

Result<RosterDraft> RosterDraft::parse(ByteView text) {
  if (text.size() > kMaxRosterFile) return Error{Fault::kMalformed, "too long for a roster"};
  RESGUARDO_TRY(const Bytes bytes, dearmour(ArmourKind::kRosterDraft, as_text(text)));
  RESGUARDO_TRY(const auto file, parse_strict<pb::RosterFile>(bytes));
  if (file.format() != 1 || file.roster().signatures_size() != 0)
    return Error{Fault::kMalformed, "not a roster draft of this version"};
  RESGUARDO_TRY(const auto checked, check_unsigned_roster(file));
  return RosterDraft(State::of(file, checked));
}

Result<std::string> RosterDraft::text() const {
  RESGUARDO_CHECK(check());
  return armour(ArmourKind::kRosterDraft, serialize_canonical(state_->file()));
}

Status RosterDraft::add_member(const MemberPublic& member, std::string_view organisation,
                               Reads reads, RandomSource& ids) {
  for (const auto& known : state_->roster.members())
    if (equal(as_bytes(known.id()), member.id.view()) ||
        equal(as_bytes(known.ed25519()), member.key.view()))
      return Error{Fault::kConflict, "the member is in the roster already"};
  if (!reads.testimony && !reads.identity)
    return Error{Fault::kRefused, "a member opens at least one compartment"};
  auto& added = *state_->roster.add_members();
  added.set_id(member.id.str());
  added.set_label(member.label);
  added.set_organisation(state_->organisation(organisation, ids));
  added.set_ed25519(to_string(member.key.view()));
  added.set_role(pb::ROLE_ANALYST);
  added.set_state(pb::MEMBER_ACTIVE);
  if (reads.testimony) state_->let_read(0, added.organisation(), added.id());
  if (reads.identity) state_->let_read(1, added.organisation(), added.id());
  state_->lists.emplace_back(member.id, signed_message(member.epoch_list));
  return success();
}

Status RosterDraft::renew_list(const MemberPublic& member) {
  const auto slot =
      std::ranges::find(state_->lists, member.id, [](const auto& l) { return l.first; });
  const pb::Member* known = state_->find(member.id);
  if (slot == state_->lists.end() || known == nullptr)
    return Error{Fault::kNotFound, "no active member of the roster has this id"};
  if (!equal(as_bytes(known->ed25519()), member.key.view()))
    return Error{Fault::kUnauthentic, "the list is signed by another key than the member's"};
  auto list = signed_message(member.epoch_list);
  RESGUARDO_TRY(const auto before, read_epoch_list(as_bytes(slot->second.message())));
  RESGUARDO_TRY(const auto after, verify_epoch_list(list, member.key));
  if (after.member != member.id || after.number != before.number + 1 ||
      after.previous != before.digest)
    return Error{Fault::kConflict, "the list does not follow the one in the roster"};
  slot->second = std::move(list);
  return success();
}

Status RosterDraft::revoke_member(const MemberId& member) {
  pb::Member* const known = state_->find(member);
  if (known == nullptr || known->state() != pb::MEMBER_ACTIVE)
    return Error{Fault::kNotFound, "no active member of the roster has this id"};
  known->set_state(pb::MEMBER_REVOKED);
  state_->let_read_nothing(known->id());
  std::erase_if(state_->lists, [&](const auto& list) { return list.first == member; });
  return success();
}

void RosterDraft::set_terms(const RosterTerms& terms) {
  pb::Roster& roster = state_->roster;
  roster.set_issued_day(terms.issued.number);
  roster.set_expires_day(terms.expires.number);
  roster.clear_log_keys();
  for (const auto& key : terms.log_keys) roster.add_log_keys(to_string(key.view()));
  roster.set_log_origin(terms.log_origin);
  roster.clear_next_root();
  if (terms.next_root) roster.set_next_root(to_string(terms.next_root->view()));
}

RosterTerms RosterDraft::terms() const {
  const pb::Roster& roster = state_->roster;
  RosterTerms terms;
  terms.issued = Day{static_cast<std::int32_t>(roster.issued_day())};
  terms.expires = Day{static_cast<std::int32_t>(roster.expires_day())};
  for (const std::string& key : roster.log_keys())
    terms.log_keys.push_back(PublicKey<LogRole>::from_bytes(as_bytes(key)).value());
  terms.log_origin = roster.log_origin();
  if (!roster.next_root().empty())
    terms.next_root = PublicKey<RootRole>::from_bytes(as_bytes(roster.next_root())).value();
  return terms;
}

std::vector<RosterDraft::Line> RosterDraft::lines() const {
  std::vector<Line> lines;
  for (const auto& member : state_->roster.members()) {
    if (member.role() != pb::ROLE_ANALYST) continue;
    lines.push_back({*MemberId::from(as_bytes(member.id())),
                     member.label(),
                     state_->label_of(member.organisation()),
                     PublicKey<AnalystRole>::from_bytes(as_bytes(member.ed25519())).value(),
                     member.state() == pb::MEMBER_ACTIVE,
                     {state_->reads(0, member.id()), state_->reads(1, member.id())}});
  }
  return lines;
}

std::uint64_t RosterDraft::number() const {
  return state_->roster.number();
}

Status RosterDraft::check() const {
  const auto checked = check_unsigned_roster(state_->file());
  if (!checked.ok()) return checked.error();
  return success();
}

Result<std::string> RosterDraft::sign(const SecretKey<RootRole>& root) const {
  pb::RosterFile file = state_->file();
  auto& signature = *file.mutable_roster()->add_signatures();
  signature.set_public_key(to_string(root.public_key().view()));
  signature.set_signature(
      to_string(root.sign(Label::kSignRoster, as_bytes(file.roster().message()))));
  if (const auto checked = check_roster_file(file, root.public_key()); !checked.ok())
    return checked.error();
  return armour(ArmourKind::kRoster, serialize_canonical(file));
}

}  // namespace resguardo::open
