// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/sandbox/sandbox.h"
#include "crypto/base/result.h"

namespace resguardo::sandbox {

// Whether this kernel filters system calls, and this program may be filtered.
bool can_filter();
// Built with a sanitizer or for coverage: their run time calls what no server does, so there is no
// filter.
bool is_instrumented();

// From now on every thread, those that exist too, has only the system calls of the server. Who
// starts a program, looks into another process, loads a module, mounts or makes a ring of calls
// ends the process; what else is not listed does not exist (ENOSYS: a C library that tries a newer
// call then takes the older).
Status filter_system_calls();

// Later, for all threads too: what only a start needs is over, as settle() says it.
Status filter_what_is_over(const StillNeeded& still);

}  // namespace resguardo::sandbox
