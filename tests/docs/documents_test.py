#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents that name things of the tree name things that are there.

usage: documents_test.py ROOT
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
problems = []


def packages():
    for line in (root / "deploy/packages.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()[1]


def tests():
    pattern = re.compile(r"^\s*TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
    for source in (root / "tests").rglob("*.cpp"):
        for suite, name in pattern.findall(source.read_text(errors="replace")):
            yield f"{suite}.{name}"


def check_dependencies():
    named = set(re.findall(r"`([a-z0-9.+-]+)`", (root / "docs/dependencies.md").read_text()))
    for package in packages():
        if package not in named:
            problems.append(f"docs/dependencies.md does not say why {package} is here")


def check_promises():
    known = set(tests())
    text = (root / "SECURITY.md").read_text()
    quoted = re.findall(r"`(\w+Test\.\w+)`", text)
    if len(quoted) < 10:
        problems.append("SECURITY.md names hardly a test: is its table gone?")
    for name in quoted:
        if name not in known:
            problems.append(f"SECURITY.md names {name}, which is no test")


def check_paths():
    top = {path.name for path in root.iterdir()}
    for document in [*root.glob("*.md"), *(root / "docs").glob("*.md")]:
        for path in re.findall(r"`([\w.-]+/[\w./-]*)`", document.read_text()):
            if path.split("/")[0] in top - {"build"} and not (root / path).exists():
                problems.append(f"{document.relative_to(root)} names {path}, which is not there")


check_dependencies()
check_promises()
check_paths()
print("\n".join(problems) or "every package, test and path that is named is there")
sys.exit(1 if problems else 0)
