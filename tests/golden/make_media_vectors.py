#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/media/*.txt: sealed files, with PyNaCl and hashlib and none of our code.

    make_media_vectors.py              adds, never writes a file again

One success or one failure a file. `fails_at`: `begin` (what the record says does not agree), the
number of a chunk, or `finish`."""

import hashlib
import pathlib
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from segment_format import Stream, write_vector  # noqa: E402

MESSAGE, PUSH, FINAL = 0, 1, 3
CHUNK = 64 * 1024


def padme(length):
    """PURBs, PoPETs 2019, algorithm 1."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def seeded(name, size):
    return hashlib.shake_256(name.encode()).digest(size)


def sealed(content, **change):
    """The fields of a vector; `change` says what this writer does otherwise."""
    media, key = seeded("media", 16), seeded("key", 32)
    stream = Stream()
    header = stream.push_from(key)
    padded = content + change.get("filling", b"\0") * (padme(len(content)) - len(content))
    pieces = [padded[at : at + CHUNK] for at in range(0, len(padded), CHUNK)] or [b""]
    chunks = []
    for number, piece in enumerate(pieces):
        bound = change.get("bound_id", media) + struct.pack("<Q", number + change.get("shift", 0))
        tag = change.get("last_tag", FINAL) if number + 1 == len(pieces) else MESSAGE
        chunks.append(stream.push(piece, bound, tag))
    said = {"media_id": media, "key": key, "header": header, "length": len(content), "padded_length": len(padded),
            "chunks": len(chunks), "sha256": hashlib.sha256(content).digest()}  # fmt: skip
    said.update(change.get("said", {}))
    return said, change.get("come", lambda all: all)(chunks)


def vector(comment, content, expect="success", fails_at=None, **change):
    said, chunks = sealed(content, **change)
    fields = [(name, value if isinstance(value, bytes) else str(value)) for name, value in said.items()]
    fields += [("chunk", chunk) for chunk in chunks]
    fields.append(("expect", expect))
    if fails_at is None and len(content) < 1000:
        fields.append(("plain", content))
    if fails_at is not None:
        fields.append(("fails_at", str(fails_at)))
    return write_vector(comment, fields)


WORDS = "una foto de la comisaría, de lejos".encode()
LONG = seeded("long", CHUNK + 1)
VECTORS = {
    "empty": lambda: vector("A file of nothing: one chunk of nothing.", b""),
    "short": lambda: vector("A file that fills part of one chunk.", WORDS),
    "filled_up": lambda: vector("A length that Padmé fills up.", seeded("filled", 531)),
    "two_chunks": lambda: vector("One byte more than a chunk.", LONG),
    "key_of_another_file": lambda: vector(
        "The record has another key.", WORDS, "unauthentic", 0, said={"key": seeded("other", 32)}),
    "id_of_another_file": lambda: vector(
        "Sealed under another file's id.", WORDS, "unauthentic", 0, bound_id=seeded("other", 16)),
    "bound_to_another_place": lambda: vector("The first chunk says it is the second.", WORDS, "unauthentic", 0, shift=1),
    "no_end": lambda: vector("The last chunk is not FINAL.", WORDS, "unauthentic", 0, last_tag=MESSAGE),
    "tag_push": lambda: vector("The last chunk has the tag PUSH.", WORDS, "unauthentic", 0, last_tag=PUSH),
    "filled_with_something": lambda: vector("Filled up with ones.", seeded("filled", 531), "malformed", 0, filling=b"\1"),
    "digest_of_another_file": lambda: vector(
        "The record has another SHA-256.", WORDS, "unauthentic", "finish", said={"sha256": bytes(32)}),
    "not_padded": lambda: vector(
        "The record's lengths are not Padmé's.", WORDS, "malformed", "begin", said={"padded_length": 2 * len(WORDS)}),
    "chunks_contradict": lambda: vector("The record counts two chunks.", WORDS, "malformed", "begin", said={"chunks": 2}),
    "cut": lambda: vector("The chunk lacks its last byte.", WORDS, "malformed", 0, come=lambda all: [all[0][:-1]]),
    "missing": lambda: vector("No chunk came.", WORDS, "malformed", "finish", come=lambda all: []),
    "twice": lambda: vector("The chunk comes twice.", WORDS, "malformed", 1, come=lambda all: all * 2),
}  # fmt: skip


def main():
    folder = pathlib.Path(__file__).parent / "media"
    folder.mkdir(exist_ok=True)
    for name, make in VECTORS.items():
        path = folder / f"{name}.txt"
        if not path.exists():
            path.write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
