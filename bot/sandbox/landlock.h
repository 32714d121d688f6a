// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/sandbox/sandbox.h"

namespace resguardo::sandbox {

// The version of Landlock that this kernel has (its ABI), 0: none. landlock(7)
int landlock_version();

// Confines this thread, and those that it makes later, to what `plan` names, with all that this
// kernel's version knows. Threads that exist already are not confined: begin with it. Paths that
// are not there are left out. kUnavailable: there is no Landlock, or it refuses.
Result<int> confine_files_and_ports(const Plan& plan);

}  // namespace resguardo::sandbox
