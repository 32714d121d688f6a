// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "crypto/format/strict_parse.h"
#include "crypto/open/roster_maker.h"
#include "crypto/seal/roster_content.h"

// Inside crypto/open only.
namespace resguardo::open {

struct RosterDraft::State {
  pb::Roster roster;
  std::vector<std::pair<MemberId, pb::SignedMessage>> lists;  // of active analysts
  // Who is to sign, in this order; without a signature until it has. Empty: any one root.
  std::vector<pb::Signature> places;

  pb::Member* find(const MemberId& id) {
    const auto found = std::ranges::find_if(*roster.mutable_members(), [&](const auto& member) {
      return equal(as_bytes(member.id()), id.view());
    });
    return found == roster.mutable_members()->end() ? nullptr : &*found;
  }

  void changed() {
    for (auto& place : places) place.clear_signature();
  }

  pb::RosterFile file() const {
    pb::RosterFile file;
    file.set_format(1);
    file.mutable_roster()->set_message(to_string(serialize_canonical(roster)));
    for (const auto& member : roster.members())
      for (const auto& [id, list] : lists)
        if (equal(as_bytes(member.id()), id.view())) *file.add_epoch_lists() = list;
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

}  // namespace resguardo::open
