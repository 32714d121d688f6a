#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/paper/*.txt: pages as they are printed and as people type them.

    make_paper_vectors.py DIRECTORY

docs/format.md, "Keys on paper", a second time, with base64.b32encode and hashlib. Every run gives the same bytes."""

import base64
import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from segment_format import derive  # noqa: E402


def base32(content):
    return base64.b32encode(content).decode().rstrip("=")


def check(kind, line, content, letters):
    return base32(derive(bytes(32), "paper-line", kind.encode(), bytes([line]), content))[:letters]


def fours(text):
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def page(kind, content):
    whole = check(kind, 0, content, 8)
    lines = [f"RESGUARDO PAPER 1 {kind} {len(content)} {whole[:4]}-{whole[4:]}"]
    for at in range(0, len(content), 20):
        number, piece = at // 20 + 1, content[at : at + 20]
        lines.append(f"{number:02} {fours(base32(piece))} {check(kind, number, piece, 4)}")
    return "\n".join(lines) + "\n"


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    content = hashlib.blake2b(b"a key on paper").digest() + b"and a rest"  # 74 bytes: four lines
    good = page("LOCKED KEY", content)
    lines = good.splitlines(keepends=True)

    def case(name, comment, expect, typed, kind="LOCKED KEY", printed=False, wrong=()):
        fields = ["# SPDX-License-Identifier: AGPL-3.0-or-later", f"# {comment}", f"expect: {expect}", f"typed: {typed.encode().hex()}"]
        if expect == "success":
            fields += [f"kind: {kind}", f"content: {content.hex()}"]
            fields += [f"printed: {'yes' if printed else 'no'}"]
        fields += [f"wrong: {line}" for line in wrong]
        (folder / f"{name}.txt").write_text("\n".join(fields) + "\n", encoding="utf-8")

    case("key", "As it is printed.", "success", good, printed=True)
    case("share", "A share, as it is printed.", "success", page("ROOT SHARE", content), kind="ROOT SHARE", printed=True)
    case("small_letters", "All in small letters.", "success", good.lower())
    case("hyphens_and_returns", "With hyphens, and with the line ends of another system.", "success", good.replace("\n", "\r\n").replace(" B", "-B"))
    typed_for = lines[0] + "".join(line[:3] + line[3:].translate(str.maketrans("OIB", "018")) for line in lines[1:])
    assert typed_for != good
    case("digits_for_letters", "0, 1 and 8 for O, I and B.", "success", typed_for)
    case("other_order", "The last line first.", "success", "".join(reversed(lines)))
    swap = {"A": "C"}
    slip = lines[2][:4] + swap.get(lines[2][4], "A") + lines[2][5:]
    case("slip", "One letter of line 2.", "wrong", lines[0] + lines[1] + slip + lines[3] + lines[4], wrong=[2])
    case("two_exchanged", "Two letters of line 3 have changed places.", "wrong", lines[0] + lines[1] + lines[2] + exchange(lines[3]) + lines[4], wrong=[3])
    case("line_missing", "Line 1 is missing.", "wrong", lines[0] + "".join(lines[2:]), wrong=[1])
    case("last_line_short", "The last line lacks a letter.", "wrong", good[:-2] + "\n", wrong=[4])
    case("no_first_line", "The first line is missing.", "malformed", "".join(lines[1:]))
    case("other_version", "Version 2.", "malformed", good.replace("PAPER 1", "PAPER 2"))
    case("other_kind", "It says that it is a share; the lines say a key.", "wrong", good.replace("LOCKED KEY", "ROOT SHARE"), wrong=[1, 2, 3, 4])
    case("too_long", "More bytes than 99 lines hold.", "malformed", good.replace(" 74 ", " 1981 "))
    case("other_whole", "The first line of another page with lines that fit.", "unauthentic", page("LOCKED KEY", bytes(74)).splitlines(keepends=True)[0] + "".join(lines[1:]))


def exchange(line):
    at = next(i for i in range(3, len(line)) if line[i] != line[i + 1] and " " not in line[i : i + 2])
    return line[:at] + line[at + 1] + line[at] + line[at + 2 :]


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[1]) / "paper")
