#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# A bare Debian in a folder, to try the project's commands where nothing is installed.
# Needs root and debootstrap; never run by ctest. The mirror, its key and any proxy are
# those of this machine's own apt configuration.
#
#   fresh_root.sh make bookworm|trixie ROOT [--layout classic|deb822|backports|empty]
#   fresh_root.sh clone ROOT           put a clean clone of this repository at ROOT/src
#   fresh_root.sh run [--offline] ROOT COMMAND...    run it inside, in /src
#
# `run` gives the command mounts and processes of its own, so nothing outlives it;
# `--offline` takes the network away as well (the loopback stays down, as in any
# fresh network namespace).
set -euo pipefail

fail() {
  printf 'fresh_root: %s\n' "$*" >&2
  exit 1
}

# The address this machine's apt fetches Debian's main archive from.
mirror() {
  # shellcheck disable=SC2016  # for apt to expand
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(IDENTIFIER)|$(REPO_URI)' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" && $4 == "Packages" && !found {
      print $5; found = 1 }'
}

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

write_sources() { # ROOT SUITE LAYOUT URI
  local root=$1 suite=$2 layout=$3 uri=$4 apt=$1/etc/apt
  rm -f "$apt/sources.list" "$apt/sources.list.d/"*
  case $layout in
    classic | empty) printf 'deb %s %s main\n' "$uri" "$suite" >"$apt/sources.list" ;;
    deb822 | backports)
      printf '# A paragraph of nothing but comment, as images have.\n\nTypes: deb\nURIs: %s\nSuites: %s %s-updates\nComponents: main\nSigned-By: %s\n' \
        "$uri" "$suite" "$suite" "$keyring" >"$apt/sources.list.d/debian.sources"
      ;;
    *) fail "unknown layout: $layout" ;;
  esac
  if [[ $layout == backports ]]; then
    printf 'Types: deb\nURIs: %s\nSuites: %s-backports\nComponents: main\nSigned-By: %s\n' \
      "$uri" "$suite" "$keyring" >"$apt/sources.list.d/bpo.sources"
  fi
  [[ $layout != empty ]] || find "$root/var/lib/apt/lists" -type f -delete
}

make_root() { # SUITE ROOT [--layout L]
  local suite=$1 root=$2 layout=classic uri
  [[ ${3-} != --layout ]] || layout=$4
  [[ ! -e $root ]] || fail "$root exists"
  uri=$(mirror)
  [[ -n $uri ]] || fail "apt knows no Debian main archive here: run apt-get update"
  debootstrap --variant=minbase --keyring="$keyring" "$suite" "$root" "$uri"
  # How this machine reaches its mirror, and nothing else of its settings.
  apt-config dump | grep -E '^Acquire::(https?::(Proxy|CAInfo)|Check-)' \
    >"$root/etc/apt/apt.conf.d/90mirror" || true
  # Every installed machine and container has this; debootstrap leaves it to the installer.
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
  write_sources "$root" "$suite" "$layout" "$uri"
  rm -f "$root"/var/cache/apt/archives/*.deb
}

clone_into() { # ROOT
  local repository
  repository=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
  rm -rf "$1/src"
  git clone --quiet --no-hardlinks "$repository" "$1/src"
  chown -R root:root "$1/src"
}

run_inside() { # [--offline] ROOT COMMAND...
  local net=()
  if [[ $1 == --offline ]]; then
    net=(--net)
    shift
  fi
  local root=$1
  shift
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # shellcheck disable=SC2016  # expanded by the inner shell
  unshare --mount --pid --fork --kill-child "${net[@]}" /bin/bash -euc '
    root=$1; shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t sysfs sysfs "$root/sys" 2>/dev/null || true
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/home CI=true \
      chroot "$root" /bin/sh -c "cd /src && exec \"\$@\"" sh "$@"' inside "$root" "$@" </dev/null
}

[[ $EUID -eq 0 ]] || fail "needs root"
command=${1-}
shift || true
case $command in
  make) make_root "$@" ;;
  clone) clone_into "$@" ;;
  run) run_inside "$@" ;;
  *) fail "usage: make SUITE ROOT [--layout L] | clone ROOT | run [--offline] ROOT COMMAND..." ;;
esac
