// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "form/commands/call.h"

namespace resguardo::form {

struct StatsOptions {
  std::filesystem::path form;
  bool everything = false;  // also with every kind of event and every repeat
  bool witness = false;     // print the longest way of each depth
};
// What a form holds, how hard it reads, and how many replies its longest way takes in each depth.
program::Outcome<Done> stats(const StatsOptions& options, Call& call);

}  // namespace resguardo::form
