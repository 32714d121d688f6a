// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>

namespace resguardo::sandbox {

// What cannot be undone is tried in a child. `work` returns 0 for well, or a number to find the
// place by; what the child ends with, or the negative number of the signal that ended it.
int in_child(const std::function<int()>& work);

}  // namespace resguardo::sandbox
