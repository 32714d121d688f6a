// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

struct RootSplitOptions {
  std::filesystem::path root_key;
  std::filesystem::path out;  // share n goes to OUT-n.txt
  std::uint32_t shares = 0;
  std::uint32_t threshold = 0;
  program::PassphraseSource passphrase;
};
// A root key among several people.
program::Outcome<Done> root_split(const RootSplitOptions& options, Call& call);

struct RootJoinOptions {
  std::vector<std::filesystem::path> shares;
  std::filesystem::path out;
  program::PassphraseSource passphrase;  // a new one
  CostOptions cost;
};
// The same key again: FILE, locked, and FILE.pub.
program::Outcome<Done> root_join(const RootJoinOptions& options, Call& call);

}  // namespace resguardo::analyst
