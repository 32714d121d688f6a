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


def python_tests():
    for source in (root / "tests").rglob("*.py"):
        yield from re.findall(r"^\s*def (test_\w+)\(", source.read_text(), re.MULTILINE)


# Documents whose claims are tests' names, and how many they name at least.
PROMISES = {"SECURITY.md": 10, "docs/threat-model.md": 40, "tests/protocol/README.md": 60}


def check_promises():
    known = {*tests(), *python_tests()}
    for document, least in PROMISES.items():
        text = (root / document).read_text()
        quoted = re.findall(r"`((?:\w+(?:Test|Contract)\.|test_)\w+)`", text)
        if len(quoted) < least:
            problems.append(f"{document} names hardly a test: is its table gone?")
        for name in quoted:
            if name not in known:
                problems.append(f"{document} names {name}, which is no test")


# Whose falling into other hands the threat model must speak of, by its headings.
HOLDERS = [
    "server's disk, without", "disk and the master key", "memory, live", "snapshot of the virtual machine",
    "signal-cli", "Meta", "operator", "analyst's laptop", "One organisation", "root file", "stick",
    "reporter's phone", "researcher's device", "witness", "Anybody",
]  # fmt: skip
SHOWN = re.compile(r"`(?:\w+(?:Test|Contract)\b|test_\w+|tests/)|\*(?:not tested|not built|by design)\*|not built")


def check_threat_model():
    """Nobody is left out, and every sentence that promises says what shows it, or that nothing does."""
    text = (root / "docs/threat-model.md").read_text().split("## What is not a vulnerability")[0]
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    for holder in HOLDERS:
        if not any(holder in section.splitlines()[0] for section in sections):
            problems.append(f"docs/threat-model.md does not speak of: {holder}")
    for section in sections:
        if not SHOWN.search(section):
            problems.append(f"docs/threat-model.md: nothing is shown in: {section.splitlines()[0]}")
        for row in re.findall(r"^\| .*$", section, re.MULTILINE):
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            promises = cells[0] != "when" and not re.match(r"nothing|the same|the row above", cells[1])
            if promises and not SHOWN.search(row):
                problems.append(f"docs/threat-model.md: nothing shows: {row[:80]}")
    for row in re.findall(r"^\| .*$", (root / "tests/protocol/README.md").read_text(), re.MULTILINE):
        if not re.match(r"\| (?:check|promise) \|", row) and not SHOWN.search(row.split(" | ", 1)[1]):
            problems.append(f"tests/protocol/README.md: nothing shows: {row[:80]}")


# Commands that a person under pressure will type must be there.
def check_commands():
    known = {}
    for program, sources in {"resguardo-bot": "bot", "resguardo-analyst": "analyst"}.items():
        text = "".join(path.read_text() for path in (root / sources).glob("cli*.cpp"))
        known[program] = text
    for document in [*(root / "docs/incidents").glob("*.md"), root / "docs/analysts-guide.md"]:
        lines = re.findall(r"(resguardo-(?:bot|analyst)) ([a-z][^`\n]*)", document.read_text())
        for program, words in lines:
            command = re.match(r"[a-z-]+(?: [a-z-]+(?= |$))?", words)[0].split()
            options = re.findall(r"--[a-z-]+", words)
            for word in command[: 2 if command[0] in ("root", "key", "roster") else 1] + options:
                if word not in ("--help", "--json") and f'"{word}"' not in known[program]:
                    problems.append(f"{document.relative_to(root)}: {program} knows no {word}")


def check_paths():
    top = {path.name for path in root.iterdir()}
    for document in [*root.glob("*.md"), *(root / "docs").glob("*.md"), *(root / "docs/incidents").glob("*.md")]:
        for path in re.findall(r"`([\w.-]+/[\w./-]*)`", document.read_text()):
            if path.split("/")[0] in top - {"build"} and not (root / path).exists():
                problems.append(f"{document.relative_to(root)} names {path}, which is not there")


check_dependencies()
check_promises()
check_threat_model()
check_commands()
check_paths()
print("\n".join(problems) or "every package, test and path that is named is there")
sys.exit(1 if problems else 0)
