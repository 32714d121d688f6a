#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every promise names a test, and that test is one of those that tests/run.sh runs.

usage: promises_test.py --build BUILD --source ROOT

documents_test.py looks whether a test of that name is written; this asks ctest whether it is run. Of a test
program that was not built nothing is known: then this is not run (exit 77), and says so."""

import argparse
import json
import pathlib
import re
import subprocess
import sys

DOCUMENTS = ["SECURITY.md", "docs/threat-model.md", "tests/protocol/README.md"]
RUN_BY_DEFAULT = {"fast", "slow", "e2e"}
NOT_RUN = 77
NAMED = re.compile(r"`(?:([\w]+(?:Test|Contract)\.\w+)|(test_\w+)|(tests/[\w/]+\.py))`")


def labels_of(test):
    return {label for each in test.get("properties", []) if each["name"] == "LABELS" for label in each["value"]}


def is_disabled(test):
    return any(each["name"] == "DISABLED" and each["value"] for each in test.get("properties", []))


class Registered:
    """What ctest would run."""

    def __init__(self, build):
        shown = subprocess.run(
            ["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, check=True, text=True
        )
        tests = json.loads(shown.stdout)["tests"]
        self.missing = sorted(test["name"] for test in tests if test["name"].endswith("_NOT_BUILT"))
        run = [test for test in tests if labels_of(test) & RUN_BY_DEFAULT and not is_disabled(test)]
        # program:[Prefix/]Suite.Name[/parameter …]
        pattern = re.compile(r"^[^:]+:(?:[^/.]+/)?(\w+\.\w+)")
        self.cases = {found[1] for test in run if (found := pattern.match(test["name"]))}
        self.scripts = {pathlib.Path(word).name for test in run for word in test.get("command", []) if word.endswith(".py")}


def python_tests(root):
    """Name to the scripts that have it."""
    found = {}
    for script in (root / "tests").rglob("*.py"):
        for name in re.findall(r"^\s*def (test_\w+)\(", script.read_text(), re.MULTILINE):
            found.setdefault(name, set()).add(script.name)
    return found


def problems_of(root, registered):
    scripts = python_tests(root)
    for document in DOCUMENTS:
        for case, function, script in NAMED.findall((root / document).read_text()):
            if case and case not in registered.cases:
                yield f"{document} names {case}, which nobody runs"
            if function and not scripts.get(function, set()) & registered.scripts:
                yield f"{document} names {function}, which nobody runs"
            if script and pathlib.Path(script).name not in registered.scripts:
                yield f"{document} names {script}, which nobody runs"
    table = (root / "SECURITY.md").read_text().split("| promise | held by |")[1].split("\n\n")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")]
    if len(rows) < 15:
        yield "SECURITY.md: the table of promises is gone"
    for row in rows:
        if not NAMED.search(row):
            yield f"SECURITY.md: nothing shows: {row[:80]}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    arguments.add_argument("--source", type=pathlib.Path, required=True)
    given = arguments.parse_args()
    registered = Registered(given.build)
    if registered.missing:
        print(f"not run: {len(registered.missing)} test programs are not built, {registered.missing[0]} among them")
        return NOT_RUN
    problems = list(problems_of(given.source, registered))
    print("\n".join(problems) or "every promise names tests that are run")
    return 1 if problems else 0


sys.exit(main())
