#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Builds the release and shows the whole line on throw-away keys: people write to the real bot
# through a local stand-in for WhatsApp and Signal, the bot is killed in the middle of each, the sealed
# reports are exported, and analysts of two organisations open them offline: what happened each of them
# alone, who told it only both organisations together, word for word. A proof is checked, and one that
# was changed refused. A reporter comes back on another phone with the receipt, reads an answer, and
# takes the report back.
#
#   deploy/demo.sh [--chat [whatsapp|signal]] [--tls] [--no-install]
#
#   --chat         be the reporter yourself, in this terminal, through the same running server
#   --tls          WhatsApp's webhook over HTTPS with a throw-away certificate
#   --no-install   take the machine as it is
#
# Works from any folder, and offline once the packages are there. Says where everything is.
# Exit 0 only if all of that holds; 2 if the command line is wrong.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=lib/steps.sh
source "$root/deploy/lib/steps.sh"
# shellcheck source=lib/usage.sh
source "$root/deploy/lib/usage.sh"
# shellcheck source=lib/loopback.sh
source "$root/deploy/lib/loopback.sh"

install=yes chat='' play_arguments=()
while (($#)); do
  case $1 in
    --chat)
      chat=whatsapp
      case ${2-} in whatsapp | signal) chat=$2 && shift ;; esac
      play_arguments+=(--chat "$chat")
      ;;
    --tls) play_arguments+=(--tls) ;;
    --no-install) install=no ;;
    --help | -h) print_usage "${BASH_SOURCE[0]}"; exit 0 ;;
    *) printf 'deploy/demo.sh: unknown argument: %s (see --help)\n' "$1" >&2; exit 2 ;;
  esac
  shift
done

cd "$root"
export LC_ALL=C.UTF-8
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
[[ $install == no ]] || step deploy/install-deps.sh
raise_loopback
[[ -w ${HOME-} ]] || export CCACHE_DIR=${CCACHE_DIR-$root/build/ccache}

# The programs only; tests/run.sh builds the same preset with its tests and goes on from here.
step cmake --preset release
step cmake --build --preset release --parallel "$(parallel_jobs)" \
  --target resguardo-bot resguardo-analyst resguardo-standin forms

play=(/usr/bin/python3 -I deploy/demo/play.py --bin build/release/bin "${play_arguments[@]}")
if [[ -n $chat ]]; then
  exec "${play[@]}" # it needs the terminal
fi
step "${play[@]}"
