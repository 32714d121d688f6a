// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_lint.h"

#include <algorithm>
#include <set>

namespace resguardo::open {
namespace {

bool several_organisations(const RosterView& roster) {
  std::set<std::string> active;
  for (const auto& member : roster.members)
    if (member.task == MemberTask::kAnalyst && member.standing == Standing::kActive)
      active.insert(member.organisation);
  return active.size() > 1;
}

}  // namespace

Status check_sense(const RosterView& roster) {
  std::set<std::string> labels;
  for (const std::string& label : roster.organisations)
    if (!labels.insert(label).second)
      return Error{Fault::kRefused, "two organisations have one label: give each its own"};
  if (!several_organisations(roster)) return success();
  for (const auto& policy : roster.policies)
    if (policy.type == PolicyType::kQuorum && policy.groups.size() == 1)
      return Error{Fault::kRefused,
                   "the quorum lies inside one organisation, which opens alone: make a group of "
                   "each organisation, or say ANY"};
  return success();
}

}  // namespace resguardo::open
