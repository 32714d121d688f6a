# SPDX-License-Identifier: AGPL-3.0-or-later
"""The transparency log in Python, from RFC 6962 and the C2SP pages alone: tree, notes, proofs."""

import base64
import hashlib

from nacl import bindings as nacl

DASH = "— "


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return node(root(leaves[:half]), root(leaves[half:]))


def inclusion(leaves, index):
    """PATH(m, D[n]) of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if index < half:
        return inclusion(leaves[:half], index) + [root(leaves[half:])]
    return inclusion(leaves[half:], index - half) + [root(leaves[:half])]


def consistency(leaves, old, whole=True):
    """SUBPROOF(m, D[n], b) of RFC 6962 §2.1.2."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    half = split(len(leaves))
    if old <= half:
        return consistency(leaves[:half], old, whole) + [root(leaves[half:])]
    return consistency(leaves[half:], old - half, False) + [root(leaves[:half])]


def root_from_path(index, size, leaf_hash, path):
    """What the path leads to, by the recursion of the definition; None: of the wrong length."""
    if size <= 1:
        return leaf_hash if size == 1 and index == 0 and not path else None
    if not path or index >= size:
        return None
    half = split(size)
    if index < half:
        below = root_from_path(index, half, leaf_hash, path[:-1])
        return below and node(below, path[-1])
    below = root_from_path(index - half, size - half, leaf_hash, path[:-1])
    return below and node(path[-1], below)


def b64(data):
    return base64.b64encode(data).decode()


def key_id(name, algorithm, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def key_pair(seed):
    return nacl.crypto_sign_seed_keypair(seed)


def sign(message, secret):
    return nacl.crypto_sign(message, secret)[:64]


def line(name, algorithm, public, signature):
    return f"{DASH}{name} {b64(key_id(name, algorithm, public) + signature)}\n"


def note_line(name, seed, text):
    public, secret = key_pair(seed)
    return line(name, 1, public, sign(text.encode(), secret))


def cosignature_line(name, seed, text, time):
    public, secret = key_pair(seed)
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    return line(name, 4, public, time.to_bytes(8, "big") + sign(message, secret))


def verifies(public, message, signature):
    try:
        nacl.crypto_sign_open(signature + message, public)
        return True
    except Exception:
        return False


def checkpoint(origin, size, root_hash, *extensions):
    return "".join(f"{part}\n" for part in (origin, size, b64(root_hash), *extensions))
