// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"

namespace resguardo::analyst {

struct KeyRetireOptions {
  std::string week;             // 2026-W47
  std::filesystem::path vault;  // where the week's reports are
  SecretSources secrets;
  std::vector<std::string> gone;  // logs of servers that are no more
  bool dry_run = false;
};
// Destroys the key of one week in an analyst's folder, if everything that it opens is in the vault
// (analyst/import/retirement.h). Cut short anywhere, every other week still opens.
// WARNING: nothing undoes it. On flash, overwriting is best effort.
program::Outcome<Done> key_retire(const KeyRetireOptions& options, Call& call);

}  // namespace resguardo::analyst
