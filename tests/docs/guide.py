#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Does what docs/questionnaire-guide.md says, in an empty place, and compares what comes out.

A block after `<!-- file: NAME -->` is written to that file. In a `console` block, lines that begin
with `$ ` are typed, and what follows must come out. Every picture that the guide shows must be drawn
by it, byte for byte. `--update` writes what came out into the guide and the pictures.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.S)
PICTURE = re.compile(r"!\[[^\]]+\]\(questionnaire-guide/pictures/([\w.]+)\)")


def type_all(body, here, environment):
    """The same block with what really came out."""
    out = []
    for line in body.splitlines():
        if not line.startswith("$ "):
            continue
        done = subprocess.run(["bash", "-c", line[2:]], cwd=here, env=environment, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        out.append(line + "\n" + done.stdout)
    return "".join(out)


def follow(text, here, environment):
    def one(block):
        if block["file"]:
            (here / block["file"]).write_text(block["body"])
        if block["kind"] != "console":
            return block[0]
        return "```console\n" + type_all(block["body"], here, environment) + "```\n"
    return BLOCK.sub(one, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--source", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    guide = options.source / "docs/questionnaire-guide.md"
    pictures = options.source / "docs/questionnaire-guide/pictures"
    text = guide.read_text()
    wrong = []
    with tempfile.TemporaryDirectory() as place:
        here = pathlib.Path(place) / "docs/questionnaire-guide"
        shutil.copytree(options.source / "docs/questionnaire-guide/skeleton", here / "skeleton")
        shutil.copytree(options.source / "proto/forms/languages",
                        pathlib.Path(place) / "proto/forms/languages")
        path = f"{options.bin.resolve()}{os.pathsep}{os.environ['PATH']}"
        real = follow(text, here, {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"})
        shown = PICTURE.findall(text)
        for name in shown:
            drawn = (here / name).read_bytes() if (here / name).exists() else b""
            kept = (pictures / name).read_bytes() if (pictures / name).exists() else b""
            if options.update:
                (pictures / name).write_bytes(drawn)
            elif drawn != kept or not drawn:
                wrong.append(f"{name} is not what the guide draws\n")
    if len(shown) < 3:
        wrong.append("the guide shows too few pictures\n")
    if options.update:
        guide.write_text(real)
    elif real != text:
        wrong += difflib.unified_diff(text.splitlines(True), real.splitlines(True), "guide", "real")
    sys.stderr.writelines(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
