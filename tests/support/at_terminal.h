// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace resguardo::testing_support {

struct TerminalRun {
  int code = -1;       // what it ended with; 128 + n if a signal ended it
  std::string screen;  // all that the terminal showed
};

// Runs `child` in a process of its own that has a terminal, at which `typed` is typed as soon as
// `asked` stands on its screen.
TerminalRun run_at_terminal(const std::function<int()>& child, const std::string& asked,
                            const std::string& typed);
// The same with a program; the first argument is its path.
TerminalRun run_at_terminal(const std::vector<std::string>& arguments, const std::string& asked,
                            const std::string& typed);

}  // namespace resguardo::testing_support
