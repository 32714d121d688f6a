// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "analyst/commands/call.h"
#include "crypto/open/roster_view.h"

namespace resguardo::analyst {

// What is printed of a roster, for people or as JSON.
struct ShownRoster {
  open::RosterView view;
  std::vector<PublicKey<RootRole>> signers;  // as the file says; not checked
  std::vector<PublicKey<RootRole>> to_sign;  // of a draft
};
void print_roster(const ShownRoster& roster, Call& call);

}  // namespace resguardo::analyst
