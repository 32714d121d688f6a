#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Installs what is missing, builds a preset with its tests, runs them, and ends with
# ctest's own summary.
#
#   tests/run.sh [--preset release|dev|asan|tsan|fuzz|coverage|tidy] [--label L]
#                [--with-desktop] [--no-install] [-- CTEST-ARGUMENT...]
#
#   --preset        release unless said otherwise. fuzz builds the fuzzers alone and runs each
#                   for a minute; tidy compiles under clang-tidy, asks cppcheck, and runs no test;
#                   coverage leaves its report in build/coverage/report.txt.
#   --label         only the tests with that label, such as fast; of e2e, the programs as processes,
#                   only the programs are built; of walks, which nothing else runs, 200,000 random
#                   conversations with each form
#   --with-desktop  also install a browser and an office suite (about 1 GB) and run the
#                   checks that need them; they report themselves skipped otherwise
#   --no-install    take the machine as it is
#
# Works from any folder, without a terminal, and offline once the packages are there.
# Exit 0 if everything passed, 1 if not, 2 if the command line is wrong.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../deploy/lib/steps.sh
source "$root/deploy/lib/steps.sh"
# shellcheck source=../deploy/lib/usage.sh
source "$root/deploy/lib/usage.sh"
# shellcheck source=../deploy/lib/loopback.sh
source "$root/deploy/lib/loopback.sh"

wrong() {
  printf 'tests/run.sh: %s (see --help)\n' "$*" >&2
  exit 2
}

# Lines and branches covered, per source file of ours.
coverage_report() {
  local objects=() program
  for program in "$build"/bin/*; do
    objects+=(--object "$program")
  done
  llvm-profdata-19 merge -o "$build/coverage.profdata" "$build"/profiles/*.profraw
  llvm-cov-19 report --instr-profile "$build/coverage.profdata" "${objects[@]}" \
    --ignore-filename-regex '(^|/)(usr|tests|generated)/'
}

preset=release label='' install=yes ctest_arguments=()
groups=()
while (($#)); do
  case $1 in
    --preset | --label)
      [[ -n ${2-} ]] || wrong "$1 needs a name"
      declare "${1#--}=$2"
      shift
      ;;
    --with-desktop) groups+=(desktop); export RESGUARDO_WITH_DESKTOP=1 ;;
    --no-install) install=no ;;
    --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
    --) shift; ctest_arguments=("$@"); break ;;
    *) wrong "unknown argument: $1" ;;
  esac
  shift
done

build=$root/build/$preset
launcher=()
case $preset in
  release | dev) ;;
  asan | tidy) groups+=(clang) ;;
  fuzz) groups+=(clang); label=${label:-fuzz} ;;
  coverage)
    groups+=(clang coverage)
    # Processes of one program add up in one file; %m is the program.
    export LLVM_PROFILE_FILE=$build/profiles/%2m.profraw
    ;;
  tsan)
    groups+=(clang)
    # ThreadSanitizer's shadow does not fit beside a wide-spread address space.
    [[ $(</proc/sys/vm/mmap_rnd_bits) -le 28 ]] || launcher=(setarch -R)
    ;;
  *) wrong "unknown preset: $preset" ;;
esac

cd "$root"
export LC_ALL=C.UTF-8
# The tools whose packages were checked, not another cmake or python3 earlier in PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
[[ $install == no ]] || step deploy/install-deps.sh "${groups[@]}"
raise_loopback

# A service account may have no home for ccache to use.
[[ -w ${HOME-} ]] || export CCACHE_DIR=${CCACHE_DIR-$root/build/ccache}
# A sanitizer's report names functions and lines; addr2line comes with the compiler.
symbolizer=external_symbolizer_path=$(command -v llvm-symbolizer-19 addr2line | head -n 1 || true)
export ASAN_OPTIONS=${ASAN_OPTIONS-$symbolizer}
export TSAN_OPTIONS=${TSAN_OPTIONS-$symbolizer}
export UBSAN_OPTIONS=${UBSAN_OPTIONS-$symbolizer:print_stacktrace=1}

jobs=$(parallel_jobs)
step cmake --preset "$preset"
build_arguments=()
case $preset in
  fuzz) build_arguments=(--target fuzzers) ;; # the other tests are asan's
  tidy) build_arguments=(-- -k 0) ;;          # every finding, not only the first file's
  *)
    [[ $label != e2e ]] || build_arguments=(--target e2e_programs)
    [[ $label != walks ]] || build_arguments=(--target dialogue_test)
    ;;
esac
step cmake --build --preset "$preset" --parallel "$jobs" "${build_arguments[@]}"

if [[ $preset == tidy ]]; then
  step cppcheck --std=c++20 --language=c++ --platform=unix64 -I . -j "$jobs" --quiet \
    --enable=warning,performance,portability --suppressions-list=tests/cppcheck.txt --error-exitcode=1 \
    --template='{file}:{line}: {id}: {message}' \
    analyst bot crypto deploy/standin form program storage
  echo "tests/run.sh: clang-tidy and cppcheck found nothing"
  exit 0
fi

rm -rf "$build/profiles"
[[ -z $label ]] || ctest_arguments=(--label-regex "^($label)\$" "${ctest_arguments[@]}")
[[ $label != walks ]] || ctest_arguments=(--build-config walks "${ctest_arguments[@]}")
status=0
step "${launcher[@]}" ctest --preset "$preset" --parallel "$jobs" --no-tests=error \
  "${ctest_arguments[@]}" || status=1
[[ $preset != coverage ]] || coverage_report >"$build/report.txt" 2>&1
exit "$status"
