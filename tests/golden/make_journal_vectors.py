#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/journal/*.txt: what one did with a vault, entry by entry, with hashlib and PyNaCl.

    make_journal_vectors.py DIRECTORY

Each `entry` is a SignedMessage; each names the one before it. The committed files stay."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from key_format import nacl, sign, signed  # noqa: E402
from make_segment_vectors import seeded  # noqa: E402
from segment_format import blake2b, data, number, write_vector  # noqa: E402

PUBLIC, SECRET = nacl.crypto_sign_seed_keypair(seeded("keeps a journal"))
OTHER = nacl.crypto_sign_seed_keypair(seeded("another"))[1]
REPORT = seeded("report", 16)
REQUESTED, GRANTED, REFUSED, COMBINED, HELD, KEPT, HONOURED = range(1, 8)


def entry(place, before, kind, note, subject=b"", members=(), format=1):
    return (
        number(1, format) + number(2, place) + data(3, before) + data(4, b"\1" * 16) + number(5, 1795000000000 + place)
        + number(6, kind) + data(7, REPORT) + data(8, subject) + b"".join(data(9, one) for one in members) + data(10, note.encode())
    )  # fmt: skip


def chain(*kinds, first=1, before=bytes(32), by=SECRET, label="journal", **more):
    """Entries of these kinds, each with a reason."""
    made = []
    for place, kind in enumerate(kinds, first):
        subject = seeded("request") if kind <= COMBINED else b""
        members = [b"\2" * 16] if kind in (GRANTED, REFUSED, COMBINED) else []
        exact = entry(place, before, kind, f"reason {place}", subject, members, **more)
        made.append(signed(exact, (PUBLIC, sign(by, label, exact))))
        before = blake2b(exact)
    return made


def vector(comment, expect, entries):
    return write_vector(comment, [("expect", expect)] + [("entry", one) for one in entries])


ALL = chain(REQUESTED, GRANTED, REFUSED, COMBINED, HELD, KEPT, HONOURED)
CASES = {
    "every_kind": vector("One of each kind.", "success", ALL),
    "a_hold": vector("A withdrawal is held longer.", "success", chain(HELD)),
    "no_kind": vector("It says not what was done.", "unauthentic", chain(0)),
    "kind_of_tomorrow": vector("A kind that this version does not know.", "unauthentic", chain(8)),
    "first_is_missing": vector("The first was taken out.", "unauthentic", ALL[1:]),
    "middle_is_missing": vector("One in the middle was taken out.", "unauthentic", ALL[:2] + ALL[3:]),
    "two_exchanged": vector("Two stand in each other's place.", "unauthentic", [ALL[1], ALL[0]]),
    "number_jumps": vector("It begins with 2.", "unauthentic", chain(HELD, first=2)),
    "first_has_one_before": vector("The first names one before it.", "unauthentic", chain(HELD, before=seeded("before"))),
    "of_another_version": vector("Format 2.", "unauthentic", chain(HELD, format=2)),
    "by_another_key": vector("Another key signed under this one's name.", "unauthentic", chain(HELD, by=OTHER)),
    "under_another_label": vector("Signed as a request.", "unauthentic", chain(HELD, label="quorum-request")),
}


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(exist_ok=True)
    for name, text in CASES.items():
        path = directory / f"{name}.txt"
        if not path.exists():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
