// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "program/problem.h"

namespace resguardo::program {

// Asks on the terminal for `word`, to be typed as it is: before what cannot be undone. kUsage if
// there is no terminal, so no script does it by accident; kFailed if something else was typed.
//
// `what` and `word` are shown as they are: nothing in them comes from outside.
Outcome<Done> confirm_typed(const std::string& what, const std::string& word);

}  // namespace resguardo::program
