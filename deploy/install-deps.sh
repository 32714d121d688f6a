#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Installs what building, testing and the demo need, on Debian 12 or 13.
#
#   deploy/install-deps.sh [GROUP...]     groups of deploy/packages.txt; "build" always
#   deploy/install-deps.sh --list         what each group needs, and why
#
# Does nothing, and uses no network, when nothing is missing. Never asks a question.
# Removes no package, except development files of another Boost, which cannot stand
# beside the one we need. Exit 0: all is there; 1: it could not be installed;
# 2: this is not a system it knows, or the command line is wrong.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages_file=$here/packages.txt
etc=${RESGUARDO_ETC:-/etc} # tests point this at a folder of their own

say() { printf 'install-deps: %s\n' "$*"; }
fail() {
  printf 'install-deps: %s\n' "$*" >&2
  exit 1
}

# shellcheck source=lib/usage.sh
source "$here/lib/usage.sh"
# shellcheck source=lib/packages.sh
source "$here/lib/packages.sh"
# shellcheck source=lib/backports.sh
source "$here/lib/backports.sh"

# "debian 12", "ubuntu 24.04", "unknown"
system_name() {
  # shellcheck disable=SC1091  # the machine's own
  (. "$etc/os-release" 2>/dev/null && printf '%s %s\n' "${ID:-unknown}" "${VERSION_ID-}") || echo unknown
}

require_known_system() { # GROUP...
  local name
  name=$(system_name)
  case $name in
    "debian 12" | "debian 13") return 0 ;;
  esac
  {
    say "this is $name; packages can be installed for you on Debian 12 and 13 only."
    say "Install these by this system's own means, under Debian's names with the oldest version that will do:"
    wanted "$@" | while read -r package minimum _ why; do
      printf '  %-22s >= %-9s %s\n' "$package" "${minimum#*:}" "$why"
    done
    say "then run the command again with --no-install."
  } >&2
  exit 2
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

require_root() {
  [[ $(id -u) -eq 0 ]] && return 0
  command -v sudo >/dev/null || fail "needs root, and there is no sudo: run deploy/install-deps.sh as root once"
  sudo -n true 2>/dev/null || fail "needs root, and sudo would ask for a password: run 'sudo deploy/install-deps.sh $*' once"
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none LC_ALL=C.UTF-8 \
    apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# A mirror we do not need may be down: what counts is whether the packages are found.
update_lists() { apt update || say "some package lists could not be fetched; going on with what there is"; }

# Reads apt's plan; what it would remove beyond development files of another Boost.
removals_we_refuse() { awk '$1 == "Remv" && $2 !~ /^libboost[a-z0-9.-]*-dev(:[a-z0-9]+)?$/ { print $2 }'; }

install_rows() { # rows of missing() on stdin
  local package suite plan refused targets=()
  while read -r package _ suite _; do
    [[ $suite != backports || $backports != yes ]] || package+=/$backports_suite
    targets+=("$package")
  done
  local command=(install -y --no-install-recommends "${targets[@]}")
  plan=$(apt -s "${command[@]}" 2>&1) || fail "apt cannot install them: $(grep -E '^(E:| )' <<<"$plan" || echo "$plan")"
  refused=$(removals_we_refuse <<<"$plan")
  [[ -z $refused ]] || fail "refused: apt would remove ${refused//$'\n'/ } to install ${targets[*]}. Install those yourself if that is what you want, then run this again"
  awk '$1 == "Remv" { print "install-deps: replaces " $2 " (another Boost)" }' <<<"$plan"
  apt "${command[@]}" || fail "apt could not install ${targets[*]}: its own words are above. Is the network there?"
}

main() {
  local groups=(build) rows backports=no
  while (($#)); do
    case $1 in
      --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
      --list) grep -v '^#' "$packages_file"; exit 0 ;;
      *)
        is_group "$1" || { say "no such group: $1 (see --list)" >&2; exit 2; }
        groups+=("$1")
        ;;
    esac
    shift
  done

  command -v dpkg-query >/dev/null || require_known_system "${groups[@]}"
  rows=$(missing "${groups[@]}")
  if [[ -z $rows ]]; then
    say "nothing is missing for: ${groups[*]}"
    return 0
  fi
  require_known_system "${groups[@]}"
  require_root "${groups[@]}"

  say "installing what is missing for: ${groups[*]}"
  while read -r package _ suite why; do
    printf '  %-22s %s\n' "$package" "$why"
  done <<<"$rows"

  update_lists
  if [[ $(system_name) == "debian 12" ]] && grep -q '^[^ ]* [^ ]* backports ' <<<"$rows"; then
    backports=yes
    enable_backports
  fi
  install_rows <<<"$rows"

  rows=$(missing "${groups[@]}")
  [[ -z $rows ]] || fail "apt is done, but these are still missing or too old: $(awk '{ print $1 " (>= " $2 ")" }' <<<"$rows" | paste -sd, -). Is there a pin in apt's preferences?"
  say "all is there for: ${groups[*]}"
}

main "$@"
