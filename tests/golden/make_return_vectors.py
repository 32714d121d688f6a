#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/reply/*.txt, withdrawal/*.txt, replacement/*.txt and phone_link/*.txt there: one success or one
failure each, named after it; docs/format.md, "Replies", "Withdrawal" and "What the server keeps", without any of our C++.

    make_return_vectors.py DIRECTORY

Every run gives the same bytes. The committed files stay: what was written once must be read for
ever."""

import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from key_format import armour, nacl, sign, signed  # noqa: E402
from make_key_vectors import Writer, day, seeded  # noqa: E402
from segment_format import data, derive, element, number  # noqa: E402

ORIGIN = "example.org/log"
SEED = seeded("mailbox")
MAILBOX, _ = nacl.crypto_box_seed_keypair(SEED)


def text_of(text, language="es", organisation="Organización Uno"):
    return data(1, text.encode()) + data(2, language.encode()) + data(3, organisation.encode())


def padded(plain, size=None):
    size = size or next(size for size in (256, 512, 1024, 2048) if size > len(plain))
    return plain + b"\x80" + bytes(size - len(plain) - 1)


def sealed_box(plain, to=MAILBOX):
    """crypto_box_seal with an ephemeral key that is the same at every run."""
    public, secret = nacl.crypto_box_seed_keypair(hashlib.sha256(b"ephemeral" + plain).digest())
    nonce = hashlib.blake2b(public + to, digest_size=24).digest()
    return public + nacl.crypto_box(plain, nonce, to, secret)


WORDS = "¿Puede decirnos qué día fue?\nGracias por contarlo."
BOX = sealed_box(padded(text_of(WORDS)))


def reply(version=1, name="first", report=seeded("report", 16), mailbox=MAILBOX, sealed=BOX, when="2026-11-22", member=seeded("Ana", 16), roster=seeded("a roster"), origin=ORIGIN):
    return (
        number(1, version)
        + data(2, seeded(name, 16))
        + data(3, report)
        + data(4, mailbox)
        + data(5, sealed)
        + number(6, day(when) if when else 0)
        + data(7, member)
        + data(8, roster)
        + data(9, origin.encode())
    )


class ReplyCases(Writer):
    def case(self, name, comment, expect, *messages, signer="Ana identity", key=None, label="reply", change=lambda file: file, version=1, box=None):
        public, secret = nacl.crypto_sign_seed_keypair(seeded(signer))
        inside = b"".join(element(2, signed(one, (key or public, sign(secret, label, one)))) for one in messages)
        fields = [("file", change(number(1, version) + inside))]
        if expect == "success":
            fields += [("message", messages[0]), ("signer", public), ("seed", SEED), ("text", text_of(WORDS))]
        if box:
            fields += [("seed", SEED), ("sealed", box)]
        self.write(name, comment, expect, *fields)

    def make(self):
        whole = reply()
        self.case("whole", "One reply.", "success", whole)
        self.case("armoured", "The same as text.", "success", whole, change=lambda f: armour("REPLIES", f).encode())
        self.case("two", "Two replies.", "success", whole, reply(name="second"))
        self.case("without_log", "A server that has no log.", "success", reply(origin=""))

        bad = lambda name, comment, *messages, **more: self.case(name, comment, "malformed", *messages, **more)  # noqa: E731
        bad("none", "No reply.")
        bad("one_twice", "Two of one name.", whole, whole)
        bad("bundle_of_format_2", "Another format of the bundle.", whole, version=2)
        bad("format_2", "Another format.", reply(version=2))
        bad("report_too_short", "15 bytes.", reply(report=seeded("report", 15)))
        bad("mailbox_of_low_order", "A key that gives zero.", reply(mailbox=bytes(32)))
        bad("nothing_sealed", "Nothing inside.", reply(sealed=b""))
        bad("too_much_sealed", "A byte more than the longest.", reply(sealed=bytes(2048 + 48 + 1)))
        bad("no_day", "Without a day.", reply(when=None))
        bad("origin_with_space", "White space in the log's name.", reply(origin="example.org/ log"))
        bad("unknown_field", "Field 10.", whole + data(10, b"x"))
        bad("trailing_byte", "A byte after the bundle.", whole, change=lambda file: file + b"\0")
        self.case("other_label", "Signed as an acknowledgement.", "unauthentic", whole, label="acknowledgement")
        self.case("other_key", "Names another's key.", "unauthentic", whole, key=nacl.crypto_sign_seed_keypair(seeded("Luis identity"))[0])
        self.case("changed_after", "For another report than was signed.", "unauthentic", whole, change=lambda file: file.replace(seeded("report", 16), seeded("other", 16)))

        inside = lambda name, comment, plain, expect="malformed", to=MAILBOX: self.case(name, comment, expect, whole, box=sealed_box(plain, to))  # noqa: E731
        inside("box_of_another", "Sealed to another mailbox.", padded(text_of(WORDS)), "unauthentic", nacl.crypto_box_seed_keypair(seeded("other"))[0])
        inside("box_larger_than_needed", "A size class more.", padded(text_of("x"), 512))
        inside("box_not_padded", "No padding.", bytes(256))
        inside("box_of_no_class", "300 bytes.", padded(text_of("x"), 300))
        inside("box_without_text", "No words.", padded(text_of("")))
        inside("box_text_too_long", "1,601 bytes.", padded(text_of("x" * 1601)))
        inside("box_with_control", "A tabulator.", padded(text_of("a\tb")))
        inside("box_language_in_capitals", "ES.", padded(text_of("x", "ES")))
        inside("box_without_organisation", "Nobody answers.", padded(text_of("x", "es", "")))
        inside("box_unknown_field", "Field 4.", padded(text_of("x") + data(4, b"x")))


def statement(version=1, report=seeded("report", 16), purposes=(), when="2026-11-22"):
    return number(1, version) + data(2, report) + b"".join(element(3, one.encode()) for one in purposes) + number(4, day(when) if when else 0)


WITHDRAWAL, CONSENT_CHANGE, EXPIRED = 4, 5, 6


class WithdrawalCases(Writer):
    def case(self, name, comment, expect, said, kind=WITHDRAWAL, about=seeded("report", 16), digest=None, label="withdrawal", key=None, change=lambda entry: entry):
        public, secret = nacl.crypto_sign_seed_keypair(seeded("withdrawal"))
        entry = (
            data(1, seeded("salt", 16))
            + number(2, kind)
            + data(3, about)
            + data(4, digest or hashlib.sha256(said).digest())
            + number(5, day("2026-11-23"))
            + data(7, said)
            + data(8, key or public)
            + data(9, sign(secret, label, said))
        )
        fields = [("entry", change(entry))]
        if expect == "success":
            fields += [("statement", said), ("key_hash", hashlib.sha256(public).digest())]
        self.write(name, comment, expect, *fields)

    def make(self):
        self.case("everything", "All of the report.", "success", statement())
        self.case("one_purpose", "One of its purposes.", "success", statement(purposes=["publish"]), CONSENT_CHANGE)
        self.case("two_purposes", "Two.", "success", statement(purposes=["legal", "publish"]), CONSENT_CHANGE)

        bad = lambda name, comment, said, expect="malformed", **more: self.case(name, comment, expect, said, **more)  # noqa: E731
        bad("format_2", "Another format.", statement(version=2))
        bad("report_too_long", "17 bytes.", statement(report=seeded("report", 17)))
        bad("no_day", "Without a day.", statement(when=None))
        bad("purposes_descend", "Out of order.", statement(purposes=["publish", "legal"]), kind=CONSENT_CHANGE)
        bad("purpose_twice", "One purpose twice.", statement(purposes=["legal", "legal"]), kind=CONSENT_CHANGE)
        bad("purpose_in_capitals", "Legal.", statement(purposes=["Legal"]), kind=CONSENT_CHANGE)
        bad("purpose_too_long", "49 letters.", statement(purposes=["p" * 49]), kind=CONSENT_CHANGE)
        bad("seventeen_purposes", "One too many.", statement(purposes=[chr(97 + n) for n in range(17)]), kind=CONSENT_CHANGE)
        bad("of_an_expiry", "An entry of another kind.", statement(), kind=EXPIRED)
        bad("of_another_report", "The entry names another.", statement(), "unauthentic", about=seeded("other", 16))
        bad("other_digest", "The entry's digest is another.", statement(), "unauthentic", digest=seeded("digest"))
        bad("everything_for_a_purpose", "One purpose is not all.", statement(purposes=["legal"]), "unauthentic")
        bad("purpose_for_everything", "All is not one purpose.", statement(), "unauthentic", kind=CONSENT_CHANGE)
        bad("other_label", "Signed as a reply.", statement(), "unauthentic", label="reply")
        bad("other_key", "Names another key.", statement(), "unauthentic", key=nacl.crypto_sign_seed_keypair(seeded("other"))[0])
        bad("key_of_low_order", "A key that signs anything.", statement(), "unauthentic", key=b"\1" + bytes(31))
        self.write("claimed", "No statement: the server says so.", "not_found", ("entry", data(1, seeded("salt", 16)) + number(2, WITHDRAWAL) + data(3, seeded("report", 16)) + data(4, seeded("digest")) + number(5, day("2026-11-23"))))


TOKENS = [seeded(f"token {n}") for n in range(4)]
KEYS = [hashlib.sha256(seeded(f"key {n}")).digest() for n in range(4)]


def named(kind, key=None, following=None, token=None, when="2026-11-22", salt="salt"):
    """An entry of one report that names a key, what replaces it, and by what it replaces one."""
    fields = data(1, seeded(salt, 16)) + number(2, kind) + data(3, seeded("report", 16)) + data(4, seeded(f"digest of {salt}")) + number(5, day(when))
    fields += data(6, key) if key else b""
    fields += data(11, hashlib.sha256(following).digest()) if following else b""
    return fields + (data(12, token) if token else b"")


REPORT, ADDENDUM = 1, 2


class ReplacementCases(Writer):
    """Which keys count, and until which day; docs/format.md, "A receipt in the place of another"."""

    def case(self, name, comment, keys, *entries, forged=False):
        fields = [("entry", entry) for entry in entries]
        fields += [("key", key.hex() + (f" until {until}" if until else "")) for key, until in keys]
        self.write(name, comment, "forged" if forged else "success", *fields)

    def make(self):
        report = named(REPORT, KEYS[0], TOKENS[1])
        second = named(ADDENDUM, KEYS[1], TOKENS[2], TOKENS[1], "2026-11-23", "second")
        third = named(ADDENDUM, KEYS[2], TOKENS[3], TOKENS[2], "2026-11-24", "third")
        one, two, three = [(KEYS[0], None)], [(KEYS[0], "2026-11-23"), (KEYS[1], None)], [(KEYS[0], "2026-11-23"), (KEYS[1], "2026-11-24"), (KEYS[2], None)]
        self.case("never", "One receipt, and it stays.", one, report)
        self.case("once", "Another in its place.", two, report, second)
        self.case("twice", "And another.", three, report, second, third)
        of_a_day = [named(ADDENDUM, KEYS[n], TOKENS[n + 1], TOKENS[n], salt=f"of a day {n}") for n in (2, 1)]
        self.case("in_any_order", "A day's entries are in random order.", [(KEYS[0], "2026-11-22"), (KEYS[1], "2026-11-22"), (KEYS[2], None)], *of_a_day, report)
        self.case("before_the_report", "Who has the log's key later gives no key to a report that was there.", [], named(ADDENDUM, KEYS[1], TOKENS[2], TOKENS[1], "2026-11-21", "before"), report, forged=True)
        self.case("told_twice", "The same, salted anew.", two, report, second, named(ADDENDUM, KEYS[1], TOKENS[2], TOKENS[1], "2026-11-25", "again"))
        self.case("for_the_last_time", "None may follow.", two, report, named(ADDENDUM, KEYS[1], None, TOKENS[1], "2026-11-23", "last"))
        self.case("of_an_old_server", "A report that names no token.", [(KEYS[0], None)], named(REPORT, KEYS[0]), second, forged=True)
        self.case("without_a_token", "An addendum names a key, and by no right.", one, report, named(ADDENDUM, KEYS[3], salt="none"))
        self.case("wrong_token", "A token that fits nothing.", one, report, named(ADDENDUM, KEYS[3], TOKENS[0], TOKENS[3], salt="wrong"), forged=True)
        self.case("used_token", "What was used once brings nothing.", two, report, second, named(ADDENDUM, KEYS[3], TOKENS[0], TOKENS[1], "2026-11-25", "used"), forged=True)
        self.case("token_too_early", "The token after the next.", one, report, third, forged=True)
        self.case("second_report", "A second REPORT names no key.", one, report, named(REPORT, KEYS[3], TOKENS[3], when="2026-11-23", salt="second report"))
        self.case("no_report", "There is nothing that it replaces.", [], second, forged=True)


MASTER, DAY_KEY, PHONE = seeded("master"), seeded("day of a link"), b"wa:15550100"
LOOKUP = seeded("look-up of a link")


def derived(key, *fields):
    return derive(key, "mailbox-link", *fields)


def day_secret(master=MASTER, day_key=DAY_KEY):
    mailbox = hashlib.blake2b(b"", key=master, digest_size=32, salt=bytes(16), person=b"mailbox_" + bytes(8)).digest()
    return derived(mailbox, b"day", day_key)


class LinkCases(Writer):
    """What a phone that is linked is found by, and opens."""

    def case(self, name, comment, expect, master=MASTER, day_key=DAY_KEY, phone=PHONE, tag_of=None, change=lambda sealed: sealed):
        secret, salt, nonce = day_secret(master, day_key), seeded("salt of a link", 16), seeded("nonce of a link", 24)
        tag = derived(secret, b"tag", tag_of or phone)[:16]
        box = nacl.crypto_aead_xchacha20poly1305_ietf_encrypt(SEED + LOOKUP, tag, nonce, derived(secret, b"wrap", salt, phone))
        fields = [("master", MASTER), ("day_key", DAY_KEY), ("address", PHONE.decode()), ("sealed", change(salt + nonce + box))]
        if expect == "success":
            fields += [("tag", tag), ("seed", SEED), ("lookup", LOOKUP)]
        self.write(name, comment, expect, *fields)

    def make(self):
        self.case("whole", "A phone, its mailbox and its receipt.", "success")
        bad = lambda name, comment, **more: self.case(name, comment, "unauthentic", **more)  # noqa: E731
        bad("of_another_phone", "Wrapped for another address.", phone=b"wa:15550101")
        bad("of_another_day", "Under another day's key.", day_key=seeded("another day"))
        bad("of_another_master_key", "Under another server's.", master=seeded("another master"))
        bad("of_another_tag", "It lay under another phone's tag.", tag_of=b"wa:15550101")
        bad("other_salt", "The salt is another.", change=lambda sealed: seeded("other salt", 16) + sealed[16:])
        bad("cut_short", "A byte is missing.", change=lambda sealed: sealed[:-1])
        bad("trailing_byte", "A byte after it.", change=lambda sealed: sealed + b"\0")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name, cases in (("reply", ReplyCases), ("withdrawal", WithdrawalCases), ("replacement", ReplacementCases), ("phone_link", LinkCases)):
        (folder / name).mkdir(exist_ok=True)
        cases(folder / name).make()
