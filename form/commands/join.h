// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "form/commands/call.h"

namespace resguardo::form {

struct JoinOptions {
  std::filesystem::path form;
  std::filesystem::path out;
};
// The parts of a form in one file, whose bytes are the form. Parses them; `lint` judges the rest.
program::Outcome<Done> join(const JoinOptions& options, Call& call);

}  // namespace resguardo::form
