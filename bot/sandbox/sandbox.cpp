// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/sandbox/sandbox.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "bot/sandbox/filter.h"
#include "bot/sandbox/landlock.h"

namespace resguardo::sandbox {

namespace {

void tell_if(bool so, StaticText line, std::vector<StaticText>& lines) {
  if (so) lines.push_back(line);
}

}  // namespace

std::vector<StaticText> missing(const State& state) {
  std::vector<StaticText> lines;
  tell_if(state.landlock == 0,
          "files and connections are not confined: this kernel has no Landlock", lines);
  tell_if(!state.filtered && is_instrumented(),
          "system calls are not filtered: this program is built for tests", lines);
  tell_if(!state.filtered && !is_instrumented(),
          "system calls are not filtered: this kernel has no such filter", lines);
  return lines;
}

std::vector<StaticText> weaker(const State& state) {
  std::vector<StaticText> lines;
  tell_if(state.root, "runs as root, without its rights: give the data to a user of its own",
          lines);
  tell_if(state.landlock > 0 && !state.confines_ports(),
          "connections are not confined: that takes Linux 6.7", lines);
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

Status settle(const State& state, const StillNeeded& still) {
  return state.filtered ? filter_what_is_over(still) : success();
}

}  // namespace resguardo::sandbox
