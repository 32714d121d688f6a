# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages that are nearly right: one thing changed, at every place and depth. A schema is one of
analyst/recover/recover.py's."""

import struct

import recover
from segment_format import varint

TEXTS = ["", "\0", "a b", " a", "ñ" * 256, "x" * 512, "x" * 513, "\u202e", "\ufeff", "\U0010ffff", "\u200b", "+", "2026-W53", "2027-W53", "0000-W01", "2026-W00", "9999-W52", "9999-W53", "٢٠٢٦-W01"]
NOT_UTF8 = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"]
NUMBERS = [0, 1, 2, 3, 4, 8, 11, 12, 255, 256, 257, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 100000, 100001, 253402300799999, 253402300800000]
DOUBLES = [0.0, -0.0, 90.0, 90.00001, -180.0, 180.5, 1e300, float("inf"), float("nan"), 5e-324]


def long_varint(value, more=1):
    return varint(value)[:-1] + bytes([varint(value)[-1] | 0x80]) + b"\x80" * (more - 1) + b"\0"


def encode(field, wire, value):
    if wire == 0:
        return varint(field << 3) + varint(value)
    return varint(field << 3 | wire) + (varint(len(value)) if wire == 2 else b"") + value


def other_values(kind, wire, value):
    """Encodings of values beside `value`, each (wire type, what follows the tag)."""
    if wire == 0:
        for one in [*NUMBERS, value + 1, max(value - 1, 0)]:
            yield 0, varint(one)
        yield 0, long_varint(value)
        yield 0, long_varint(value, 9)
        yield 0, b"\xff" * 9 + b"\x7f"  # more than 64 bits
        yield 2, varint(1) + b"\1"
        yield 1, struct.pack("<Q", value & (1 << 64) - 1)
        return
    if wire == 1:
        for one in DOUBLES:
            yield 1, struct.pack("<d", one)
        yield 5, value[:4]
        return
    for one in (b"", value + b"\0", value[:-1], bytes(len(value)), b"\xff" * len(value), bytes([len(value) and value[0] ^ 1]) + value[1:], value * 2):
        yield 2, varint(len(one)) + one
    if kind == "text":
        for one in [*(text.encode() for text in TEXTS), *NOT_UTF8]:
            yield 2, varint(len(one)) + one
    yield 2, long_varint(len(value)) + value
    yield 2, varint(len(value) + 1) + value
    yield 2, varint(2**32 + len(value)) + value
    yield 0, varint(1)


def changed(schema, message, depth=0):
    """The message with one thing changed, at every place and depth."""
    parts = list(recover.raw_fields(message))
    exact = [encode(*part) for part in parts]

    def with_part(at, *instead):
        return b"".join([*exact[:at], *instead, *exact[at + 1 :]])

    for at, (field, wire, value) in enumerate(parts):
        _, kind, often = schema.get(field, ("", "bytes", ""))
        yield with_part(at)
        yield with_part(at, exact[at], exact[at])
        if at + 1 < len(parts):
            yield b"".join([*exact[:at], exact[at + 1], exact[at], *exact[at + 2 :]])
        yield with_part(at, long_varint(field << 3 | wire) + exact[at][len(varint(field << 3 | wire)) :])
        if often == "many":
            for count in (255, 256, 257, 512, 513):
                yield with_part(at, *[exact[at]] * count)
        for other, content in other_values(kind, wire, value):
            yield with_part(at, varint(field << 3 | other) + content)
        if isinstance(kind, dict):
            for inner in changed(kind, value, depth + 1):
                yield with_part(at, encode(field, wire, inner))
    for more in (b"\0", b"\x0b\x0c", varint(19 << 3) + b"\1", varint(200 << 3 | 2) + b"\0", varint(((1 << 29) - 1) << 3) + b"\0", varint(1 << 32) + b"\0", b"\x07", b"\x80"):
        yield message + more
    for field, (_, kind, often) in schema.items():  # what is not there, written as its default
        if all(part[0] != field for part in parts):
            wire = 0 if isinstance(kind, int) or str(kind) in recover.NUMBERS else 1 if kind == "double" else 2
            default = encode(field, wire, 0 if wire == 0 else bytes(8) if wire == 1 else b"")
            yield default + message
            yield message + default
            if wire == 0:
                yield b"".join(sorted([*exact, encode(field, 0, 1)], key=lambda part: part[0] >> 3))
