// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>

#include "program/exit_code.h"

namespace resguardo::program {

// Runs a program's body under the manners of all our programs: files for the owner only, no core
// dump, no other user's ptrace, protobuf silent (its log quotes what it parses), libsodium ready.
// An exception is a bug: it ends here, without its text, as kFailed; one of another thread ends the
// program at once, without its text too. Returns main()'s value. `name` outlives all threads.
//
// WARNING: replaces nothing in the heap; link resguardo::wiping for that.
int run_program(const char* name, const std::function<ExitCode()>& body);

}  // namespace resguardo::program
