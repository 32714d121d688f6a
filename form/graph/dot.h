// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/dialogue/form.h"

namespace resguardo::form {

// How often each node was asked or shown; by node. Empty: not counted.
struct Coverage {
  std::size_t walks = 0;
  std::vector<std::size_t> seen;
};
// Of so many random conversations over all channels.
Coverage coverage_of(std::shared_ptr<const dialogue::Form> form, std::size_t walks);

// The form as a Graphviz drawing: a box for each section, questions and messages in it, what comes
// next, where choices lead; dashed what is asked only sometimes; coloured by depth.
std::string draw(const dialogue::Form::Content& content, const Coverage& coverage);

}  // namespace resguardo::form
