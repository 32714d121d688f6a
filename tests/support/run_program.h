// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace resguardo::testing_support {

struct ProgramRun {
  std::vector<std::string> arguments;  // the first is the program: a path
  std::string input;                   // on its standard input
  std::map<int, std::string> pipes;    // further descriptors and what is read from them
};
struct ProgramResult {
  int code = -1;  // of exit(); 128 + n if a signal ended it
  std::string out;
  std::string err;
  long peak_kib = 0;  // the most memory it had resident
};

// Runs a program to its end without a controlling terminal and without our environment but PATH.
// Throws if it cannot be started.
ProgramResult run_program(const ProgramRun& run);

}  // namespace resguardo::testing_support
