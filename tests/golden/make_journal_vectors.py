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
OTHER_PUBLIC, OTHER = nacl.crypto_sign_seed_keypair(seeded("another"))
VAULT_PUBLIC, VAULT = nacl.crypto_sign_seed_keypair(seeded("a vault's"))
REPORT = seeded("report", 16)
REQUESTED, GRANTED, REFUSED, COMBINED, HELD, KEPT, HONOURED = range(1, 8)
CERTIFIED, IMPORTED, VIEWED, SEARCHED, EXPORTED = range(8, 13)
LAST = 28
MANY = sorted(seeded(f"report {place}", 16) for place in range(40))


def entry(place, before, kind, note, subject=b"", members=(), format=1, report=REPORT, member=1):
    return (
        number(1, format) + number(2, place) + data(3, before) + data(4, bytes([member]) * 16) + number(5, 1795000000000 + place)
        + number(6, kind) + data(7, report) + data(8, subject) + b"".join(data(9, one) for one in members) + data(10, note.encode())
    )  # fmt: skip


def about(reports, named=None, count=None, digest=None):
    """Which reports, where they are not one: named are at most 32."""
    named = named if named is not None else (reports if len(reports) <= 32 else [])
    return (
        b"".join(data(11, one) for one in named) + number(12, len(reports) if count is None else count)
        + data(13, digest or blake2b(b"".join(reports)))
    )  # fmt: skip


def custody(*steps):
    """A key is certified, then used: (kind, options of entry, signing key, which reports)."""
    made, before = [], bytes(32)
    for place, (kind, options, by, reports) in enumerate(steps, 1):
        secret, public = by
        subject = options.pop("subject", b"")
        report = options.pop("report", b"")
        exact = entry(place, before, kind, f"reason {place}", subject, report=report, **options) + reports
        made.append(signed(exact, (public, sign(secret, "journal", exact))))
        before = blake2b(exact)
    return made


OWN, KEPT_KEY, THIRD = (SECRET, PUBLIC), (VAULT, VAULT_PUBLIC), (OTHER, OTHER_PUBLIC)


def certify(by=OWN, key=VAULT_PUBLIC, **options):
    return (CERTIFIED, {"subject": key, **options}, by, b"")


def used(kind, reports=b"", by=KEPT_KEY, **options):
    return (kind, options, by, reports)


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
    "kind_of_tomorrow": vector("A kind that this version does not know.", "unauthentic", chain(LAST + 1)),
    "first_is_missing": vector("The first was taken out.", "unauthentic", ALL[1:]),
    "middle_is_missing": vector("One in the middle was taken out.", "unauthentic", ALL[:2] + ALL[3:]),
    "two_exchanged": vector("Two stand in each other's place.", "unauthentic", [ALL[1], ALL[0]]),
    "number_jumps": vector("It begins with 2.", "unauthentic", chain(HELD, first=2)),
    "first_has_one_before": vector("The first names one before it.", "unauthentic", chain(HELD, before=seeded("before"))),
    "of_another_version": vector("Format 2.", "unauthentic", chain(HELD, format=2)),
    "by_another_key": vector("Another key signed under this one's name.", "unauthentic", chain(HELD, by=OTHER)),
    "a_vaults_key": vector("The member's key certifies the vault's, which signs the rest.", "success", custody(certify(), used(VIEWED, report=REPORT), used(SEARCHED, about(MANY[:3])), used(EXPORTED, about(MANY), subject=seeded("manifest")))),
    "both_keys": vector("The member's own key signs again.", "success", custody(certify(), used(VIEWED, report=REPORT), used(IMPORTED, about([]), by=OWN, subject=seeded("bundle")))),
    "every_kind_of_a_vault": vector("One of each kind that a vault's key signs.", "success", custody(certify(), *[used(kind, report=REPORT) for kind in range(IMPORTED, LAST + 1)])),
    "a_vaults_key_before": vector("What it signs before it is certified stands for itself.", "success", custody(used(VIEWED, report=REPORT), used(VIEWED, report=REPORT))),
    "certified_twice": vector("One key is certified twice.", "unauthentic", custody(certify(), certify())),
    "certifies_itself": vector("A key certifies itself.", "unauthentic", custody(certify(by=KEPT_KEY))),
    "certifies_nothing": vector("It names no key.", "unauthentic", custody(certify(key=b""))),
    "certifies_no_point": vector("The key is of a low order.", "unauthentic", custody(certify(key=bytes([1]) + bytes(31)))),
    "vault_certifies": vector("The vault's key certifies another.", "unauthentic", custody(certify(), certify(by=KEPT_KEY, key=OTHER_PUBLIC))),
    "vault_for_another_member": vector("The vault's key signs for another member.", "unauthentic", custody(certify(), used(VIEWED, report=REPORT, member=2))),
    "vault_gives_shares": vector("The vault's key has a part in a quorum.", "unauthentic", custody(certify(), used(GRANTED, report=REPORT))),
    "vault_settles": vector("The vault's key settles a withdrawal.", "unauthentic", custody(certify(), used(HONOURED, report=REPORT))),
    "reports_descend": vector("Reports in another order.", "unauthentic", custody(used(SEARCHED, about(MANY[:3], named=MANY[:3][::-1])))),
    "reports_twice": vector("One report stands twice.", "unauthentic", custody(used(SEARCHED, about([MANY[0], MANY[0]])))),
    "reports_of_another_digest": vector("The digest is of others.", "unauthentic", custody(used(SEARCHED, about(MANY[:3], digest=blake2b(b"".join(MANY[:2])))))),
    "reports_miscounted": vector("Three are named, four are counted.", "unauthentic", custody(used(SEARCHED, about(MANY[:3], count=4)))),
    "reports_left_out": vector("Few reports, and they are not named.", "unauthentic", custody(used(SEARCHED, about(MANY[:3], named=[])))),
    "too_many_named": vector("33 reports are named.", "unauthentic", custody(used(SEARCHED, about(MANY[:33], named=MANY[:33])))),
    "one_and_several": vector("About one report, and about several.", "unauthentic", custody(used(SEARCHED, about(MANY[:3]), report=REPORT))),
    "counted_without_digest": vector("A count, and no digest.", "unauthentic", custody(used(SEARCHED, number(12, 3), report=REPORT))),
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
