# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash

# Prints the comment at the head of a script, which is its --help, without its licence line.
print_usage() { # FILE
  awk 'NR > 3 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$1"
}
