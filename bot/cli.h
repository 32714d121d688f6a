// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "program/exit_code.h"

namespace resguardo {

// Parses the command line of resguardo-bot and runs the command it names.
program::ExitCode run_bot(int argc, char** argv);

}  // namespace resguardo
