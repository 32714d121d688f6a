// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "program/exit_code.h"

namespace resguardo::form {

program::ExitCode run_command_line(int argc, char** argv);

}  // namespace resguardo::form
