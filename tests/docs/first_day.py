#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does what docs/analysts-first-day.md says, with a practice set made anew, and compares how each answer begins.

In a `console` block, lines that begin with `$ ` are typed in one shell after the other, in one folder. Ids, days and
numbers are other ones each time, and which report is which as well: what is compared is whether the command ends as
the page shows (a line `[exit N]` where it is not 0) and the first line of what it says, its ids, days and numbers left
out. `REPORT` and `INCIDENT` in the page stand for what $REPORT and $INCIDENT are set to by the page's own commands.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"```console\n(.*?)```\n", re.S)
VARYING = re.compile(r"\b[0-9a-f]{8,}(?:-\d+)?\b|\d+")
# Where a file is cut is between two reports at times.
WITHIN = re.compile(r", in report [0-9a-f]+(?:, segment \d+ after \d+ of \d+ rows)?")


def shape(line):
    return re.sub(r"\s+", " ", VARYING.sub("#", WITHIN.sub("", line))).strip()


def commands(text):
    """Each with the lines that the page shows after it."""
    for block in BLOCK.findall(text):
        typed, shown = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if typed:
                    yield typed, shown
                typed, shown = line[2:], []
            elif line.startswith("> "):
                typed += "\n" + line[2:]
            else:
                shown.append(line)
        if typed:
            yield typed, shown


class Shell:
    """One shell for the whole page, so that what a line sets the next one has."""

    def __init__(self, here, environment):
        self.process = subprocess.Popen(["bash", "--norc"], cwd=here, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def type(self, command):
        mark = "~~~ended"
        self.process.stdin.write(f"{command} </dev/null\necho {mark} $?\n")
        self.process.stdin.flush()
        said = []
        for line in self.process.stdout:
            if line.startswith(mark):
                return int(line.split()[1]), said
            said.append(line.rstrip("\n"))
        return -1, said


def difference(shown, status, said):
    """What the page has otherwise, or nothing."""
    wanted = next((int(line.split()[1].rstrip("]")) for line in shown if line.startswith("[exit ")), 0)
    shown = [line for line in shown if line and not line.startswith("[exit ") and line != "…"]
    said = [line for line in said if line]
    if status != wanted:
        return f"it ends with {status}, the page says {wanted}"
    if shown and shape(shown[0]) not in {shape(line) for line in said[:2]}:
        return f"the page shows {shown[0]!r}"
    return "it says something, the page shows nothing" if said and not shown else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--source", required=True, type=pathlib.Path)
    parser.add_argument("--say", action="store_true", help="print all that really came out")
    options = parser.parse_args()
    page = (options.source / "docs/analysts-first-day.md").read_text()
    wrong = typed = 0
    with tempfile.TemporaryDirectory(prefix="resguardo-first-day-") as place:
        subprocess.run([sys.executable, options.source / "tests/bench/make_reports.py", "--bin", options.bin, "--reports",
                        "60", "--seed", "3", "--out", f"{place}/stick"], check=True, stdout=subprocess.DEVNULL)
        path = f"{options.bin.resolve()}{os.pathsep}{os.environ['PATH']}"
        shell = Shell(place, {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"})
        for command, shown in commands(page):
            status, said = shell.type(command)
            typed += 1
            found = difference(shown, status, said)
            if options.say or found:
                print(f"$ {command}", *said[:None if options.say else 12], f"[exit {status}]", sep="\n")
            if found:
                wrong += 1
                print(f"^^^ {found}\n")
    print(f"{typed} commands typed, {wrong} not as the page says")
    return 1 if wrong or typed < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
