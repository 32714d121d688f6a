# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
#
# Runs the steps of a script so that nothing of them is left when the script ends,
# whether it ended by itself, by Ctrl-C, or because it was told to. Sourced.

step_group=

# Each step is a session of its own: no terminal to ask questions on, and one process
# group that can be ended as a whole. Its exit status is the step's.
step() { # COMMAND...
  local status=0
  # A shell without job control starts its background jobs deaf to SIGINT, and they would
  # pass that on to every server a test starts.
  setsid env --default-signal=INT,QUIT "$@" </dev/null &
  step_group=$!
  wait "$step_group" || status=$?
  end_step
  return "$status"
}

end_step() {
  [[ -z $step_group ]] || kill -TERM -- "-$step_group" 2>/dev/null || true
  step_group=
}

trap end_step EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# As many at once as there are processors, and 2 GiB for each: what one coroutine server
# takes to compile under a sanitizer.
parallel_jobs() {
  local by_memory
  by_memory=$(awk '$1 == "MemAvailable:" { print int($2 / 2097152) }' /proc/meminfo)
  local jobs
  jobs=$(nproc)
  ((by_memory >= jobs)) || jobs=$((by_memory > 0 ? by_memory : 1))
  echo "$jobs"
}
