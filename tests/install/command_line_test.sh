#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# How tests/run.sh and deploy/install-deps.sh answer a command line: a mistake is told with
# exit 2 before anything is installed or built, and --help says what there is.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd / || exit 1 # from any folder
problems=0

expect() { # EXIT TEXT SCRIPT ARGUMENT...
  local script=$root/$3 output status=0
  output=$("$script" "${@:4}" 2>&1 </dev/null) || status=$?
  if [[ $status != "$1" || $output != *"$2"* || $output == *install-deps:\ installing* ]]; then
    printf 'WRONG: %s\n  expected: exit %s, saying "%s"\n  found: exit %s, %s\n' "${*:3}" "$1" "$2" "$status" "$output"
    problems=1
  fi
}

expect 2 "unknown preset: debug" tests/run.sh --preset debug
expect 2 "--preset needs a name" tests/run.sh --preset
expect 2 "--label needs a name" tests/run.sh --label ''
expect 2 "unknown argument: fast" tests/run.sh fast
expect 0 "--with-desktop" tests/run.sh --help
expect 0 "Never asks a question" deploy/install-deps.sh --help
expect 0 "libsqlcipher-dev" deploy/install-deps.sh --list
expect 2 "no such group: --force" deploy/install-deps.sh --force
exit "$problems"
