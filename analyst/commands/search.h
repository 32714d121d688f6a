// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/commands/reports.h"

namespace resguardo::analyst {

struct SearchOptions {
  VaultOptions vault;
  std::vector<std::string> words;
  std::size_t limit = 50;
};
// Reports whose testimony has all of these words, with some of what stands around them. A vault
// that was made before there was an index gets one first.
program::Outcome<Done> search_reports(const SearchOptions& options, Call& call);

}  // namespace resguardo::analyst
