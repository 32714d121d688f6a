// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "program/exit_code.h"

namespace resguardo::analyst {

// The command line of resguardo-analyst: parses it, runs the one command it names.
program::ExitCode run_command_line(int argc, char** argv);

}  // namespace resguardo::analyst
