# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/format.md, "Keys and key files", "Roster and epoch lists" and "Bundle", a second time: from
the page, with hashlib and PyNaCl, without any of our C++."""

import base64
import struct

import nacl.bindings as nacl
import nacl.pwhash.argon2id as argon2id
from segment_format import blake2b, data, derive, element, number

ROOT, ANALYST, EPOCH, RESERVE, WRAPPING, RESEARCHER, VAULT = range(1, 8)
MIB = 1 << 20


# --- text armour


def armour(kind, content):
    text = base64.b64encode(content).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN RESGUARDO {kind}-----", *lines, f"-----END RESGUARDO {kind}-----"]) + "\n"


# --- key files


def key_header(kind, label, public=b"", member=b"", week="", salt=b"", ops=0, memory=0, nonce=b"", wrapping=b"", version=1):
    return (
        number(1, version)
        + number(2, kind)
        + data(3, label.encode())
        + data(4, public)
        + data(5, member)
        + data(6, week.encode())
        + data(7, salt)
        + number(8, ops)
        + number(9, memory)
        + data(10, nonce)
        + data(11, wrapping)
    )


def lock(key, header, nonce, secret):
    return nacl.crypto_aead_xchacha20poly1305_ietf_encrypt(secret, header, nonce, key)


def stretch(passphrase, salt, ops, memory):
    return argon2id.kdf(32, passphrase, salt, opslimit=ops, memlimit=memory)


def key_file(header, locked):
    return data(1, header) + data(2, locked)


# --- rosters and lists


def sign(secret, label, message):
    text = f"resguardo/{label}/v1".encode() + b"\0" + message
    return nacl.crypto_sign(text, secret)[:64]


def signed(message, *signatures):
    return data(1, message) + b"".join(element(2, data(1, key) + data(2, value)) for key, value in signatures)


def epoch_list(member, keys, reserve, number_=1, previous=bytes(32), version=1):
    return (
        number(1, version)
        + data(2, member)
        + number(3, number_)
        + data(4, previous)
        + b"".join(element(5, data(1, week.encode()) + data(2, key)) for week, key in keys)
        + data(6, reserve)
    )


def roster_file(roster, *lists, version=1):
    return number(1, version) + element(2, roster) + b"".join(element(3, one) for one in lists)


# --- bundles

MAGIC = b"resguardo bundle 1\n"
HEADER, ROSTER, FORM, SEGMENT, ROW, MEDIA, LOG, CHECKPOINT, END = range(1, 10)


def frame(arm, content):
    return element(arm, content)


def totals(rosters=0, forms=0, reports=0, segments=0, rows=0, log=0, media=0, last=1):
    fields = (rosters, forms, reports, segments, rows, log, media, last)
    return b"".join(number(i + 1, value) for i, value in enumerate(fields))


def bundle(frames):
    check = derive(bytes(32), "bundle-frame", MAGIC)[:16]
    out = MAGIC
    for content in frames:
        check = derive(check + bytes(16), "bundle-frame", content)[:16]
        out += struct.pack("<I", len(content)) + content + check
    return out
