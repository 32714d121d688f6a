#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds checklist.txt to the tree: what it names exists, no case and no judged code is missing in it.
Then plants every kind of mistake and shows that each is caught.

    checklist_test.py SOURCE [--page gateways.md]

With --page (the design page, which is not part of the repository) also: every row of its tables in
the sections of SECTIONS has a row here."""

import collections
import pathlib
import re
import sys

HERE = pathlib.Path("tests/bot/gateway")
LONGEST_REASON = 8  # words
# Where codes are judged: what a code looks like there, and the section with its rows.
JUDGES = {"3.9": ("bot/gateway/whatsapp/judge.cpp", r"\bRule\{(\d+), (\d+),"),
          "1.3": ("bot/gateway/signal/jsonrpc_judge.cpp", r"\bRpcCode\{(-?\d+)()")}
SECTIONS = {"1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2",
            "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "4"}
Row = collections.namedtuple("Row", "line section name where")


class Tree:
    """What can be named, read once."""

    def __init__(self, source):
        root = source / HERE / "cases"
        self.cases = {str(f.relative_to(root)): f.read_text(encoding="utf-8", errors="replace")
                      for f in root.rglob("*.case")}
        self.tests = set()
        for file in (source / "tests").rglob("*_test.cpp"):
            text = file.read_text(encoding="utf-8")
            self.tests |= {".".join(found) for found in
                           re.findall(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text, re.MULTILINE)}
        self.scripts = {str(f.relative_to(source)): f.read_text(encoding="utf-8")
                        for f in (source / "tests").rglob("*_test.py")}
        self.judged = {section: [(int(first), int(last or first)) for first, last in
                                 re.findall(pattern, (source / path).read_text(encoding="utf-8"))]
                       for section, (path, pattern) in JUDGES.items()}

    def has(self, name):
        if name.endswith(".case"):
            return name in self.cases
        path, colon, test = name.partition(":")
        if colon:
            return re.search(rf"def {re.escape(test)}\(", self.scripts.get(path, "")) is not None
        return name in self.tests


def rows_of(text, problems):
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) != 3 or not all(parts):
            problems.append(f"line {number}: not `section | row | where`")
        else:
            rows.append(Row(number, *parts))
    return rows


def codes_of(name):
    """The codes a row is about, as ranges; none if it is about something else."""
    if not re.fullmatch(r"[-\d–x,/ ]+", name):
        return []
    ranges = []
    for first, last, wild in re.findall(r"(-?\d+)(?:–(\d+))?(x*)", name):
        low = int(first) * 10 ** len(wild)
        ranges.append((low, int(last) if last else low + 10 ** len(wild) - 1))
    return ranges


def check_where(tree, row, problems):
    reason = row.where.removeprefix("not ours:")
    if reason != row.where:
        if not 1 <= len(reason.split()) <= LONGEST_REASON:
            problems.append(f"line {row.line}: a reason has one to {LONGEST_REASON} words")
        return
    problems += [f"line {row.line}: there is no {name}" for name in row.where.split() if not tree.has(name)]


def check_codes(tree, section, rows, problems):
    told = [(code, row) for row in rows if row.section == section for code in codes_of(row.name)]
    judged = tree.judged[section]
    if not judged:
        problems.append(f"{section}: no code was found where they are judged")
    covered = {number for (first, last), _ in told for number in range(first, last + 1)}
    known = {number for first, last in judged for number in range(first, last + 1)}
    problems += [f"{section}: code {code} is judged and in no row" for code in sorted(known - covered)]
    problems += [f"{section}: code {code} is in a row and not judged" for code in sorted(covered - known)]
    for (first, last), row in told:
        texts = "".join(tree.cases.get(name, "") for name in row.where.split() if name.startswith("answers/"))
        for code in {first, last}:
            if not re.search(rf'"code":{code}\b', texts):
                problems.append(f"line {row.line}: no case of it has the code {code}")


def check(tree, text):
    problems = []
    rows = rows_of(text, problems)
    seen = collections.Counter((row.section, row.name) for row in rows)
    problems += [f"{section} | {name}: twice" for (section, name), count in seen.items() if count > 1]
    for row in rows:
        check_where(tree, row, problems)
    named = {name for row in rows for name in row.where.split()}
    problems += [f"{case} is in no row" for case in sorted(tree.cases.keys() - named)]
    for section in JUDGES:
        check_codes(tree, section, rows, problems)
    return problems


def page_cells(page):
    """(section, first cell) of the rows of its tables; not their heads."""
    section, inside, cells = "", False, []
    for line in page.splitlines():
        title = re.match(r"#+ (\d+(?:\.\d+)?)", line)
        section = title[1] if title else section
        if line.startswith("|") and inside and not line.startswith("|-"):
            cells.append((section, line.strip("| ").split(" | ")[0].strip().replace("`", "")))
        inside = line.startswith("|")
    return cells


def check_page(text, page):
    rows = rows_of(text, [])
    problems = []
    for (section, cell), count in collections.Counter(page_cells(page)).items():
        if section not in SECTIONS:
            continue
        found = sum(1 for row in rows if row.section == section and re.match(re.escape(cell) + r"(?!\w)", row.name))
        if found < count:
            problems.append(f"{section} | {cell}: {count} in the page, {found} here")
    return problems


def planted(text):
    """Mistakes, and what must be said of each."""
    lines = text.splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    without = lambda word: "\n".join(line for line in lines if word not in line)
    more = lambda line: text + line + "\n"
    return {
        "a row doubled": (more(rows[0]), "twice"),
        "a case that is none": (more("9 | x | whatsapp/no_such.case"), "there is no whatsapp/no_such.case"),
        "a test that is none": (more("9 | x | CaseTest.NoSuchTest"), "there is no CaseTest.NoSuchTest"),
        "a suite alone": (more("9 | x | CaseTest"), "there is no CaseTest"),
        "a script's test that is none": (more("9 | x | tests/e2e/daemon_test.py:test_no_such"), "there is no tests"),
        "a script that is none": (more("9 | x | tests/e2e/no_such_test.py:test_a"), "there is no tests"),
        "a row without a place": (more("9 | x | "), "not `section"),
        "no reason": (more("9 | x | not ours:"), "a reason has"),
        "a long reason": (more("9 | x | not ours:" + " why" * (LONGEST_REASON + 1)), "a reason has"),
        "a case in no row": (without("signal/edit_of_nothing.case"), "signal/edit_of_nothing.case is in no row"),
        "a code in no row": (without("3.9 | 131048 "), "code 131048 is judged and in no row"),
        "a range in no row": (text.replace("200–299", "200–298"), "code 299 is judged and in no row"),
        "a code of JSON-RPC in no row": (without("1.3 | -4 "), "code -4 is judged and in no row"),
        "a code nobody judges": (more("3.9 | 131061 | answers/whatsapp/code_spam.case"), "131061 is in a row and not judged"),
        "a code without a case of it": (text.replace("answers/whatsapp/code_spam.case", "answers/whatsapp/sent.case"),
                                        "has the code 131048"),
    }


def main():
    source = pathlib.Path(sys.argv[1])
    text = (source / HERE / "checklist.txt").read_text(encoding="utf-8")
    tree = Tree(source)
    problems = check(tree, text)
    if sys.argv[2:3] == ["--page"]:
        problems += check_page(text, pathlib.Path(sys.argv[3]).read_text(encoding="utf-8"))
    for what, (mistaken, said) in planted(text).items():
        if not any(said in problem for problem in check(tree, mistaken)):
            problems.append(f"self test: {what} was not noticed")
    for problem in problems:
        print(f"{HERE}/checklist.txt: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
