// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

namespace resguardo::program {

// What a program says to the script that called it (docs/analysts-guide.md prints the same table).
enum class ExitCode : int {
  kDone = 0,
  kFailed = 1,  // the thing asked for failed
  kUsage = 2,   // the command line or the configuration is wrong
};

}  // namespace resguardo::program
