// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_view.h"

#include <algorithm>

#include "crypto/seal/epoch_list.h"
#include "proto/roster.pb.h"

namespace resguardo::open {
namespace {

std::string label_of(const pb::Roster& roster, const std::string& organisation) {
  for (const auto& known : roster.organisations())
    if (known.id() == organisation) return known.label();
  return {};
}

bool reads(const pb::Roster& roster, int compartment, const std::string& member) {
  return std::ranges::any_of(roster.compartments(compartment).groups(), [&](const auto& group) {
    return std::ranges::find(group.members(), member) != group.members().end();
  });
}

Standing standing_of(pb::MemberState state) {
  if (state == pb::MEMBER_ACTIVE) return Standing::kActive;
  return state == pb::MEMBER_SUSPENDED ? Standing::kSuspended : Standing::kRevoked;
}

MemberTask task_of(pb::MemberRole role) {
  if (role == pb::ROLE_ANALYST) return MemberTask::kAnalyst;
  return role == pb::ROLE_RESEARCHER ? MemberTask::kResearcher : MemberTask::kWitness;
}

RosterTerms terms_of(const pb::Roster& roster) {
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

void add_list(const pb::RosterFile& file, RosterView::Line& line) {
  for (const auto& wire : file.epoch_lists()) {
    const auto list = read_epoch_list(as_bytes(wire.message()));
    if (!list.ok() || list->member != line.id) continue;
    line.list_number = list->number;
    line.last_week = list->keys.rbegin()->first;
    line.reserve = list->reserve.has_value();
  }
}

RosterView::Policy policy_of(const pb::Roster& roster, int compartment) {
  const auto& wire = roster.compartments(compartment);
  RosterView::Policy policy;
  policy.type = wire.kind() == pb::POLICY_ANY ? PolicyType::kAny : PolicyType::kQuorum;
  for (const auto& group : wire.groups())
    policy.groups.push_back({label_of(roster, group.organisation()), group.m(),
                             static_cast<std::size_t>(group.members_size())});
  return policy;
}

}  // namespace

RosterView view_of(const pb::RosterFile& file) {
  pb::Roster roster;
  roster.ParseFromString(file.roster().message());
  RosterView view;
  view.number = roster.number();
  view.terms = terms_of(roster);
  for (const auto& organisation : roster.organisations())
    view.organisations.push_back(organisation.label());
  for (const auto& member : roster.members()) {
    RosterView::Line line{*MemberId::from(as_bytes(member.id())),
                          member.label(),
                          label_of(roster, member.organisation()),
                          PublicKey<AnalystRole>::from_bytes(as_bytes(member.ed25519())).value(),
                          task_of(member.role()),
                          standing_of(member.state()),
                          {reads(roster, 0, member.id()), reads(roster, 1, member.id())},
                          0,
                          std::nullopt,
                          false};
    add_list(file, line);
    view.members.push_back(std::move(line));
  }
  for (int i = 0; i < 2; ++i) view.policies.at(static_cast<std::size_t>(i)) = policy_of(roster, i);
  return view;
}

}  // namespace resguardo::open
