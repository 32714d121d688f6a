#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/quorum_files/*.txt: requests for a quorum's shares and grants of them, with
hashlib and PyNaCl.

    make_quorum_file_vectors.py DIRECTORY

Sealed boxes hold fresh randomness, so every run gives other bytes with the same meaning. The
committed files stay. `kind` is request or grant; a grant has the X25519 secret it is sealed to."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from key_format import armour, nacl, sign, signed  # noqa: E402
from make_quorum_vectors import two_houses  # noqa: E402
from make_segment_vectors import seeded  # noqa: E402
from segment_format import blake2b, data, element, number, write_vector  # noqa: E402

PUBLIC, SECRET = nacl.crypto_sign_seed_keypair(seeded("asks"))
OTHER_PUBLIC, OTHER = nacl.crypto_sign_seed_keypair(seeded("another"))
KEY = seeded("epoch key of who asks")
SEGMENTS = [seeded("segment a"), seeded("segment b")]
SEGMENTS.sort()


def item(segment, compartment=1):
    return data(1, segment) + number(2, compartment)


def request(items=None, reason="habeas corpus, expediente 12", week="2026-W47", key=None, format=1, day=20779,
            origin="", checkpoint="", request_id=seeded("request", 16), more=b""):  # fmt: skip
    items = [item(one) for one in SEGMENTS] if items is None else items
    return (
        number(1, format) + data(2, request_id) + data(3, b"\1" * 16) + number(4, day) + data(5, seeded("report", 16))
        + b"".join(element(6, one) for one in items) + data(7, reason if isinstance(reason, bytes) else reason.encode())
        + data(8, seeded("roster")) + data(9, origin.encode()) + data(10, checkpoint.encode()) + data(11, week.encode())
        + data(12, nacl.crypto_scalarmult_base(KEY) if key is None else key) + more
    )  # fmt: skip


def share(segment, compartment=1, value=None, commitments=None):
    quorum = two_houses()
    value = quorum.value(3) if value is None else value
    return element(1, item(segment, compartment)) + number(2, 3) + data(3, value) + data(4, commitments or quorum.commitments())


def grant(shares=None, format=1, inner_format=1, of=None, member=b"\4" * 16, to=None, more=b""):
    digest = blake2b(request())
    shares = [share(one) for one in SEGMENTS] if shares is None else shares
    inside = number(1, inner_format) + data(2, of or digest) + data(3, member) + b"".join(element(4, one) for one in shares)
    sealed = nacl.crypto_box_seal(inside + more, nacl.crypto_scalarmult_base(to or KEY))
    return number(1, format) + data(2, b"\4" * 16) + number(3, 20780) + data(4, digest) + data(5, seeded("roster")) + data(6, sealed)


def vector(kind, comment, expect, message, label=None, signatures=None):
    label = label or f"quorum-{kind}"
    signatures = signatures or [(PUBLIC, sign(SECRET, label, message))]
    text = armour(f"QUORUM {kind.upper()}", signed(message, *signatures)).encode()
    fields = [("expect", expect), ("kind", kind), ("file", text)] + ([("secret", KEY)] if kind == "grant" else [])
    return write_vector(comment, fields)


def asks(comment, expect="malformed", **changes):
    return lambda: vector("request", comment, expect, request(**changes))


def gives(comment, expect="malformed", **changes):
    return lambda: vector("grant", comment, expect, grant(**changes))


CASES = {
    "request": asks("Two parts of one report.", "success"),
    "request_to_the_reserve": asks("Grants are to be sealed to the reserve.", "success", week=""),
    "request_with_checkpoint": asks("It brings a checkpoint, whatever that says.", "success", origin="log", checkpoint="x"),
    "request_of_both_compartments": asks(
        "Testimony and identity of one segment.", "success", items=[item(SEGMENTS[0], 0), item(SEGMENTS[0])]),
    "request_longest_reason": asks("A reason of 1000 bytes.", "success", reason="r" * 1000),
    "request_reason_too_long": asks("A reason of 1001 bytes.", reason="r" * 1001),
    "request_without_reason": asks("Nobody knows what for.", reason=""),
    "request_reason_not_utf8": asks("The reason is no text.", reason=b"\xff"),
    "request_without_items": asks("It asks for nothing.", items=[]),
    "request_items_in_disorder": asks("The second part comes first.", items=[item(SEGMENTS[1]), item(SEGMENTS[0])]),
    "request_item_twice": asks("One part twice.", items=[item(SEGMENTS[0])] * 2),
    "request_item_without_segment": asks("A part of no segment.", items=[item(b"x")]),
    "request_of_another_version": asks("Format 2.", format=2),
    "request_week_54": asks("A week that does not exist.", week="2026-W54"),
    "request_key_of_low_order": asks("Whatever is sealed to this key is open.", key=bytes(32)),
    "request_checkpoint_without_log": asks("A checkpoint of no log.", checkpoint="x"),
    "request_short_id": asks("An id of 15 bytes.", request_id=seeded("request", 15)),
    "request_unknown_field": asks("A field more.", more=number(13, 1)),
    "request_by_another_key": lambda: vector(
        "request", "Another key signed under this one's name.", "unauthentic", request(),
        signatures=[(PUBLIC, sign(OTHER, "quorum-request", request()))]),
    "request_under_another_label": lambda: vector(
        "request", "Signed as a grant.", "unauthentic", request(), label="quorum-grant"),
    "request_two_signatures": lambda: vector(
        "request", "Two people ask at once.", "malformed", request(),
        signatures=[(one, sign(secret, "quorum-request", request())) for one, secret in ((PUBLIC, SECRET), (OTHER_PUBLIC, OTHER))]),
    "grant": gives("Shares of two parts.", "success"),
    "grant_of_one_part": gives("The giver has a share of one part only.", "success", shares=[share(SEGMENTS[1])]),
    "grant_sealed_to_another_key": gives("Sealed to somebody else.", "unauthentic", to=seeded("somebody else")),
    "grant_of_another_request": gives("Inside it names another request.", "unauthentic", of=seeded("another request")),
    "grant_of_another_member": gives("Inside it names another giver.", "unauthentic", member=b"\5" * 16),
    "grant_of_another_version": gives("Format 2.", format=2),
    "grant_inside_of_another_version": gives("Format 2 inside.", inner_format=2),
    "grant_of_nothing": gives("No share.", shares=[]),
    "grant_share_too_short": gives("A share of 31 bytes.", shares=[share(SEGMENTS[0], value=bytes(31))]),
    "grant_commitments_cut": gives("Commitments of 33 bytes.", shares=[share(SEGMENTS[0], commitments=bytes(33))]),
    "grant_commitments_too_many": gives("33 commitments.", shares=[share(SEGMENTS[0], commitments=bytes(32 * 33))]),
    "grant_share_twice": gives("Two shares of one part.", shares=[share(SEGMENTS[0])] * 2),
    "grant_trailing_byte": gives("A byte after the shares.", more=b"\0"),
    "grant_under_another_label": lambda: vector("grant", "Signed as a request.", "unauthentic", grant(), label="quorum-request"),
}


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(exist_ok=True)
    for name, build in CASES.items():
        path = directory / f"{name}.txt"
        if not path.exists():
            path.write_text(build(), encoding="utf-8")


if __name__ == "__main__":
    main()
