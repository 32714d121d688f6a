# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
#
# Gives apt the suite bookworm-backports on Debian 12, from the mirror and with the key
# that the machine's own configuration names for the main suite: no host is written here.
# Sourced by install-deps.sh, whose $etc, say, fail, as_root and update_lists it uses.

readonly backports_suite=bookworm-backports

# One line "suite|component|file:entry|address" per package index that apt has fetched.
package_indexes() {
  # shellcheck disable=SC2016  # for apt to expand
  apt-get indextargets --format '$(IDENTIFIER)|$(RELEASE)|$(COMPONENT)|$(SOURCESENTRY)|$(REPO_URI)' |
    sed -n 's/^Packages|//p'
}

have_backports() {
  package_indexes | awk -F'|' '
    $1 ~ /^(bookworm|oldstable)-backports$/ && $2 == "main" { found = 1 }
    END { exit !found }'
}

# Where apt's configuration names the main suite: "file:entry".
main_suite_entry() {
  package_indexes | awk -F'|' '
    !found && ($1 == "bookworm" || $1 == "oldstable") && $2 == "main" && $4 !~ /^(cdrom|file):/ {
      print $3; found = 1 }'
}

# Stanza NUMBER of a deb822 FILE turned to the backports suite. Everything else it says
# (key, inline key, options) stays, since it is the same archive.
backports_stanza() { # FILE NUMBER
  awk -v number="$2" '
    BEGIN { skip = 0 }
    /^#/ { next }                            # apt does not count a paragraph of comments
    /^[ \t\r]*$/ { inside = 0; next }
    !inside { inside = 1; stanza++ }
    stanza != number { next }
    /^[ \t]/ { if (!skip) print; next }      # goes on with the field above
    {
      field = tolower($0); sub(/[ \t]*:.*/, "", field)
      skip = field ~ /^(types|suites|components|enabled)$/
      if (!skip) print
    }' "$1"
  printf 'Types: deb\nSuites: %s\nComponents: main\n' "$backports_suite"
}

# Line NUMBER of a classic sources.list FILE turned to the backports suite.
backports_line() { # FILE NUMBER
  sed -nE "$2"'s/^[[:space:]]*(deb[[:space:]]+(\[[^]]*\][[:space:]]+)?[^[:space:]]+)[[:space:]].*/\1 '"$backports_suite"' main/p' "$1"
}

# Names the suite in a file of our own beside the machine's, and fetches its index.
# Leaves nothing behind when it cannot: a dead entry would break every later update.
enable_backports() {
  local entry file number ours written
  have_backports && return 0
  entry=$(main_suite_entry)
  [[ -n $entry ]] || fail "apt's configuration names no Debian 12 main suite on a network mirror, so there is nothing to derive $backports_suite from: add that suite to apt's sources and run this again"
  file=${entry%:*} number=${entry##*:}
  ours=${etc:?}/apt/sources.list.d/resguardo-backports
  if [[ $file == *.sources ]]; then
    ours+=.sources
    written=$(backports_stanza "$file" "$number")
  else
    ours+=.list
    written=$(backports_line "$file" "$number")
  fi
  [[ -n $written ]] || fail "could not read entry $number of $file, which names the Debian 12 main suite: add $backports_suite to apt's sources and run this again"
  say "adding the suite $backports_suite to apt, from the mirror named in $file: $ours"
  printf '%s\n' "$written" | as_root tee "$ours" >/dev/null
  update_lists
  if ! have_backports; then
    as_root rm -f "$ours"
    fail "the suite $backports_suite could not be fetched from the mirror named in $file ($ours is removed again). Debian 12 has SQLCipher 4.6 and Boost 1.83 only there. Either the network is away, or the mirror no longer carries that suite (Debian archives the backports of old releases): name a mirror that still does in apt's sources, or use Debian 13, which needs no backports"
  fi
}
