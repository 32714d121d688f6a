# SPDX-License-Identifier: AGPL-3.0-or-later
"""A proof that a report was recorded, checked by our program and by one Python file."""
import pathlib
import shutil
import subprocess

from stage import indented, require, step

PYTHON = pathlib.Path(__file__).parents[3] / "analyst/recover/check_proof.py"


def checks(demo, proof):
    """What both checkers say: (exit, text) of each."""
    ours = [demo.bin / "resguardo-analyst", "prove", "--check", proof, "--root", demo.root_public]
    python = ["/usr/bin/python3", "-B", PYTHON, proof, demo.root_public]
    said = []
    for command in (ours, python):
        done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False)
        said.append((done.returncode, (done.stdout + done.stderr).strip()))
    return said


def play(demo, report):
    step("A proof that one report was recorded, checked by our program and by one Python file")
    proof = demo.work / "proof"
    print(demo.of("ana", "prove", report, "--out", proof))
    for what, (status, text) in zip(("resguardo-analyst prove --check", "check_proof.py"), checks(demo, proof)):
        print(f"\n  {what}")
        print(indented(text))
        require(status == 0 and text.startswith("holds"), f"{what}: the proof does not hold")
    step("The same proof with one bit of one sealed row changed")
    changed = demo.work / "proof-changed"
    shutil.copytree(proof, changed)
    rows = changed / "segment-000.rows"
    content = bytearray(rows.read_bytes())
    content[len(content) // 2] ^= 1
    rows.write_bytes(content)
    for what, (status, text) in zip(("resguardo-analyst prove --check", "check_proof.py"), checks(demo, changed)):
        print(f"\n  {what}: exit {status}")
        print(indented(text))
        require(status != 0, f"{what} takes a proof that was changed")
