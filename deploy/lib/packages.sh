# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
#
# Which packages a group needs and which of them this machine lacks. Sourced; reads
# $packages_file, and asks dpkg only: nothing here needs the network or a right.

# Rows "package minimum suite why" of the groups named.
wanted() { # GROUP...
  awk -v groups=" $* " '
    /^#/ || NF == 0 { next }
    index(groups, " " $1 " ") { $1 = ""; sub(/^ +/, ""); print }' "${packages_file:?}"
}

is_group() { # GROUP
  awk -v group="$1" '!/^#/ && $1 == group { found = 1 } END { exit !found }' "$packages_file"
}

# "package version" of each of the packages that is installed, and configured.
installed_versions() { # PACKAGE...
  # dpkg-query fails when it does not know one of them, and still prints the others.
  dpkg-query --show --showformat='${db:Status-Status} ${Package} ${Version}\n' "$@" 2>/dev/null |
    awk '$1 == "installed" { print $2, $3 }' || true
}

# The rows of wanted() that are absent here, or older than their minimum.
missing() { # GROUP...
  local -A have=()
  local package minimum rest version names
  mapfile -t names < <(wanted "$@" | cut -d' ' -f1)
  while read -r package version; do
    have[$package]=$version
  done < <(installed_versions "${names[@]}")
  while read -r package minimum rest; do
    version=${have[$package]-}
    if [[ -z $version ]] || ! dpkg --compare-versions "$version" ge "$minimum"; then
      printf '%s %s %s\n' "$package" "$minimum" "$rest"
    fi
  done < <(wanted "$@")
}
