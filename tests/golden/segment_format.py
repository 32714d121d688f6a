# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/format.md, "Segment" and "Records", a second time: from the page, with hashlib and PyNaCl,
without any of our C++. make_segment_vectors.py writes with it, analyst/recover/recover.py is
the reader."""

import hashlib
import struct

from nacl import bindings as nacl

TESTIMONY, IDENTITY = 0, 1
TAG_MESSAGE, TAG_PUSH, TAG_REKEY, TAG_FINAL = 0, 1, 2, 3
ENVELOPE_PLAIN = 32 + 32 + 4


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def derive(key, label, *fields):
    text = f"resguardo/{label}/v1".encode() + b"\0"
    text += b"".join(struct.pack("<I", len(field)) + field for field in fields)
    return hashlib.blake2b(text, key=key, digest_size=32).digest()


# --- protobuf's wire format, canonical: a field that is its default is not there


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def element(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def data(field, value):
    return element(field, value) if value else b""


def read_fields(message):
    """[(field, value)]: ints and bytes; enough for our own messages."""
    fields, at = [], 0

    def read_varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = read_varint()
        if tag & 7 == 0:
            fields.append((tag >> 3, read_varint()))
        elif tag & 7 == 2:
            size = read_varint()
            assert at + size <= len(message)
            fields.append((tag >> 3, message[at : at + size]))
            at += size
        else:
            raise ValueError("wire type")
    return fields


def one(fields, wanted, default=b""):
    found = [value for field, value in fields if field == wanted]
    assert len(found) <= 1
    return found[0] if found else default


def every(fields, wanted):
    return [value for field, value in fields if field == wanted]


# --- records and rows


def size_class(length):
    needed = length + 1
    for size in (256, 512, 1024, 2048, 4096):
        if needed <= size:
            return size
    return (needed + 4095) // 4096 * 4096


def pad(record, size):
    return record + b"\x80" + bytes(size - len(record) - 1)


def unpad(padded):
    record = padded.rstrip(b"\0")
    assert record[-1:] == b"\x80"
    return record[:-1]


def record_digest(record):
    return blake2b(record[2:18] + record)


def row_context(header, compartment, sequence):
    return blake2b(header) + bytes([compartment]) + struct.pack("<Q", sequence)


def encode_row(sequence, testimony, identity, testimony_digest, identity_digest):
    return (
        number(1, sequence)
        + data(2, testimony)
        + data(3, identity)
        + data(4, testimony_digest)
        + data(5, identity_digest)
    )


class Stream:
    """One side of a secretstream."""

    def __init__(self):
        self.state = nacl.crypto_secretstream_xchacha20poly1305_state()

    def push_from(self, key):
        return nacl.crypto_secretstream_xchacha20poly1305_init_push(self.state, key)

    def pull_from(self, header, key):
        nacl.crypto_secretstream_xchacha20poly1305_init_pull(self.state, header, key)
        return self

    def push(self, padded, context, tag):
        return nacl.crypto_secretstream_xchacha20poly1305_push(self.state, padded, context, tag)

    def pull(self, sealed, context):
        return nacl.crypto_secretstream_xchacha20poly1305_pull(self.state, sealed, context)


# --- vectors: one "name: value" a line, a name may repeat, # begins a comment


def write_vector(comment, fields):
    lines = ["# SPDX-License-Identifier: AGPL-3.0-or-later"]
    lines += [f"# {line}" for line in comment.strip().splitlines()]
    for name, value in fields:
        lines.append(f"{name}: {value.hex() if isinstance(value, bytes) else value}".rstrip())
    return "\n".join(lines) + "\n"


def read_vector(text):
    fields = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition(":")
            fields.append((name, value.strip()))
    return fields
