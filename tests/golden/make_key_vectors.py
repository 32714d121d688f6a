#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/{keys,roster,bundle}/*.txt: one success or one failure each, named after it.

    make_key_vectors.py DIRECTORY

All of it is derived from names, so every run gives the same bytes. The committed files stay: what
was written once must be read for ever."""

import datetime
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import hashlib  # noqa: E402

from key_format import *  # noqa: E402,F403
from key_format import nacl  # noqa: E402
from segment_format import blake2b, data, element, number, varint  # noqa: E402

PASSPHRASE = "cinco palabras que bastan: ñandú".encode()
LOW_ORDER_ED25519 = b"\x01" + bytes(31)
LOW_ORDER_X25519 = bytes(32)


def seeded(name, size=32):
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def day(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


class Writer:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, comment, expect, *fields):
        lines = ["# SPDX-License-Identifier: AGPL-3.0-or-later", f"# {comment}", f"expect: {expect}"]
        for key, value in fields:
            lines.append(f"{key}: {value.hex() if isinstance(value, bytes) else value}")
        (self.folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- keys


class KeyCases(Writer):
    def case(self, name, comment, expect, text, secret=None, wrapping_key=None, passphrase=PASSPHRASE):
        fields = [("file", text if isinstance(text, bytes) else text.encode())]
        fields.append(("wrapping_key", wrapping_key) if wrapping_key else ("passphrase", passphrase))
        if secret:
            fields.append(("secret", secret))
        self.write(name, comment, expect, *fields)

    def by_passphrase(self, header, secret, ops=1, memory=64 * MIB, change=lambda h: h, more=b""):
        salt, nonce = seeded("salt", 16), seeded("nonce", 24)
        exact = header(salt=salt, ops=ops, memory=memory, nonce=nonce)
        locked = lock(stretch(PASSPHRASE, salt, 1, 64 * MIB), exact, nonce, secret)
        return armour("LOCKED KEY", key_file(change(exact), locked) + more)

    def make(self):
        public, root = nacl.crypto_sign_seed_keypair(seeded("root"))
        member, wrapping = seeded("member", 16), seeded("wrapping", 16)

        def header(**more):
            return key_header(ROOT, "la raíz", public=public, **more)

        good = self.by_passphrase(header, root)
        self.case("root", "A root key by passphrase.", "success", good, root)
        analyst_public, analyst = nacl.crypto_sign_seed_keypair(seeded("analyst"))
        self.case(
            "analyst",
            "An analyst's identity.",
            "success",
            self.by_passphrase(lambda **m: key_header(ANALYST, "Analyst 1", public=analyst_public, member=member, **m), analyst),
            analyst,
        )
        wrapping_key = seeded("wrapping key")
        self.case(
            "wrapping",
            "A wrapping key by passphrase.",
            "success",
            self.by_passphrase(lambda **m: key_header(WRAPPING, "Analyst 1", member=member, wrapping=wrapping, **m), wrapping_key),
            wrapping_key,
        )
        epoch = seeded("epoch")
        nonce = seeded("epoch nonce", 24)

        def epoch_file(kind, week, **more):
            exact = key_header(kind, "Analyst 1", public=nacl.crypto_scalarmult_base(epoch), member=member, week=week, nonce=nonce, wrapping=wrapping, **more)
            return armour("LOCKED KEY", key_file(exact, lock(wrapping_key, exact, nonce, epoch)))

        self.case("epoch", "A week's key under a wrapping key.", "success", epoch_file(EPOCH, "2026-W47"), epoch, wrapping_key)
        self.case("reserve", "A reserve key under a wrapping key.", "success", epoch_file(RESERVE, ""), epoch, wrapping_key)
        self.case("epoch_wrong_wrapping_key", "Another wrapping key.", "unauthentic", epoch_file(EPOCH, "2026-W47"), None, seeded("other"))
        self.case("epoch_without_week", "A week's key that names no week.", "malformed", epoch_file(EPOCH, ""), None, wrapping_key)
        self.case("epoch_week_that_is_none", "2026 has 53 weeks.", "malformed", epoch_file(EPOCH, "2026-W54"), None, wrapping_key)
        self.case("epoch_with_cost", "A cost where there is no passphrase.", "malformed", epoch_file(EPOCH, "2026-W47", ops=1), None, wrapping_key)

        self.case("wrong_passphrase", "One letter differs.", "unauthentic", good, passphrase=PASSPHRASE[:-1])
        self.case("other_label", "The header was changed after locking.", "unauthentic", self.by_passphrase(header, root, change=lambda h: h.replace("raíz".encode(), "ráiz".encode())))
        self.case("unknown_kind", "Kind 8.", "malformed", self.by_passphrase(lambda **m: key_header(8, "la raíz", public=public, **m), root))
        self.case("unknown_format", "Format 2.", "malformed", self.by_passphrase(lambda **m: header(version=2, **m), root))
        self.case("unknown_field", "Field 12 in the header.", "malformed", self.by_passphrase(header, root, change=lambda h: h + data(12, b"x")))
        self.case("trailing_byte", "A byte after the message.", "malformed", self.by_passphrase(header, root, more=b"\0"))
        self.case("field_twice", "The locked part twice.", "malformed", self.by_passphrase(header, root, more=data(2, bytes(80))))
        self.case("secret_too_short", "A root key of 32 bytes.", "malformed", self.by_passphrase(header, root[:32]))
        self.case("ops_0", "No pass at all.", "refused", self.by_passphrase(header, root, ops=0))
        self.case("ops_11", "One pass more than is accepted.", "refused", self.by_passphrase(header, root, ops=11))
        self.case("memory_below_64_mib", "One byte less.", "refused", self.by_passphrase(header, root, memory=64 * MIB - 1))
        self.case("memory_above_2_gib", "One byte more.", "refused", self.by_passphrase(header, root, memory=2048 * MIB + 1))
        self.case("crlf", "Lines ended by CR LF.", "malformed", good.replace("\n", "\r\n"))
        self.case("lines_of_76", "Base64 in longer lines.", "malformed", self.rewrapped(good, 76))
        self.case("text_before", "A line before the first.", "malformed", "my key\n" + good)
        self.case("other_kind_of_text", "A locked key that says it is a roster.", "malformed", good.replace("LOCKED KEY", "ROSTER"))

    @staticmethod
    def rewrapped(text, columns):
        first, *body, last = text.splitlines()
        joined = "".join(body)
        return "\n".join([first, *(joined[i : i + columns] for i in range(0, len(joined), columns)), last]) + "\n"


# --- rosters


class Analyst:
    def __init__(self, name, weeks=("2026-W47", "2026-W48"), reserve=True):
        self.id = seeded(name, 16)
        self.label = name
        self.organisation = seeded("house", 16)
        self.public, self.secret = nacl.crypto_sign_seed_keypair(seeded(name + " identity"))
        self.keys = [(week, nacl.crypto_scalarmult_base(seeded(name + week))) for week in weeks]
        self.reserve = nacl.crypto_scalarmult_base(seeded(name + " reserve")) if reserve else b""
        self.role, self.state = 1, 1
        self.list_number, self.list_previous = 1, bytes(32)
        self.signer = self.secret

    def member(self):
        return data(1, self.id) + data(2, self.label.encode()) + data(3, self.organisation) + data(4, self.public) + number(5, self.role) + number(6, self.state)

    def list(self):
        return epoch_list(self.id, self.keys, self.reserve, self.list_number, self.list_previous)

    def signed_list(self):
        message = self.list()
        return signed(message, (self.public, sign(self.signer, "epoch-list", message)))


class Roster:
    """A sound roster of two analysts; a case changes one thing of it."""

    def __init__(self):
        self.root_public, self.root = nacl.crypto_sign_seed_keypair(seeded("root"))
        self.analysts = [Analyst("Analyst 1"), Analyst("Analyst 2")]
        self.version, self.number, self.previous = 1, 1, bytes(32)
        self.issued, self.expires = day("2026-11-01"), day("2027-10-31")
        self.organisations = [(seeded("house", 16), "Casa")]
        ids = [a.id for a in self.analysts]
        self.compartments = [(0, 1, [(seeded("house", 16), 1, ids)]), (1, 1, [(seeded("house", 16), 1, ids[:1])])]
        self.log_keys = [nacl.crypto_sign_seed_keypair(seeded("log"))[0]]
        self.log_origin = "example.org/log"
        self.next_root = b""
        self.more = b""
        self.label = "roster"
        self.lists = None
        self.signatures = None
        self.file_more = b""

    def message(self):
        return (
            number(1, self.version)
            + number(2, self.number)
            + data(3, self.previous)
            + number(4, self.issued)
            + number(5, self.expires)
            + b"".join(element(6, data(1, i) + data(2, label.encode())) for i, label in self.organisations)
            + b"".join(
                element(7, number(1, which) + number(2, kind) + b"".join(element(3, data(1, o) + number(2, m) + b"".join(element(3, i) for i in ids)) for o, m, ids in groups))
                for which, kind, groups in self.compartments
            )
            + b"".join(element(8, a.member()) for a in self.analysts)
            + b"".join(element(9, key) for key in self.log_keys)
            + data(10, self.log_origin.encode())
            + data(11, self.next_root)
            + self.more
        )

    def file(self):
        message = self.message()
        if self.signatures is None:
            self.signatures = [(self.root_public, sign(self.root, self.label, message))]
        if self.lists is None:
            self.lists = [a.signed_list() for a in self.analysts if a.role == 1 and a.state == 1]
        return roster_file(signed(message, *self.signatures), *self.lists) + self.file_more


class RosterCases(Writer):
    def case(self, name, comment, expect, change=lambda r: None, now="2026-11-21", anchor=None, file=None, roots=()):
        """`roots`: with an anchor, the root that signs after it and, if it announced one, the next."""
        roster = Roster()
        change(roster)
        fields = [("root", Roster().root_public), ("now", now)]
        if anchor:
            fields += [("anchor_number", anchor[0]), ("anchor_digest", anchor[1])]
            for member, number_, digest in anchor[2:]:
                fields += [("anchor_list_member", member), ("anchor_list_number", number_), ("anchor_list_digest", digest)]
        fields += zip(("anchor_root", "anchor_next_root"), roots, strict=False)
        content = roster.file()
        fields.append(("file", file(content) if file else content))
        if expect == "success":
            fields.append(("roster_digest", blake2b(roster.message())))
            fields.append(("lists_digest", blake2b(b"".join(blake2b(a.list()) for a in roster.analysts if a.state == 1 and a.role == 1))))
        self.write(name, comment, expect, *fields)

    def make(self):
        self.successes()
        self.signatures()
        self.succession()
        self.rotation()
        self.contents()
        self.lists()

    def successes(self):
        case = self.case
        case("sound", "Two analysts; the second does not open identity.", "success")
        case("armoured", "The same as text.", "success", file=lambda content: armour("ROSTER", content).encode())
        case("last_day", "The last day of validity.", "success", now="2027-10-31")

        def revoke(r):
            r.analysts[1].state = 3
            r.compartments[0] = (0, 1, [(seeded("house", 16), 1, [r.analysts[0].id])])

        case("revoked_member", "A revoked member has no list and no group.", "success", revoke)

        def researcher(r):
            other = Analyst("Researcher")
            other.role = 2
            r.analysts.append(other)

        case("researcher", "A researcher has no list.", "success", researcher)

        def two_roots(r):
            public, secret = nacl.crypto_sign_seed_keypair(seeded("next root"))
            message = r.message()
            r.signatures = [(r.root_public, sign(r.root, "roster", message)), (public, sign(secret, "roster", message))]

        case("two_root_signatures", "Both signatures hold, and nothing announced the second root.", "unauthentic", two_roots)
        case("next_root", "A root to come is announced.", "success", lambda r: setattr(r, "next_root", nacl.crypto_sign_seed_keypair(seeded("next root"))[0]))

        def quorum(r):
            house, clinic = seeded("house", 16), seeded("clinic", 16)
            r.organisations.append((clinic, "Clínica"))
            r.analysts[1].organisation = clinic
            groups = [(house, 1, [r.analysts[0].id]), (clinic, 1, [r.analysts[1].id])]
            r.compartments = [(0, 1, groups), (1, 2, groups)]

        case("quorum", "Policy QUORUM: one of each of two organisations.", "success", quorum)

    def signatures(self):
        case = self.case
        other_public, other = nacl.crypto_sign_seed_keypair(seeded("another root"))

        def bad(r):
            signature = sign(r.root, "roster", r.message())
            r.signatures = [(r.root_public, bytes([signature[0] ^ 1]) + signature[1:])]

        case("bad_signature", "One bit of the signature differs.", "unauthentic", bad)
        case("other_root", "Signed by a root that is not pinned.", "unauthentic", lambda r: setattr(r, "signatures", [(other_public, sign(other, "roster", r.message()))]))
        case("other_roots_name", "Another root's signature under the pinned root's name.", "unauthentic", lambda r: setattr(r, "signatures", [(r.root_public, sign(other, "roster", r.message()))]))
        case("other_label", "Signed as an epoch list.", "unauthentic", lambda r: setattr(r, "label", "epoch-list"))
        case("no_signature", "A draft.", "malformed", lambda r: setattr(r, "signatures", []))

        def twice(r):
            one = (r.root_public, sign(r.root, "roster", r.message()))
            r.signatures = [one, one]

        case("signed_twice", "One root's signature twice.", "malformed", twice)

        def second_bad(r):
            message = r.message()
            r.signatures = [(r.root_public, sign(r.root, "roster", message)), (other_public, sign(other, "epoch-list", message))]

        case("second_signature_bad", "The second signature does not hold.", "unauthentic", second_bad)

    def succession(self):
        case = self.case
        first = blake2b(Roster().message())
        lists = [(a.id, 1, blake2b(a.list())) for a in Roster().analysts]

        def second(r):
            r.number, r.previous = 2, first

        case("successor", "Number 2 after number 1.", "success", second, anchor=(1, first, *lists))
        case("same_again", "The one accepted last.", "success", anchor=(1, first, *lists))
        case("first_has_number_2", "Nothing was accepted before.", "conflict", second)
        case("older", "Number 1 after number 2.", "replayed", anchor=(2, seeded("two")))
        case("fork", "Another roster with the number accepted last.", "conflict", anchor=(1, seeded("another")))
        case("wrong_previous", "Number 2 names another number 1.", "conflict", second, anchor=(1, seeded("another")))

        def third(r):
            r.number, r.previous = 3, first

        case("number_skipped", "Number 3 after number 1.", "conflict", third, anchor=(1, first))
        case("number_1_with_previous", "The first follows nothing.", "malformed", lambda r: setattr(r, "previous", seeded("x")))
        case("number_2_without_previous", "The second follows something.", "malformed", lambda r: setattr(r, "number", 2))
        case("number_0", "Rosters count from 1.", "malformed", lambda r: setattr(r, "number", 0))
        case("expired", "The day after the last.", "stale", now="2027-11-01")

        def renewed(r):
            r.analysts[0].list_number, r.analysts[0].list_previous = 2, lists[0][2]

        case("list_renewed", "The same roster with a list that follows.", "success", renewed, anchor=(1, first, *lists))
        case("list_older", "A list below the one accepted last.", "replayed", anchor=(1, first, (lists[0][0], 2, seeded("two"))))
        case("list_fork", "Another list with the number accepted last.", "conflict", anchor=(1, first, (lists[0][0], 1, seeded("another"))))
        case("list_wrong_previous", "A list that follows another one.", "conflict", renewed, anchor=(1, first, (lists[0][0], 1, seeded("another"))))

    def rotation(self):
        """Number 2 after a number 1 that announced the next root."""
        old_public, old = nacl.crypto_sign_seed_keypair(seeded("root"))
        new_public, new = nacl.crypto_sign_seed_keypair(seeded("next root"))
        other_public, other = nacl.crypto_sign_seed_keypair(seeded("another root"))
        first = Roster()
        first.next_root = new_public
        before = blake2b(first.message())

        def case(name, comment, expect, *signers, roots=(old_public, new_public)):
            def change(r):
                r.number, r.previous = 2, before
                r.signatures = [(public, sign(secret, "roster", r.message())) for public, secret in signers]

            self.case(name, comment, expect, change, anchor=(1, before), roots=roots)

        case("rotation", "The old root, then the announced one.", "success", (old_public, old), (new_public, new))
        case("rotation_without_the_new_root", "The old root alone.", "unauthentic", (old_public, old))
        case("rotation_without_the_old_root", "The announced root alone.", "unauthentic", (new_public, new))
        case("rotation_roots_exchanged", "The new root before the old one.", "malformed", (new_public, new), (old_public, old))
        case("rotation_to_another_root", "The second root is not the announced one.", "unauthentic", (old_public, old), (other_public, other))
        case("rotation_unannounced", "Two roots, and none was announced.", "unauthentic", (old_public, old), (new_public, new), roots=(old_public,))
        case("after_rotation", "The new root signs alone.", "success", (new_public, new), roots=(new_public,))
        case("after_rotation_by_the_old_root", "The old root signs no more.", "unauthentic", (old_public, old), roots=(new_public,))

    def contents(self):
        case = self.case
        bad = lambda name, comment, change: case(name, comment, "malformed", change)  # noqa: E731
        bad("unknown_format", "Format 2.", lambda r: setattr(r, "version", 2))
        bad("unknown_field", "Field 12.", lambda r: setattr(r, "more", data(12, b"x")))
        bad("trailing_byte", "A byte after the file's message.", lambda r: setattr(r, "file_more", b"\0"))
        bad("field_twice", "The number twice.", lambda r: setattr(r, "more", number(2, 1)))
        bad("expires_before_issued", "Never valid.", lambda r: setattr(r, "issued", day("2027-11-01")))
        bad("day_out_of_range", "Expires in a day that is no date.", lambda r: setattr(r, "expires", 100001))
        case("armoured_with_cr", "Text with CR LF.", "malformed", file=lambda content: armour("ROSTER", content).replace("\n", "\r\n").encode())

        def attribute(index, name, value):
            return lambda r: setattr(r.analysts[index], name, value)

        first = Analyst("Analyst 1")
        bad("low_order_identity", "A member's key of low order.", attribute(1, "public", LOW_ORDER_ED25519))
        bad("duplicate_member_id", "One id twice.", attribute(1, "id", first.id))
        bad("duplicate_member_key", "One key twice.", attribute(1, "public", first.public))

        def root_is_a_member(r):
            r.analysts[1].public, r.analysts[1].signer = r.root_public, r.root

        bad("root_is_a_member", "Root signs rosters and nothing else.", root_is_a_member)
        def root_is_a_researcher(r):
            other = Analyst("Researcher")
            other.role, other.public = 2, r.root_public
            r.analysts.append(other)

        bad("root_is_a_researcher", "Root, where no list is expected.", root_is_a_researcher)

        def second_root_is_a_member(r):
            message, member = r.message(), r.analysts[0]
            r.signatures = [(r.root_public, sign(r.root, "roster", message)), (member.public, sign(member.secret, "roster", message))]

        bad("second_root_is_a_member", "The root to come signs, and is a member.", second_root_is_a_member)
        bad("label_with_escape", "A label that moves the cursor.", attribute(1, "label", "a\x1b[2J"))
        bad("label_missing", "A member without a label.", attribute(1, "label", ""))
        bad("unknown_role", "Role 9.", attribute(1, "role", 9))
        bad("state_missing", "Neither active nor revoked.", attribute(1, "state", 0))
        bad("revoked_member_in_group", "A group names a revoked member.", attribute(1, "state", 3))
        bad("suspended_member_in_group", "A group names a suspended member.", attribute(1, "state", 2))
        bad("unlisted_organisation", "A member of an organisation that is not listed.", attribute(1, "organisation", seeded("x", 16)))
        bad("duplicate_organisation", "One organisation twice.", lambda r: r.organisations.append(r.organisations[0]))
        bad("low_order_log_key", "A log key of low order.", lambda r: setattr(r, "log_keys", [LOW_ORDER_ED25519]))
        bad("log_key_is_a_member", "One key with two uses.", lambda r: setattr(r, "log_keys", [first.public]))
        bad("log_origin_missing", "Log keys without an origin.", lambda r: setattr(r, "log_origin", ""))
        bad("log_origin_with_space", "Not a note's key name.", lambda r: setattr(r, "log_origin", "example org"))
        bad("next_root_is_root", "The root to come is the root.", lambda r: setattr(r, "next_root", r.root_public))
        bad("low_order_next_root", "A root to come of low order.", lambda r: setattr(r, "next_root", LOW_ORDER_ED25519))

        def groups(*value):
            return lambda r: r.compartments.__setitem__(0, (0, *value))

        house, ids = seeded("house", 16), [a.id for a in Roster().analysts]
        bad("nobody_opens", "A compartment without a group.", groups(1, []))
        bad("empty_group", "A group without members.", groups(1, [(house, 1, [])]))
        bad("unknown_group_member", "A group names nobody.", groups(1, [(house, 1, [seeded("x", 16)])]))
        bad("group_member_twice", "One member twice in a group.", groups(1, [(house, 1, [ids[0], ids[0]])]))
        bad("any_with_m_2", "ANY that asks for two.", groups(1, [(house, 2, ids)]))
        bad("group_m_0", "A group that asks for nobody.", groups(1, [(house, 0, ids)]))
        bad("quorum_of_one", "A quorum that one member meets.", groups(2, [(house, 1, ids)]))
        bad("quorum_above_members", "Three of two.", groups(2, [(house, 3, ids)]))
        bad("quorum_organisation_twice", "One organisation reaches both groups.", groups(2, [(house, 1, ids[:1]), (house, 1, ids[1:])]))
        bad("policy_missing", "No policy.", groups(0, [(house, 1, ids)]))
        bad("compartment_missing", "Identity has no policy.", lambda r: r.compartments.pop())
        bad("compartment_twice", "Testimony twice, identity never.", lambda r: r.compartments.__setitem__(1, r.compartments[0]))
        bad("unknown_compartment", "A third compartment in identity's place.", lambda r: r.compartments.__setitem__(1, (2, *r.compartments[1][1:])))
        bad("one_compartment_more", "Testimony, identity, testimony.", lambda r: r.compartments.append(r.compartments[0]))
        bad("group_of_unlisted_organisation", "A group of an organisation that is not listed.", groups(1, [(seeded("x", 16), 1, ids)]))

        def other_organisation(r):
            r.organisations.append((seeded("x", 16), "Otra casa"))
            groups(1, [(seeded("x", 16), 1, ids)])(r)
        bad("group_of_another_organisation", "A group names members of another organisation.", other_organisation)
        bad("log_keys_17", "One log key too many.", lambda r: setattr(r, "log_keys", [nacl.crypto_sign_seed_keypair(seeded(f"log {n}"))[0] for n in range(17)]))
        bad("compartments_exchanged", "Identity before testimony.", lambda r: r.compartments.reverse())

    def lists(self):
        case = self.case

        def analyst(change, index=1):
            return lambda r: change(r.analysts[index])

        def keys(value):
            return analyst(lambda a: setattr(a, "keys", value))

        sound = Analyst("Analyst 2").keys

        def without(r):
            r.lists = [r.analysts[0].signed_list()]

        case("list_missing", "The second analyst's list is not there.", "malformed", without)
        case("list_of_nobody", "A list too many.", "malformed", lambda r: setattr(r, "lists", [a.signed_list() for a in [*r.analysts, Analyst("Nobody")]]))
        case("lists_exchanged", "Lists in another order.", "unauthentic", lambda r: setattr(r, "lists", [a.signed_list() for a in reversed(r.analysts)]))

        def bad_signature(r):
            r.analysts[1].signer = r.analysts[0].secret

        case("list_bad_signature", "Signed by another member.", "unauthentic", bad_signature)

        def for_other(r):
            message = r.analysts[0].list()
            two = r.analysts[1]
            r.lists = [r.analysts[0].signed_list(), signed(message, (two.public, sign(two.secret, "epoch-list", message)))]

        case("list_for_another_member", "The second analyst signed a list of the first's.", "unauthentic", for_other)
        case("list_without_weeks", "No week at all.", "malformed", keys([]))
        case("list_weeks_descend", "Weeks in the wrong order.", "malformed", keys(sound[::-1]))
        case("list_week_twice", "One week twice.", "malformed", keys([sound[0], (sound[0][0], sound[1][1])]))
        case("list_key_twice", "One key for two weeks.", "malformed", keys([sound[0], (sound[1][0], sound[0][1])]))
        case("list_week_that_is_none", "2025 has 52 weeks.", "malformed", keys([("2025-W53", sound[0][1])]))
        case("list_low_order_key", "A week's key of low order.", "malformed", keys([(sound[0][0], LOW_ORDER_X25519)]))
        case("list_low_order_reserve", "A reserve of low order.", "malformed", analyst(lambda a: setattr(a, "reserve", LOW_ORDER_X25519)))
        case("list_number_0", "Lists count from 1.", "malformed", analyst(lambda a: setattr(a, "list_number", 0)))
        case("list_number_1_with_previous", "The first follows nothing.", "malformed", analyst(lambda a: setattr(a, "list_previous", seeded("x"))))


# --- bundles

BUNDLE_HEADER = frame(HEADER, number(1, 1) + data(2, b"example.org/log") + number(3, 20778) + data(5, seeded("bundle", 16)))


def segment(rows, report="report"):
    return frame(SEGMENT, data(1, data(2, seeded(report, 16))) + number(2, rows))


def row(text):
    return frame(ROW, data(1, text))


class BundleCases(Writer):
    def case(self, name, comment, expect, content, whole):
        """`whole`: how many frames can be read."""
        self.write(name, comment, expect, ("file", content), ("whole", whole))

    def make(self):
        sound = [
            BUNDLE_HEADER,
            frame(ROSTER, element(1, number(1, 1))),
            frame(FORM, data(1, b"form") + data(2, blake2b(b"form"))),
            frame(LOG, data(2, b"entry")),
            segment(2),
            row(b"one"),
            row(b"two"),
            segment(1, "another report"),
            row(b"three"),
            frame(MEDIA, data(1, seeded("media", 16)) + data(3, b"chunk")),
            frame(CHECKPOINT, data(1, b"note")),
        ]
        end = frame(END, totals(1, 1, 2, 2, 3, 1, 1))
        case = self.case
        case("whole", "Every kind of frame.", "success", bundle([*sound, end]), 12)
        case("empty", "A bundle of nothing.", "success", bundle([BUNDLE_HEADER, frame(END, totals())]), 2)
        case("not_last_part", "More parts follow.", "success", bundle([BUNDLE_HEADER, frame(END, totals(last=0))]), 2)
        bad = lambda name, comment, content, whole: case(name, comment, "malformed", content, whole)  # noqa: E731
        bad("no_bytes", "An empty file.", b"", 0)
        bad("other_magic", "Version 2.", bundle(sound + [end]).replace(b"bundle 1", b"bundle 2"), 0)
        bad("without_end", "Cut at a frame's edge.", bundle(sound), 11)
        bad("cut_short", "The last byte is missing.", bundle([*sound, end])[:-1], 11)
        bad("after_the_end", "A byte too many.", bundle([*sound, end]) + b"\n", 11)
        bad("two_ends", "A second end.", bundle([*sound, end, end]), 11)
        bad("totals_differ", "One row more than there is.", bundle([*sound, frame(END, totals(1, 1, 2, 2, 4, 1, 1))]), 11)
        bad("header_missing", "Begins with a roster.", bundle(sound[1:] + [end]), 0)
        bad("header_twice", "A second header.", bundle([BUNDLE_HEADER, BUNDLE_HEADER]), 1)
        bad("header_of_format_2", "Another format.", bundle([frame(HEADER, number(1, 2))]), 0)
        bad("row_without_segment", "A row that belongs nowhere.", bundle([BUNDLE_HEADER, row(b"x")]), 1)
        bad("row_missing", "One row less than announced.", bundle([*sound[:6], *sound[7:], end]), 6)
        bad("row_too_many", "One row more than announced.", bundle([*sound[:7], row(b"x"), *sound[7:], end]), 7)
        bad("roster_after_segment", "Frames out of order.", bundle([*sound[:9], sound[1], end]), 9)
        bad("empty_frame", "A frame that says nothing.", bundle([BUNDLE_HEADER, b""]), 1)
        bad("unknown_frame", "Arm 10.", bundle([BUNDLE_HEADER, frame(10, b"x")]), 1)
        bad("two_arms", "A frame that says two things.", bundle([BUNDLE_HEADER, sound[1] + sound[2]]), 1)
        bad("unknown_field", "A header with a field that no version has.", bundle([frame(HEADER, number(1, 1) + data(2000, b"x"))]), 0)
        bad("trailing_byte", "A byte after a frame's message.", bundle([BUNDLE_HEADER, sound[1] + b"\0"]), 1)
        bad("long_varint", "A number with a needless byte.", bundle([frame(HEADER, b"\x08\x81\x00")]), 0)
        bad("huge_length", "A frame of 16 MiB and one byte.", MAGIC + struct.pack("<I", 16 * MIB + 1) + bytes(64), 0)
        bad("longer_than_the_file", "A frame longer than what follows.", MAGIC + struct.pack("<I", 16 * MIB) + bytes(64), 0)
        checked = bundle([*sound, end])
        bad("check_of_zeros", "The first check is not its frame's.", checked[:19] + checked[19 : 23 + len(BUNDLE_HEADER)] + bytes(16) + checked[39 + len(BUNDLE_HEADER) :], 0)


def main():
    base = pathlib.Path(sys.argv[1])
    KeyCases(base / "keys").make()
    RosterCases(base / "roster").make()
    BundleCases(base / "bundle").make()


if __name__ == "__main__":
    main()
