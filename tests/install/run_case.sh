#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Plays one case of the dependency installer on a make-believe machine: run_case.sh CASE.
# A case is a shell fragment that says what the machine is like, and what must come of it:
#
#   os="debian 12"       what /etc/os-release says
#   groups=(clang)       the command line
#   lacks="g++ cmake"    packages that are absent; "all" for a bare machine
#   old="g++=4:10"       packages that are there, in that version
#   broken="curl"        packages that are there, but were never configured
#   removes="..."        what apt would remove
#   sources deb822 …     a function of this file: what apt's sources look like
#   fetched=no           apt's lists are empty; backports=unreachable: that suite cannot be fetched
#   expect_exit=0        expect_calls="…" (apt's, one per line; "*" for any words)
#   expect_output=(…)    texts that must be in the output; reject_output=(…) must not
#   check()              anything more
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deploy=$here/../../deploy
FAKE=$(mktemp -d)
export FAKE RESGUARDO_ETC=$FAKE/etc
trap 'rm -rf "$FAKE"' EXIT
mkdir -p "$RESGUARDO_ETC/apt/sources.list.d"
list_d=$RESGUARDO_ETC/apt/sources.list.d

os="debian 12" groups=() lacks='' old='' broken='' removes='' fetched=yes backports=reachable
expect_exit=0 expect_calls='' expect_output=() reject_output=()
check() { :; }

# Names the main suite in one of the layouts machines have; mirror.example is nobody's.
sources() { # classic|deb822|backports
  case $1 in
    classic)
      printf '%s\n' '# written by hand' 'deb-src http://mirror.example/debian bookworm main' \
        'deb [signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian bookworm main contrib' \
        >"$RESGUARDO_ETC/apt/sources.list"
      configured="bookworm|main|$RESGUARDO_ETC/apt/sources.list:3|mirror"
      ;;
    deb822 | backports)
      printf '%s\n' '# a paragraph of comment' '' 'Types: deb' 'URIs: http://security.example/debian' \
        'Suites: bookworm-security' 'Components: main' '' '# the archive itself' 'Types: deb deb-src' \
        'URIs: http://mirror.example/debian' 'Suites: bookworm' ' bookworm-updates' \
        'Components: main contrib' 'Enabled: yes' 'Signed-By:' ' -----BEGIN PGP-----' ' .' ' abc' \
        >"$list_d/debian.sources"
      configured="bookworm-security|main|$list_d/debian.sources:1|mirror
bookworm|main|$list_d/debian.sources:2|mirror"
      [[ $1 == deb822 ]] || configured+="
bookworm-backports|main|$list_d/bpo.sources:1|mirror"
      ;;
  esac
}
sources classic

problems=0
problem() {
  printf 'WRONG: %s\n' "$*"
  problems=1
}
same() { # WHAT EXPECTED ACTUAL
  [[ $2 == "$3" ]] || problem "$1"$'\n'"  expected: $2"$'\n'"  found:    $3"
}

# shellcheck disable=SC1090  # the case
source "$1"

printf 'ID=%s\nVERSION_ID="%s"\n' "${os% *}" "${os#* }" >"$RESGUARDO_ETC/os-release"
awk '{ print "Packages|" $0 }' <<<"$configured" >"$FAKE/configured"
[[ $fetched == no ]] || cp "$FAKE/configured" "$FAKE/fetched"
[[ $backports == reachable ]] || touch "$FAKE/no-backports"
printf '%s\n' "$removes" >"$FAKE/removes"
touch "$FAKE/calls"
awk -v lacks=" $lacks " -v old="$old" -v broken=" $broken " '
  BEGIN { n = split(old, pairs, " "); for (i = 1; i <= n; i++) { split(pairs[i], p, "="); version[p[1]] = p[2] } }
  /^#/ || NF == 0 || lacks == " all " || index(lacks, " " $2 " ") { next }
  { print index(broken, " " $2 " ") ? "half-configured" : "installed", $2, ($2 in version) ? version[$2] : $3 }' "$deploy/packages.txt" >"$FAKE/packages"

unset DEBIAN_FRONTEND
status=0
output=$(PATH=$here/fake:$PATH "$deploy/install-deps.sh" "${groups[@]}" 2>&1 <<<"a waiting line") || status=$?
printf '%s\n' "$output"

same "exit status" "$expect_exit" "$status"
calls=$(cat "$FAKE/calls")
# shellcheck disable=SC2053  # a pattern on purpose
[[ $calls == $expect_calls ]] || same "apt's calls" "$expect_calls" "$calls"
for text in "${expect_output[@]}"; do
  [[ $output == *"$text"* ]] || problem "the output does not say: $text"
done
for text in "${reject_output[@]}"; do
  [[ $output != *"$text"* ]] || problem "the output says: $text"
done
check
exit "$problems"
