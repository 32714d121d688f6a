#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Builds the release and prints what the programs owe beside what they reach here
# (docs/performance.md): figure, goal, measured, and the ratio to the ceiling in the same run.
#
#   tests/bench/run.sh [--no-install] [--only load|memory|growth|benches] [--people N] [--seconds S]
#                      [--open N] [--rows N] [--pairs N] [--quick]
#
#   --no-install   take the machine as it is
#   --only         that part of the table
#   --quick        only whether the tools work: a few seconds, and no table
#
# The others are tests/bench/run.py's, whose --help tells them. Takes about ten minutes, two
# processors and 5 GB below TMPDIR, which should be on the kind of disk that a server would have.
# A machine that does something else meanwhile gives other figures; ratios suffer less.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../../deploy/lib/steps.sh
source "$root/deploy/lib/steps.sh"
# shellcheck source=../../deploy/lib/usage.sh
source "$root/deploy/lib/usage.sh"
# shellcheck source=../../deploy/lib/loopback.sh
source "$root/deploy/lib/loopback.sh"

install=yes arguments=()
while (($#)); do
  case $1 in
    --no-install) install=no ;;
    --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

cd "$root"
export LC_ALL=C.UTF-8
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
[[ $install == no ]] || step deploy/install-deps.sh
raise_loopback
[[ -w ${HOME-} ]] || export CCACHE_DIR=${CCACHE_DIR-$root/build/ccache}

step cmake --preset release >&2
step cmake --build --preset release --parallel "$(parallel_jobs)" --target resguardo-bot \
  resguardo-analyst forms turns ceiling bench_store resguardo_page_count bundle_bench dialogue_bench >&2
step /usr/bin/python3 -B tests/bench/run.py --bin build/release/bin "${arguments[@]}"
