#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens with PyNaCl what our C++ sealed.

    check_segment.py PROGRAM DIRECTORY

PROGRAM prints sealed segments with a reader's key; DIRECTORY holds the committed vectors, whose
successes must open here too, and whose failures must not."""

import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from nacl import bindings as nacl  # noqa: E402
from segment_format import *  # noqa: E402,F403


class Refused(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Refused(why)


def open_stream(header, stream, compartment, member, secret):
    fields = read_fields(stream)
    context, envelope_set = one(fields, 1), one(fields, 2)
    set_fields, context_fields = read_fields(envelope_set), read_fields(context)
    need(one(set_fields, 7, 0) == compartment == one(context_fields, 7, 0), "compartment")
    need(one(context_fields, 2) == one(header, 2), "report")
    need(one(context_fields, 3, 0) == one(header, 3, 0), "segment index")
    need(one(context_fields, 5) == blake2b(envelope_set), "set digest")
    need((one(set_fields, 1), one(set_fields, 3, 0), one(context_fields, 1)) == (1, 1, 1), "format or kem")
    need(read_fields(one(set_fields, 8)) == [(1, 1)], "policy")
    members = [read_fields(m) for m in every(set_fields, 9)]
    envelopes = every(fields, 3)
    ids = [one(m, 1) for m in members]
    need(len(members) == len(envelopes) and len(set(ids)) == len(ids), "envelopes")
    need(member in ids, "not a member")
    index = ids.index(member)
    public = nacl.crypto_scalarmult_base(secret)
    need(one(members[index], 2) == public, "another key")
    plain = nacl.crypto_box_seal_open(envelopes[index], public, secret)
    need(plain[32:] == blake2b(envelope_set) + struct.pack("<I", index), "another set or place")
    key = derive(plain[:32], "segment", blake2b(context))
    need(derive(key, "commit") == one(fields, 4), "commitment")
    return Stream().pull_from(one(fields, 5), key)


def open_segment(vector):
    """The records of every row, or an exception."""
    lookup = dict(vector)
    header_bytes = bytes.fromhex(lookup["header"])
    header = read_fields(header_bytes)
    need(one(header, 1) == 1, "format")
    secret = bytes.fromhex(lookup.get("epoch_secret") or lookup["reserve_secret"])
    member = bytes.fromhex(lookup["member"])
    streams = [open_stream(header, one(header, 4 + c), c, member, secret) for c in (TESTIMONY, IDENTITY)]
    records, ended = [], False
    for sequence, text in enumerate(value for name, value in vector if name == "row"):
        row_bytes = bytes.fromhex(text)
        row = read_fields(row_bytes)
        need(not ended, "after the end")
        need(one(row, 1, 0) == sequence, "sequence")
        need(encode_row(sequence, *(one(row, f) for f in (2, 3, 4, 5))) == row_bytes, "canonical")
        opened, tags = [], set()
        for compartment, stream in enumerate(streams):
            padded, tag = stream.pull(one(row, 2 + compartment), row_context(header_bytes, compartment, sequence))
            record = unpad(padded)
            need(record[:2] == b"\x0a\x10", "salt")
            need(record_digest(record) == one(row, 4 + compartment), "digest")
            opened.append(record)
            tags.add(tag)
        need(tags in ({TAG_REKEY}, {TAG_FINAL}), "tags")
        ended = tags == {TAG_FINAL}
        need({len(one(row, f)) for f in (2, 3)} == {size_class(max(map(len, opened))) + 17}, "size class")
        records.append(tuple(opened))
    return records


def expected(vector):
    listed = [[bytes.fromhex(v) for n, v in vector if n == name] for name in ("testimony", "identity")]
    return list(zip(*listed))


def main():
    program, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    sealed = [read_vector(part) for part in output.split("--\n") if part]
    assert len(sealed) == 3
    for vector in sealed:
        assert len(expected(vector)) == 3 and open_segment(vector) == expected(vector)
    successes = failures = 0
    for path in sorted(directory.glob("*.txt")):
        vector = read_vector(path.read_text(encoding="utf-8"))
        if ("expect", "success") in vector:
            assert open_segment(vector) == expected(vector), path.name
            successes += 1
    assert successes > 3
    # This reader must be able to fail: a changed byte anywhere in a row.
    header = next(v for v in sealed)
    for at in (0, 40, -1):
        name, row = next((n, v) for n, v in header if n == "row")
        changed = bytearray.fromhex(row)
        changed[at] ^= 1
        try:
            open_segment([(n, changed.hex() if v == row else v) for n, v in header])
        except Exception:  # noqa: BLE001: whatever it is, it did not open
            failures += 1
    assert failures == 3
    print(f"{len(sealed)} sealed segments and {successes} vectors opened with PyNaCl")


if __name__ == "__main__":
    main()
