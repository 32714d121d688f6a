// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "form/commands/call.h"

namespace resguardo::form {

struct GraphOptions {
  std::filesystem::path form;
  std::filesystem::path out;  // .svg or .dot
  std::size_t coverage = 0;   // random conversations to count; 0: none
};
// Draws the flow of a form.
program::Outcome<Done> graph(const GraphOptions& options, Call& call);

}  // namespace resguardo::form
