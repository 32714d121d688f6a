// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/sandbox/in_child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace resguardo::sandbox {

int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) return 255;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace resguardo::sandbox
