// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/at_terminal.h"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace resguardo::testing_support {

TerminalRun run_at_terminal(const std::function<int()>& child, const std::string& asked,
                            const std::string& typed) {
  int terminal = -1;
  const pid_t process = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (process < 0) throw std::runtime_error("no terminal");
  if (process == 0) ::_exit(child());
  TerminalRun run;
  bool answered = false;
  std::array<char, 1024> some{};
  for (;;) {  // until the other side is closed
    const ssize_t got = ::read(terminal, some.data(), some.size());
    if (got <= 0) break;
    run.screen.append(some.data(), static_cast<std::size_t>(got));
    if (answered || run.screen.find(asked) == std::string::npos) continue;
    answered = true;
    if (::write(terminal, typed.data(), typed.size()) < 0) break;
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  ::close(terminal);
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

TerminalRun run_at_terminal(const std::vector<std::string>& arguments, const std::string& asked,
                            const std::string& typed) {
  std::vector<std::string> own = arguments;
  std::vector<char*> pointers;
  for (std::string& one : own) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  return run_at_terminal(
      [&] {
        ::execv(pointers[0], pointers.data());
        return 127;
      },
      asked, typed);
}

}  // namespace resguardo::testing_support
