#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks with hashlib and PyNaCl the log, checkpoints and proofs that our C++ made.

    check_log.py PROGRAM"""

import base64
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from log_format import *  # noqa: E402,F403


def signatures(note):
    """name, key id, signature of each line; the text."""
    text, lines = note.rsplit("\n\n", 1)
    found = []
    for one in lines.splitlines():
        assert one.startswith(DASH)
        name, data = one[len(DASH):].split(" ")
        data = base64.b64decode(data, validate=True)
        found.append((name, data[:4], data[4:]))
    return text + "\n", found


def check(vector):
    every = lambda name: [bytes.fromhex(value) for key, value in vector if key == name]
    entries = every("entry")
    log_key, witness, note = every("log_key")[0], every("witness")[0], every("note")[0].decode()
    text, (by_log, by_witness) = signatures(note)
    leaves = [leaf(entry) for entry in entries]
    origin = "resguardo.example"
    assert text == checkpoint(origin, len(entries), root(leaves), "day 2024-10-04"), text
    assert by_log[:2] == (origin, key_id(origin, 1, log_key)) and verifies(log_key, text.encode(), by_log[2])
    time = int.from_bytes(by_witness[2][:8], "big")
    assert by_witness[:2] == ("witness", key_id("witness", 4, witness)) and time == 1795267200
    assert verifies(witness, f"cosignature/v1\ntime {time}\n{text}".encode(), by_witness[2][8:])
    assert not verifies(witness, text.encode(), by_witness[2][8:])
    proofs = every("proof")
    assert len(proofs) == len(entries)
    for index, proof in enumerate(proofs):
        head, rest = proof.decode().split("\n\n", 1)
        assert rest == note
        first, numbered, *path = head.splitlines()
        assert (first, numbered) == ("c2sp.org/tlog-proof@v1", f"index {index}")
        path = [base64.b64decode(one, validate=True) for one in path]
        assert path == inclusion(leaves, index)
        assert root_from_path(index, len(entries), leaves[index], path) == root(leaves)


def main():
    output = subprocess.run([sys.argv[1]], check=True, capture_output=True, text=True).stdout
    vectors = [[tuple(row.split(": ", 1)) for row in block.splitlines()] for block in output.split("\n\n") if block]
    for vector in vectors:
        check(vector)
    assert len(vectors) == 22, len(vectors)
    print(f"{len(vectors)} logs hold")


if __name__ == "__main__":
    main()
