#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/segment/*.txt: one success or one failure each, named after it.

    make_segment_vectors.py DIRECTORY

Envelopes and stream headers hold fresh randomness, so every run gives other bytes with the same
meaning. The committed files stay: what was sealed once must open for ever. New cases are added;
existing files are not written again."""

import copy
import hashlib
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from nacl import bindings as nacl  # noqa: E402
from segment_format import *  # noqa: E402,F403

QUORUM, ANY = 2, 1
LOW_ORDER = bytes(32)


def seeded(name, size=32):
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def record(salt_of, *entries, salt_size=16, time=1795219200000):
    return (
        element(1, seeded(salt_of, salt_size))
        + number(2, time)
        + b"".join(element(4, entry) for entry in entries)
    )


def answer(node, text):
    return element(1, data(1, node.encode()) + data(6, text.encode()))


def of_length(size):
    """A record of exactly `size` bytes."""
    for length in range(size):
        candidate = record("salt", answer("what_happened", "x" * length))
        if len(candidate) == size:
            return candidate
    raise ValueError(size)


PADDING = element(6, b"")
SHORT = (record("t0", answer("what_happened", "Nos quitaron todo en el río 👩‍👧")), record("i0", PADDING))
NAMED = (record("t1", answer("more", "No")), record("i1", answer("name", "Ana\0\n")))
LAST = (record("t2", PADDING), record("i2", PADDING))


class Member:
    def __init__(self, number):
        self.id = bytes([number]) * 16
        self.secret = seeded(f"epoch key {number}")
        self.public = nacl.crypto_scalarmult_base(self.secret)


MEMBERS = [Member(number) for number in (1, 2, 3)]

DEFAULTS = dict(
    members=1, reserve=False, week="2026-W47", policy=ANY, kem=1, format=1, set_format=1,
    context_format=1, set_key=None, duplicate_member=False, reader=1, reader_week="2026-W47",
    reader_reserve=False, context_report=None, envelope_set_digest=None, envelope_index=None,
    commitment=None, extra_envelope=False, row_hook=None, header_hook=None, tags=None, classes=None,
    unpadded=False, digest_hook=None, sequence_hook=None, compartment_hook=None, raw_row_hook=None,
    identity_roster=None, label="segment", seal_to=None,
)


def envelope_set(options, compartment):
    members = MEMBERS[: options["members"]]
    if options["duplicate_member"]:
        members = [members[0], copy.copy(members[0])]
    roster = options["identity_roster"] if compartment == IDENTITY else None
    text = number(1, options["set_format"]) + data(2, seeded(f"set {compartment}", 16))
    text += number(3, options["kem"]) + data(4, options["week"].encode())
    text += data(5, roster or seeded("roster")) + data(6, seeded("lists")) + number(7, compartment)
    text += element(8, number(1, options["policy"]))
    for member in members:
        key = options["set_key"] or member.public
        text += element(9, data(1, member.id) + data(2, key) + number(3, options["reserve"]))
    return text, members


def stream_header(options, compartment):
    """The header's bytes, and the stream that seals."""
    set_bytes, members = envelope_set(options, compartment)
    set_digest = blake2b(set_bytes)
    context = number(1, options["context_format"])
    context += data(2, options["context_report"] or seeded("report", 16))
    context += data(4, seeded(f"set {compartment}", 16)) + data(5, set_digest)
    context += data(6, seeded("form")) + number(7, compartment)
    secret = seeded(f"E {compartment}")
    key = derive(secret, options["label"], blake2b(context))
    stream = Stream()
    stream_start = stream.push_from(key)
    text = data(1, context) + data(2, set_bytes)
    for index, member in enumerate(members):
        place = index if options["envelope_index"] is None else options["envelope_index"]
        plain = secret + (options["envelope_set_digest"] or set_digest) + struct.pack("<I", place)
        text += data(3, nacl.crypto_box_seal(plain, (options["seal_to"] or member).public))
    if options["extra_envelope"]:
        text += data(3, nacl.crypto_box_seal(bytes(ENVELOPE_PLAIN), MEMBERS[2].public))
    text += data(4, options["commitment"] or derive(key, "commit")) + data(5, stream_start)
    return text, stream


def make(turns, **changes):
    options = {**DEFAULTS, **changes}
    testimony_header, testimony = stream_header(options, TESTIMONY)
    identity_header, identity = stream_header(options, IDENTITY)
    header = number(1, options["format"]) + data(2, seeded("report", 16))
    header += element(4, testimony_header) + element(5, identity_header)
    if options["header_hook"]:
        header = options["header_hook"](header)
    rows = []
    for sequence, records in enumerate(turns):
        last = sequence + 1 == len(turns)
        tags = options["tags"] or ((TAG_FINAL if last else TAG_REKEY),) * 2
        size = size_class(max(len(r) for r in records))
        sizes = options["classes"] or (size, size)
        sealed = []
        for compartment, stream in ((TESTIMONY, testimony), (IDENTITY, identity)):
            text = records[compartment]
            padded = text + bytes(size - len(text)) if options["unpadded"] else pad(text, sizes[compartment])
            place = (options["sequence_hook"] or (lambda s: s))(sequence)
            bound = (options["compartment_hook"] or (lambda c: c))(compartment)
            context = row_context(header, bound, place)
            sealed.append(stream.push(padded, context, tags[compartment]))
        digests = [record_digest(r) for r in records]
        if options["digest_hook"]:
            digests = options["digest_hook"](digests)
        row = encode_row(sequence, *sealed, *digests)
        rows.append(options["raw_row_hook"](row) if options["raw_row_hook"] else row)
    if options["row_hook"]:
        rows = options["row_hook"](rows)
    return options, header, rows


def vector(comment, expect, fails_at, turns, opens=None, **changes):
    """`opens`: how many rows open before the failure."""
    options, header, rows = make(turns, **changes)
    reader = MEMBERS[options["reader"] - 1]
    fields = [("expect", expect)]
    if expect != "success":
        fields.append(("fails_at", fails_at))
    fields += [("member", reader.id), ("week", options["reader_week"])]
    fields += [("reserve_secret" if options["reader_reserve"] else "epoch_secret", reader.secret)]
    fields.append(("header", header))
    fields += [("row", row) for row in rows]
    count = len(turns) if expect == "success" else opens or 0
    for testimony, identity in turns[:count]:
        fields += [("testimony", testimony), ("identity", identity)]
    return write_vector(comment, fields)


def swap_streams(row):
    f = read_fields(row)
    return encode_row(one(f, 1, 0), one(f, 3), one(f, 2), one(f, 5), one(f, 4))


THREE = [SHORT, NAMED, LAST]

CASES = {
    # successes
    "one_reader": lambda: vector("Three turns, one reader.", "success", 0, THREE),
    "third_of_three_readers": lambda: vector(
        "Sealed to three members; the third one opens.", "success", 0, [LAST], members=3, reader=3),
    "reserve_key": lambda: vector(
        "The list had run out: sealed to the reserve key.", "success", 0, [LAST], reserve=True, reader_reserve=True),
    "record_of_255_bytes": lambda: vector(
        "The longest record of the class of 256 bytes.", "success", 0, [(of_length(255), LAST[1])]),
    "record_of_256_bytes": lambda: vector(
        "One byte more: the class of 512 bytes.", "success", 0, [(of_length(256), LAST[1])]),
    "identity_is_the_longer": lambda: vector(
        "The identity's length chooses the class of both.", "success", 0,
        [(LAST[0], of_length(600))]),
    "not_ended": lambda: vector(
        "No FINAL: interrupted, and all of it opens.", "success", 0, [SHORT], tags=(TAG_REKEY,) * 2),
    # unauthentic: header
    "envelope_of_another_set": lambda: vector(
        "The envelope's plaintext names another envelope set.", "unauthentic", "header", [LAST],
        envelope_set_digest=seeded("another set")),
    "envelope_of_another_place": lambda: vector(
        "The envelope's plaintext names another place in the list.", "unauthentic", "header", [LAST],
        envelope_index=1),
    "envelope_for_another_key": lambda: vector(
        "The set names the reader's key, the envelope is sealed to somebody else's.", "unauthentic",
        "header", [LAST], seal_to=MEMBERS[1]),
    "commitment_of_another_key": lambda: vector(
        "The key commitment is another key's.", "unauthentic", "header", [LAST],
        commitment=derive(seeded("another key"), "commit")),
    "key_under_another_label": lambda: vector(
        "K and its commitment are derived consistently, under a label of another use.", "unauthentic",
        "header", [LAST], label="state"),
    # unauthentic: rows
    "rows_swapped": lambda: vector(
        "The second and third rows changed places.", "unauthentic", 1, THREE, 1,
        row_hook=lambda r: [r[0], r[2], r[1]]),
    "row_dropped": lambda: vector(
        "The second row is missing.", "unauthentic", 1, THREE, 1, row_hook=lambda r: [r[0], r[2]]),
    "row_twice": lambda: vector(
        "The first row comes twice.", "unauthentic", 1, THREE, 1, row_hook=lambda r: [r[0], r[0], r[1]]),
    "row_after_final": lambda: vector(
        "The last row comes twice.", "unauthentic", 3, THREE, 3, row_hook=lambda r: r + [r[2]]),
    "bound_to_another_sequence": lambda: vector(
        "The associated data counts from one.", "unauthentic", 0, [LAST], sequence_hook=lambda s: s + 1),
    "bound_to_the_other_compartment": lambda: vector(
        "The associated data of testimony and identity are exchanged.", "unauthentic", 0, [LAST],
        compartment_hook=lambda c: 1 - c),
    "testimony_and_identity_exchanged": lambda: vector(
        "Both ciphertexts and both digests changed places.", "unauthentic", 0, [SHORT],
        raw_row_hook=swap_streams),
    "digest_of_another_record": lambda: vector(
        "The row's digest is not the record's.", "unauthentic", 0, [LAST],
        digest_hook=lambda d: [blake2b(b"another record"), d[1]]),
    "digest_without_salt": lambda: vector(
        "The row's digest leaves the salt out.", "unauthentic", 0, [LAST],
        digest_hook=lambda d: [blake2b(LAST[0]), d[1]]),
    # malformed
    "tag_message": lambda: vector(
        "Tag MESSAGE: the state would not be replaced.", "malformed", 0, [LAST], tags=(TAG_MESSAGE,) * 2),
    "tag_push": lambda: vector("Tag PUSH.", "malformed", 0, [LAST], tags=(TAG_PUSH,) * 2),
    "one_stream_ends": lambda: vector(
        "FINAL in the testimony only.", "malformed", 0, [LAST], tags=(TAG_FINAL, TAG_REKEY)),
    "class_too_large": lambda: vector(
        "Two short records in the class of 512 bytes.", "malformed", 0, [LAST], classes=(512, 512)),
    "no_class": lambda: vector("Padded to 300 bytes.", "malformed", 0, [LAST], classes=(300, 300)),
    "two_classes": lambda: vector(
        "The two ciphertexts differ in size.", "malformed", 0, [LAST], classes=(256, 512)),
    "padding_missing": lambda: vector(
        "Zeros where the padding's first byte should be.", "malformed", 0, [LAST], unpadded=True),
    "record_with_short_salt": lambda: vector(
        "The record's salt has 15 bytes.", "malformed", 0,
        [(record("t", PADDING, salt_size=15), LAST[1])]),
    "row_with_unknown_field": lambda: vector(
        "Field 6 in a row.", "malformed", 0, [LAST], raw_row_hook=lambda r: r + number(6, 1)),
    "row_with_trailing_byte": lambda: vector(
        "A zero after the row.", "malformed", 0, [LAST], raw_row_hook=lambda r: r + b"\0"),
    "row_with_explicit_zero": lambda: vector(
        "Sequence 0 is written out.", "malformed", 0, [LAST], raw_row_hook=lambda r: b"\x08\x00" + r),
    "header_with_field_twice": lambda: vector(
        "The format stands in the header twice.", "malformed", "header", [LAST],
        header_hook=lambda h: h[:2] + h),
    "header_with_long_varint": lambda: vector(
        "The format is written in two bytes.", "malformed", "header", [LAST],
        header_hook=lambda h: b"\x08\x81\x00" + h[2:]),
    "unknown_format": lambda: vector("Format 2.", "malformed", "header", [LAST], format=2),
    "unknown_set_format": lambda: vector(
        "An envelope set of format 2.", "malformed", "header", [LAST], set_format=2),
    "unknown_context_format": lambda: vector(
        "A context of format 2.", "malformed", "header", [LAST], context_format=2),
    "unknown_kem": lambda: vector("A kem this version does not know.", "malformed", "header", [LAST], kem=2),
    "no_kem": lambda: vector("No kem at all.", "malformed", "header", [LAST], kem=0),
    "no_policy": lambda: vector("No policy at all.", "malformed", "header", [LAST], policy=0),
    "key_of_low_order": lambda: vector(
        "A member's key is of low order.", "malformed", "header", [LAST], set_key=LOW_ORDER),
    "member_twice": lambda: vector(
        "One member in two places.", "malformed", "header", [LAST], duplicate_member=True),
    "envelope_too_many": lambda: vector(
        "Two envelopes, one member.", "malformed", "header", [LAST], extra_envelope=True),
    "context_of_another_report": lambda: vector(
        "The context names another report than the header.", "malformed", "header", [LAST],
        context_report=seeded("another report", 16)),
    "streams_of_two_rosters": lambda: vector(
        "The identity's set names another roster.", "malformed", "header", [LAST],
        identity_roster=seeded("another roster")),
    "no_such_week": lambda: vector(
        "Week 54.", "malformed", "header", [LAST], week="2026-W54", reader_week="2026-W47"),
    # refused and not found
    "quorum": lambda: vector(
        "A QUORUM policy without groups.", "malformed", "header", [LAST], policy=QUORUM),
    "not_a_member": lambda: vector(
        "The second member's keys; sealed to the first.", "not_found", "header", [LAST], reader=2),
    "key_of_another_week": lambda: vector(
        "The reader kept another week's key only.", "not_found", "header", [LAST], reader_week="2026-W46"),
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
