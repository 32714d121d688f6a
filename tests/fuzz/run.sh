#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Fuzzes for as long as you like: each fuzzer its share of the time, as many at once as there
# are processors.
#
#   tests/fuzz/run.sh [--hours H | --seconds S] [--keep] [--coverage] [--no-install] [NAME...]
#
#   --hours      in all, 8 unless said otherwise: a night
#   --seconds    the same in seconds, for a look
#   --keep       afterwards what reached something new goes into tests/fuzz/corpus/, to be committed
#   --coverage   fuzzes nothing: plays the corpora under the coverage preset and writes which lines
#                they reach, per file, to build/coverage/fuzz.txt
#   --no-install take the machine as it is
#   NAME         of fuzzers, such as conversation; all of them without
#
# What is found lies in build/fuzz/found/NAME/: `build/fuzz/bin/NAME_fuzz FILE` shows it again; mended,
# it goes into the corpus by a name that says what it was. Exit 0 if nothing was found, 1 if
# something was, 2 if the command line is wrong.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=../../deploy/lib/steps.sh
source "$root/deploy/lib/steps.sh"
# shellcheck source=../../deploy/lib/usage.sh
source "$root/deploy/lib/usage.sh"

wrong() {
  printf 'tests/fuzz/run.sh: %s (see --help)\n' "$*" >&2
  exit 2
}

is_number() {
  [[ $1 =~ ^[1-9][0-9]{0,6}$ ]]
}

seconds=$((8 * 3600)) keep=no coverage=no install=yes names=()
while (($#)); do
  case $1 in
    --hours | --seconds)
      is_number "${2-}" || wrong "$1 needs a number"
      if [[ $1 == --hours ]]; then seconds=$(($2 * 3600)); else seconds=$2; fi
      shift
      ;;
    --keep) keep=yes ;;
    --coverage) coverage=yes ;;
    --no-install) install=no ;;
    --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
    -*) wrong "unknown argument: $1" ;;
    *) names+=("$1") ;;
  esac
  shift
done

cd "$root"
known=(tests/fuzz/*_fuzz.cpp)
known=("${known[@]##*/}")
known=("${known[@]%_fuzz.cpp}")
for name in "${names[@]}"; do
  [[ -f tests/fuzz/${name}_fuzz.cpp ]] || wrong "no fuzzer is called $name"
done
((${#names[@]})) || names=("${known[@]}")

export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
[[ $install == no ]] || step deploy/install-deps.sh clang coverage
jobs=$(parallel_jobs)

if [[ $coverage == yes ]]; then
  step cmake --preset coverage
  step cmake --build --preset coverage --parallel "$jobs" --target "${names[@]/%/_fuzz}"
  profiles=$(mktemp -d) objects=()
  for name in "${names[@]}"; do
    LLVM_PROFILE_FILE=$profiles/$name.profraw step "build/coverage/bin/${name}_fuzz" "tests/fuzz/corpus/$name"
    objects+=(--object "build/coverage/bin/${name}_fuzz")
  done
  llvm-profdata-19 merge -o build/coverage/fuzz.profdata "$profiles"/*.profraw
  rm -rf "$profiles"
  llvm-cov-19 report --instr-profile build/coverage/fuzz.profdata "${objects[@]}" \
    --ignore-filename-regex '(^|/)(usr|tests|generated)/' >build/coverage/fuzz.txt
  tail -n 1 build/coverage/fuzz.txt
  exit 0
fi

step cmake --preset fuzz
step cmake --build --preset fuzz --parallel "$jobs" --target "${names[@]/%/_fuzz}"

# Databases and folders that a fuzzer makes live in memory where there is room for them.
[[ -w /dev/shm ]] && export TMPDIR=/dev/shm
share=$((seconds * jobs / ${#names[@]}))
((share > 0)) || share=1

# Symbols as in tests/run.sh.
ASAN_OPTIONS=${ASAN_OPTIONS-external_symbolizer_path=$(command -v llvm-symbolizer-19 || true)}
export ASAN_OPTIONS share
fuzz_one() { # NAME
  local found=build/fuzz/found/$1 corpus=build/fuzz/corpus/$1 status=0
  mkdir -p "$found" "$corpus"
  "build/fuzz/bin/$1_fuzz" -max_total_time="$share" -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/" "$corpus" "tests/fuzz/corpus/$1" >"$found.log" 2>&1 || status=1
  printf '%-18s %10s runs, %s\n' "$1" \
    "$(awk '/stat::number_of_executed_units/ { print $2 }' "$found.log")" \
    "$( ((status)) && echo "FOUND SOMETHING: $found.log" || echo "nothing found")"
  return "$status"
}
export -f fuzz_one
status=0
mkdir -p build/fuzz/found
printf '%s\n' "${names[@]}" >build/fuzz/found/names
step xargs -a build/fuzz/found/names -P "$jobs" -I{} bash -c 'fuzz_one {}' || status=1

if [[ $keep == yes ]]; then
  for name in "${names[@]}"; do
    step "build/fuzz/bin/${name}_fuzz" -merge=1 "tests/fuzz/corpus/$name" "build/fuzz/corpus/$name" 2>/dev/null || status=1
  done
fi
exit "$status"
