// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analyst/commands/reports.h"

namespace resguardo::analyst {

struct DuplicateOptions {
  VaultOptions vault;
  std::vector<std::string> pair;  // two incidents to look at or decide; none: all that may be one
  std::string outcome;            // what they are to each other
  std::string reason;
  bool review = false;    // of all pairs also those that are only worth a look
  bool clusters = false;  // what was decided, instead of what may be
  std::size_t limit = 50;
};
// Pairs of incidents that may be one, heaviest first; two side by side; or what two of them are,
// written down with its reason. No report is changed or deleted.
program::Outcome<Done> find_duplicates(const DuplicateOptions& options, Call& call);

}  // namespace resguardo::analyst
