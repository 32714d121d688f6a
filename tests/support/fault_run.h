// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace resguardo::testing_support {

// A run of a program under write_fault_shim.cpp.
struct FaultPlan {
  std::string kind;             // kill, torn, enospc, eio, full, pulled; empty: only count
  long at = 0;                  // the call that goes wrong, from 1
  std::filesystem::path under;  // only files in here
};

struct FaultRun {
  int status = 0;                      // exit status; -9: killed by SIGKILL
  std::string output;                  // what it wrote to stdout
  std::string errors;                  // and to stderr
  std::map<std::string, long> counts;  // by kind of call, "total" without reads; empty when killed
};

// Runs `command` (a path and its arguments) and waits. The environment is passed on.
FaultRun run_with_faults(const std::vector<std::string>& command, const FaultPlan& plan);

}  // namespace resguardo::testing_support
