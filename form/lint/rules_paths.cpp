// SPDX-License-Identifier: AGPL-3.0-or-later
// Length is danger: replies on the longest way of each depth.
#include "form/lint/lint.h"

namespace resguardo::form {

void lint_paths(const dialogue::Form&, Findings&) {}

}  // namespace resguardo::form
