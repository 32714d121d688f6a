#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Puts what an analyst's machine without a network needs into one new folder, for a stick: the two
# offline programs with the libraries they use, the second reader in Python, the guide, and the
# SHA-256 of every file. It runs from where it lies, without installing and without root, on
# the Debian it was built on and on newer ones (Tails is one); it needs their C and C++
# libraries and nothing else.
#
#   deploy/carry.sh [--bin DIR] OUT
#
#   --bin DIR   where the programs are (default: build/release/bin)
#
# On the other machine: `sh OUT/check`, then `OUT/resguardo-analyst --help`. Whoever changed the
# stick can have changed `check` and the list too: before the first use, in that folder, `sha256sum
# SHA256SUMS` must say what this says at its end (hear it from a person), and `sha256sum -c
# SHA256SUMS` that all is well.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=lib/usage.sh
source "$root/deploy/lib/usage.sh"

fail() { # STATUS TEXT
  printf 'deploy/carry.sh: %s\n' "$2" >&2
  exit "$1"
}

programs=(resguardo-analyst resguardo-form)
bin=$root/build/release/bin out=''
while (($#)); do
  case $1 in
    --bin) bin=${2-} && shift ;;
    --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
    -*) fail 2 "unknown argument: $1 (see --help)" ;;
    *) [[ -z $out ]] || fail 2 'one folder, not several'; out=$1 ;;
  esac
  shift
done
[[ -n $out ]] || fail 2 'into which folder? (see --help)'
[[ ! -e $out ]] || fail 1 "$out exists; nothing is overwritten"
for program in "${programs[@]}"; do
  [[ -x $bin/$program ]] || fail 1 "$bin/$program is not there: cmake --preset release, and build"
done

# Every Debian has these, in a version that must be its own.
is_of_the_system() { # LIBRARY
  case ${1##*/} in
    libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | ld-linux*) return 0 ;;
    libstdc++.so.* | libgcc_s.so.*) return 0 ;;
  esac
  return 1
}

part=$out.part
trap 'rm -rf "$part"' EXIT
mkdir "$part" "$part/bin" "$part/lib"
for program in "${programs[@]}"; do
  strip -o "$part/bin/$program" "$bin/$program"
  ldd "$bin/$program" | awk '$2 == "=>" { print $3 }' | while read -r library; do
    is_of_the_system "$library" || install -m 644 "$library" "$part/lib/${library##*/}"
  done
  cat >"$part/$program" <<WRAPPER
#!/bin/sh
# With the libraries that lie beside it.
here=\$(dirname "\$(readlink -f "\$0")")
LD_LIBRARY_PATH="\$here/lib" exec "\$here/bin/$program" "\$@"
WRAPPER
  chmod 755 "$part/$program"
done
install -m 644 "$root/analyst/recover/recover.py" "$root/analyst/recover/check_proof.py" "$part/"
install -m 644 "$root/docs/analysts-guide.md" "$root/docs/analysts-machine.md" "$part/"
cat >"$part/check" <<'CHECK'
#!/bin/sh
# Compares every file here with the list that was made with it.
cd "$(dirname "$(readlink -f "$0")")" || exit 1
echo "the list: $(sha256sum SHA256SUMS | cut -c 1-64)"
extra=$(find . ! -type d ! -name SHA256SUMS | cut -c 3- | while read -r file; do
  grep -q "  $file\$" SHA256SUMS || echo "$file"
done)
[ -z "$extra" ] || { echo "not in the list: $extra"; exit 1; }
sha256sum --quiet --check SHA256SUMS && echo "every file is as it was made"
CHECK
list=$(cd "$part" && find . -type f | cut -c 3- | LC_ALL=C sort | xargs -d '\n' sha256sum)
printf '%s\n' "$list" >"$part/SHA256SUMS"
sync -f "$part"
mv -T "$part" "$out"
printf '%s: %s, ready for a stick\nthe list: %s\n' "$out" "$(du -sh "$out" | cut -f 1)" \
  "$(sha256sum "$out/SHA256SUMS" | cut -c 1-64)"
