#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# deploy/lib/steps.sh: what a script's steps leave behind (nothing), and what they get.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
problems=0

expect() { # WHAT EXPECTED ACTUAL
  [[ $2 == "$3" ]] || {
    printf 'WRONG: %s: expected %s, found %s\n' "$1" "$2" "$3"
    problems=1
  }
}

# Whether the process whose id is in FILE has ended; it is given five seconds.
ended() { # FILE
  local tries
  for ((tries = 0; tries < 50; tries++)); do
    [[ -d /proc/$(cat "$1") && $(awk '{ print $3 }' "/proc/$(cat "$1")/stat") != Z ]] || { echo yes; return; }
    sleep 0.1
  done
  echo no
}

script() { # the lines of a script that uses steps
  printf 'set -euo pipefail\nsource %q\n%s\n' "$here/../../deploy/lib/steps.sh" "$1" >"$work/script"
  bash "$work/script"
}

status=0
script 'step sh -c "exit 3"' || status=$?
expect "a step's exit status" 3 "$status"

expect "what a step can read" "" "$(echo typed | script 'step cat')"

status=0
script 'step sh -c "kill -INT \$\$; exit 0"' 2>/dev/null || status=$?
expect "SIGINT in a step" 130 "$status"

script "step sh -c 'sleep 600 & echo \$! >$work/left'"
expect "a process left behind has ended" yes "$(ended "$work/left")"

script "echo \$\$ >$work/script.pid; step sh -c 'sleep 600 & echo \$! >$work/running; wait'" &
script_pid=$!
while [[ ! -s $work/running ]]; do sleep 0.1; done
kill -TERM "$(cat "$work/script.pid")"
wait "$script_pid" || true
expect "a step of a script told to end has ended" yes "$(ended "$work/running")"

exit "$problems"
