// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "form/commands/call.h"

namespace resguardo::form {

struct ReplayOptions {
  std::vector<std::filesystem::path> transcripts;
  std::filesystem::path form;
  bool update = false;  // write what is into the transcripts, where it can be told in a line
};
// Plays transcripts against the engine and prints what differs. A difference fails the command.
program::Outcome<Done> replay(const ReplayOptions& options, Call& call);

}  // namespace resguardo::form
