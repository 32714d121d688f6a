#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/shares/*.txt: shares of a root key, in Python's integers and PyNaCl.

    make_share_vectors.py DIRECTORY

Every run gives the same bytes. The committed files stay: what was written once must be read for ever."""

import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import ristretto  # noqa: E402
from key_format import armour, nacl  # noqa: E402
from ristretto import L, encode, times  # noqa: E402
from segment_format import data, derive, element, number  # noqa: E402


def seeded(name, size=32):
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def scalar(name):
    return int.from_bytes(seeded(name, 64), "little") % L


def digits(digest):
    """docs/format.md, "Keys and key files": what people read aloud."""
    return " ".join(f"{int.from_bytes(digest[6 * i : 6 * i + 6], 'big') % 100000:05}" for i in range(5))


class Set:
    """A root among n people, m of whom make it again."""

    def __init__(self, m, n, name="a set", root="shared root"):
        self.m, self.n, self.label = m, n, b"Autoridad"
        self.public, self.secret = nacl.crypto_sign_seed_keypair(seeded(root))
        self.coefficients = [scalar(f"{name} {i}") for i in range(m)]
        self.commitments = [encode(times(a)) for a in self.coefficients]
        self.id, self.nonce, self.format = seeded(name, 16), seeded(name + " nonce", 24), 1

    def header(self):
        return (
            number(1, self.format)
            + data(2, self.id)
            + data(3, self.label)
            + data(4, self.public)
            + number(5, self.m)
            + number(6, self.n)
            + b"".join(element(7, point) for point in self.commitments)
            + data(8, self.nonce)
        )

    def locked(self):
        key = derive(self.coefficients[0].to_bytes(32, "little"), "root-share", self.header())
        return nacl.crypto_aead_xchacha20poly1305_ietf_encrypt(self.secret, self.header(), self.nonce, key)

    def value(self, index):
        return sum(a * pow(index, i, L) for i, a in enumerate(self.coefficients)) % L

    def fingerprint(self, index):
        return digits(derive(encode(times(self.value(index))), "fingerprint", self.header(), self.locked()))

    def share(self, index, value=None, shown=None, locked=None, more=b""):
        value = self.value(index) if value is None else value
        exact = data(1, self.header()) + data(2, locked or self.locked()) + number(3, index if shown is None else shown) + data(4, value.to_bytes(32, "little"))
        return armour("ROOT SHARE", exact + more)


class Cases:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def case(self, name, comment, expect, *shares, secret=None, fingerprints=()):
        lines = ["# SPDX-License-Identifier: AGPL-3.0-or-later", f"# {comment}", f"expect: {expect}"]
        lines += [f"share: {share.encode().hex()}" for share in shares]
        lines += [f"fingerprint: {one}" for one in fingerprints]
        if secret:
            lines.append(f"secret: {secret.hex()}")
        (self.folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def make(self):
        pair, three = Set(2, 3), Set(3, 5, "another set")
        good = lambda name, comment, *shares: self.case(name, comment, "success", *shares, secret=pair.secret)  # noqa: E731
        fingerprints = [pair.fingerprint(1), pair.fingerprint(2)]
        self.case("first_two", "Shares 1 and 2 of 3.", "success", pair.share(1), pair.share(2), secret=pair.secret, fingerprints=fingerprints)
        good("last_two", "Shares 3 and 2, in that order.", pair.share(3), pair.share(2))
        good("more_than_needed", "All three.", *(pair.share(i) for i in (1, 2, 3)))
        good("three_of_five", "Shares 5, 1 and 4.", *(three.share(i) for i in (5, 1, 4)))
        good("most", "32 of 32.", *(Set(32, 32, "all").share(i) for i in range(1, 33)))
        self.case("fewer", "One share of two.", "refused", pair.share(1))
        self.case("two_of_three_needed", "Two where it takes three.", "refused", three.share(1), three.share(2))
        self.case("one_twice", "Share 1 twice.", "conflict", pair.share(1), pair.share(1))
        self.case("two_sets", "Shares of two splits of one root.", "conflict", pair.share(1), Set(2, 3, "a second").share(2))
        self.case("two_roots", "Shares of two roots.", "conflict", pair.share(1), Set(2, 3, root="another root").share(2))
        relabelled = Set(2, 3)
        relabelled.label = b"Autorizad"
        self.case("header_changed", "One share's header has another label.", "unauthentic", pair.share(1), relabelled.share(2))
        bad = lambda name, comment, share, expect="malformed": self.case(name, comment, expect, share, pair.share(2))  # noqa: E731
        bad("forged", "Another value at 1.", pair.share(1, value=scalar("forged")), "unauthentic")
        bad("another_index", "Share 1 says that it is 3.", pair.share(1, shown=3), "unauthentic")
        bad("index_0", "Nobody has share 0: it would be the secret.", pair.share(0))
        bad("index_above", "Share 4 of 3.", pair.share(4))
        bad("index_plus_order", "An index that is 1 only modulo 2^32.", pair.share(1, shown=2**32 - 1))
        bad("bit_255", "The value with its highest bit set.", pair.share(1, value=pair.value(1) | 1 << 255))
        bad("value_plus_order", "The value and the group's order.", pair.share(1, value=pair.value(1) + L))
        bad("value_zero", "No value at all.", pair.share(1, value=0))
        bad("trailing_byte", "A byte after the message.", pair.share(1, more=b"\0"))
        bad("other_armour", "A share that says it is a key.", pair.share(1).replace("ROOT SHARE", "LOCKED KEY"))
        for name, comment, point in (
            ("identity_commitment", "A commitment that is the identity.", bytes(32)),
            ("no_point", "A commitment that is no point.", b"\xff" * 32),
        ):
            broken = Set(2, 3)
            broken.commitments[1] = point
            bad(name, comment, broken.share(1))
        for name, comment, field, value in (
            ("unknown_format", "Format 2.", "format", 2),
            ("threshold_1", "A share that opens alone.", "m", 1),
            ("threshold_above_shares", "It takes more than there are.", "n", 1),
            ("too_many", "33 shares.", "n", 33),
        ):
            broken = Set(2, 3)
            setattr(broken, field, value)
            bad(name, comment, broken.share(1))
        other = Set(2, 3)
        changed = bytes([other.locked()[0] ^ 1]) + other.locked()[1:]
        self.case("locked_changed", "One bit of what is locked.", "unauthentic", other.share(1, locked=changed), other.share(2, locked=changed))
        self.case("nothing", "No share at all.", "refused")


if __name__ == "__main__":
    assert ristretto.BASE
    Cases(pathlib.Path(sys.argv[1]) / "shares").make()
