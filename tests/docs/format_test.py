#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/format.md says what the code does: every label, every armour, every field of every message;
and analyst/recover/recover.py has the same messages.

usage: format_test.py ROOT [--write]     --write puts the messages' table into the page
"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "analyst/recover"))
page_file = root / "docs/format.md"
page = page_file.read_text()
problems = []
PROTOS = ["envelope", "record", "key_file", "root_share", "roster", "bundle", "log", "ack", "withdrawal", "reply", "quorum"]
BEGIN, END = "<!-- messages -->\n", "<!-- end of messages -->\n"


def messages():
    """{name: {number: (field, type, "" | "*" | "|")}} and {enum: {value: name}}, of our schemas."""
    found, enums = {}, {}
    for name in PROTOS:
        text = re.sub(r"//[^\n]*", "", (root / f"proto/{name}.proto").read_text())
        for enum, body in re.findall(r"enum (\w+) \{(.*?)\}", text, re.S):
            enums[enum] = {int(value): name for name, value in re.findall(r"(\w+) = (\d+);", body)}
        for message, body in re.findall(r"^message (\w+) \{(\}|.*?^\})", text, re.S | re.M):
            arms = re.search(r"oneof \w+ \{(.*?)\}", body, re.S)
            fields = {}
            for many, kind, field, number in re.findall(r"(repeated )?(\w+) (\w+) = (\d+);", body):
                arm = arms and re.search(rf"\b{field} = {number};", arms[1])
                fields[int(number)] = (field, kind, "*" if many else "|" if arm else "")
            found[message] = fields
    return found, enums


def table(found, enums):
    lines = []
    for message, fields in found.items():
        parts = [f"{number} {name} {kind}{mark}" for number, (name, kind, mark) in sorted(fields.items())]
        lines.append(f"    {message}: " + ", ".join(parts) if parts else f"    {message}: nothing")
    for enum, values in enums.items():
        lines.append(f"    {enum}: " + ", ".join(f"{value} {name}" for value, name in sorted(values.items())))
    return "\n".join(lines) + "\n"


def check_labels():
    code = set(re.findall(r'"(resguardo/[a-z-]+/v\d+)"', (root / "crypto/base/labels.h").read_text()))
    said = set(re.findall(r"^\| `(resguardo/[^`]+)` \|", page, re.M))
    for label in sorted(code ^ said):
        problems.append(f"label {label} stands in only one of crypto/base/labels.h and docs/format.md")
    if len(code) < 20:
        problems.append("crypto/base/labels.h: where are its labels?")


def check_armours():
    text = (root / "crypto/format/armour.cpp").read_text()
    kinds = re.findall(r'case ArmourKind::\w+:\s*return "([A-Z ]+)";', text)
    if len(kinds) < 5:
        problems.append("crypto/format/armour.cpp: where are its kinds?")
    for kind in kinds:
        if f"`{kind}`" not in page:
            problems.append(f"docs/format.md does not say what a {kind} is")


def check_messages():
    wanted = BEGIN + table(*messages()) + END
    if "--write" in sys.argv:
        before, _, rest = page.partition(BEGIN)
        page_file.write_text(before + wanted + rest.partition(END)[2])
    elif wanted not in page:
        problems.append("docs/format.md has other messages than proto/: run tests/docs/format_test.py . --write")


def check_recover():
    import recover

    found, enums = messages()
    names = {"ApproximateDate": "Date", "CompartmentPolicy": "Compartment", "MemberPublic": None}
    words = {"string": "text"}
    for message, fields in found.items():
        own = re.sub("^Bundle(?!Roster)", "", message)
        own = names.get(own, {"LogEntry": "Log"}.get(own, own) if own != message else own)
        if own is None:
            continue
        theirs = {}
        for number, (name, kind, mark) in fields.items():
            kind = max(enums[kind]) if kind in enums else words.get(kind, kind)
            theirs[number] = (name, kind, mark)
        ours = recover.SCHEMAS.get(own)
        if ours is None:  # nothing that it has to read
            continue
        marks = {"": "", "many": "*", "packed": "*", "arm": "|"}
        simple = {n: (name, theirs.get(n, ("", kind))[1] if isinstance(kind, dict) else kind, marks[often]) for n, (name, kind, often) in ours.items()}
        if simple != theirs:
            problems.append(f"recover.py has another {own} than proto/ has a {message}")


check_labels()
check_armours()
check_messages()
check_recover()
if len(messages()[0]) < 40:
    problems.append("proto/: where are its messages?")
print("\n".join(problems) or "the format page has every label, armour and field")
sys.exit(1 if problems else 0)
