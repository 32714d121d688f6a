# SPDX-License-Identifier: AGPL-3.0-or-later
"""The unit's exposure as systemd itself counts it, without a running systemd. Argument: the tree.

77: not run, there is no systemd-analyze that can."""
import pathlib
import re
import subprocess
import sys
import tempfile

UNIT = "deploy/systemd/resguardo-bot.service"
# Counted by systemd 252. What is left is the network, which it is there for (0.9), system calls for
# priorities, with which a check of the disk gives way to people (0.2), and the host's root folder.
MOST = 1.2
MOST_ELSEWHERE = 1.9  # later ones ask more questions
TOO_OPEN = 5.0
NEEDED = ["LoadCredentialEncrypted=resguardo-master:", "NoNewPrivileges=yes", "MemorySwapMax=0",
          "LimitCORE=0", "CapabilityBoundingSet=\n", "AppArmorProfile=-resguardo-bot",
          # our own sandbox must be let in
          "SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp"]


def exposure(unit):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
                          capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    return float(found.group(1)) if found else None


def version():
    said = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True,
                          timeout=60, check=True).stdout
    return int(re.search(r"systemd (\d+)", said).group(1))


def main(tree):
    unit = pathlib.Path(tree) / UNIT
    try:
        found = exposure(unit)
    except FileNotFoundError:
        found = None
    if found is None:
        print("not run: no systemd-analyze that judges a unit by itself (Debian's package systemd)")
        return 77
    most = MOST if version() <= 252 else MOST_ELSEWHERE
    missing = [line for line in NEEDED if line not in unit.read_text()]
    print(f"exposure {found}, at most {most}; missing: {missing or 'nothing'}")
    return 0 if found <= most and not missing and open_unit_is_seen(unit) else 1


def open_unit_is_seen(unit):
    """The judge judges: without its protections the same unit is exposed."""
    with tempfile.TemporaryDirectory() as folder:
        bare = pathlib.Path(folder) / unit.name
        keep = ("[", "ExecStart", "Description", "Type")
        bare.write_text("".join(line for line in unit.read_text().splitlines(True)
                                if line.startswith(keep)))
        found = exposure(bare)
    print(f"without its protections: {found}")
    return found is not None and found > TOO_OPEN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
