#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No time of share arithmetic depends on a secret, as valgrind sees it (poisoned_shares.cpp), and
valgrind would see it.

    poisoned_shares.py PROGRAM"""

import pathlib
import subprocess
import sys

FOUND = 9
program = sys.argv[1]
suppressions = pathlib.Path(__file__).with_suffix(".supp")


def under_valgrind(*arguments):
    command = ["valgrind", "--quiet", f"--error-exitcode={FOUND}", "--partial-loads-ok=no", f"--suppressions={suppressions}"]
    return subprocess.run([*command, program, *arguments], capture_output=True, text=True)


found = under_valgrind()
assert found.returncode == 0, f"exit {found.returncode}: {found.stderr}"
for misuse in ("branch", "index"):
    found = under_valgrind(misuse)
    assert found.returncode == FOUND, f"{misuse} was not seen: exit {found.returncode}: {found.stderr}"
print("no branch and no look-up depends on a share; both would be seen")
