// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/commands/incidents.h"

namespace resguardo::analyst {

// Questions that are kept in the vault by a name, for `--set NAME`.
struct SetOptions {
  VaultOptions vault;
  std::string name;
  FilterOptions filter;  // of one that is kept
};
// kUsage: no such name, a filter that asks for nothing, or a code that there is not.
program::Outcome<Done> save_set(const SetOptions& options, Call& call);
program::Outcome<Done> list_sets(const VaultOptions& options, Call& call);
program::Outcome<Done> show_set(const SetOptions& options, Call& call);
program::Outcome<Done> remove_set(const SetOptions& options, Call& call);

}  // namespace resguardo::analyst
