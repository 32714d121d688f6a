// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/sandbox.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "bot/sandbox/filter.h"
#include "bot/sandbox/landlock.h"

namespace resguardo::sandbox {

std::vector<StaticText> missing(const State& state) {
  std::vector<StaticText> lines;
  if (state.landlock == 0)
    lines.push_back("files and connections are not confined: this kernel has no Landlock");
  if (!state.filtered && is_instrumented())
    lines.push_back("system calls are not filtered: this program is built for tests");
  if (!state.filtered && !is_instrumented())
    lines.push_back("system calls are not filtered: this kernel has no such filter");
  return lines;
}

std::vector<StaticText> weaker(const State& state) {
  std::vector<StaticText> lines;
  if (state.root)
    lines.push_back("runs as root, without its rights: give the data to a user of its own");
  if (state.landlock > 0 && !state.confines_ports())
    lines.push_back("connections are not confined: that takes Linux 6.7");
  return lines;
}

State probe() {
  State state;
  state.landlock = landlock_version();
  state.filtered = can_filter();
  state.root = ::geteuid() == 0;
  return state;
}

Result<State> enter(const Plan& plan) {
  State state = probe();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return Error{Fault::kUnavailable, "the kernel cannot forbid new rights"};
  if (state.landlock > 0) RESGUARDO_CHECK(confine_files_and_ports(plan));
  if (state.filtered) RESGUARDO_CHECK(filter_system_calls());
  return state;
}

}  // namespace resguardo::sandbox
