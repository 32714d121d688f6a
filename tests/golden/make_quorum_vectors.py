#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/quorum/*.txt: segments whose identity only a quorum opens, and what people
bring to open it. In Python's integers (ristretto.py) and PyNaCl.

    make_quorum_vectors.py DIRECTORY

Envelopes and stream headers hold fresh randomness, so every run gives other bytes with the same
meaning. The committed files stay: what was sealed once must open for ever.

A vector has a header, rows, and either holders (16 bytes of member id, 32 of the week's secret),
whose envelopes are opened, or shares (u32le place, 32 bytes of value, commitments) as they are. It
opens, or fails at the header, at one share (`place` says whose) or when they are joined."""

import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_segment_vectors import LAST, NAMED, QUORUM, SHORT, Member, seeded  # noqa: E402
from nacl import bindings as nacl  # noqa: E402
from ristretto import L, encode, times  # noqa: E402
from segment_format import *  # noqa: E402,F403

WEEK = b"2026-W47"
PEOPLE = [Member(number) for number in range(1, 41)]
TURNS = [SHORT, NAMED, LAST]


def scalar(name):
    return int.from_bytes(seeded(name, 64), "little") % L


class Group:
    """One organisation's m of n, with its own secret."""

    def __init__(self, name, m, n):
        self.id, self.m, self.n = seeded(f"organisation {name}", 16), m, n
        self.coefficients = [scalar(f"{name} {i}") for i in range(m)]

    def value(self, index):
        return sum(a * pow(index, i, L) for i, a in enumerate(self.coefficients)) % L


class Quorum:
    """The groups of one stream; `points`: their commitments, to be spoilt by a case."""

    def __init__(self, *groups):
        self.groups = [Group(name, m, n) for name, m, n in groups]
        self.points = [encode(times(a)) for g in self.groups for a in g.coefficients]
        self.shown = [(g.id, g.m, g.n) for g in self.groups]
        self.seats = [(at, i) for at, g in enumerate(self.groups) for i in range(1, g.n + 1)]
        self.members = PEOPLE[: len(self.seats)]
        self.said_group = [at for at, _ in self.seats]
        self.digest, self.label, self.format_values, self.bound_to = None, "quorum-secret", {}, {}

    def secret(self):
        s = sum(g.coefficients[0] for g in self.groups) % L
        return derive(s.to_bytes(32, "little"), self.label)

    def value(self, place):
        at, index = self.seats[place]
        return self.groups[at].value(index).to_bytes(32, "little")

    def commitments(self):
        return b"".join(self.points)

    def share(self, place, value=None, commitments=None, shown=None):
        shown = place if shown is None else shown
        value = self.value(place) if value is None else value
        return struct.pack("<I", shown & 0xFFFFFFFF) + value + (commitments or self.commitments())


def stream_header(compartment, members, quorum):
    set_id = seeded(f"set {compartment}", 16)
    text = number(1, 1) + data(2, set_id) + number(3, 1) + data(4, WEEK)
    text += data(5, seeded("roster")) + data(6, seeded("lists")) + number(7, compartment)
    policy = number(1, QUORUM if quorum else 1)
    for organisation, m, n in quorum.shown if quorum else []:
        policy += element(2, data(1, organisation) + number(2, m) + number(3, n))
    text += element(8, policy)
    for place, member in enumerate(members):
        group = quorum.said_group[place] if quorum else 0
        text += element(9, data(1, member.id) + data(2, member.public) + number(4, group))
    context = number(1, 1) + data(2, seeded("report", 16)) + data(4, set_id) + data(5, blake2b(text))
    context += data(6, seeded("form")) + number(7, compartment)
    secret = quorum.secret() if quorum else seeded(f"E {compartment}")
    key = derive(secret, "segment", blake2b(context))
    stream = Stream()
    start = stream.push_from(key)
    header = data(1, context) + data(2, text)
    for place, member in enumerate(members):
        inside = quorum.format_values.get(place, quorum.value(place)) if quorum else secret
        bound_to = quorum.bound_to.get(place, blake2b(context)) if quorum else None
        plain = inside + (bound_to or blake2b(text)) + struct.pack("<I", place)
        plain += quorum.commitments() if quorum else b""
        header += data(3, nacl.crypto_box_seal(plain, member.public))
    header += data(4, derive(key, "commit")) + data(5, start)
    if quorum:
        header += data(6, blake2b(quorum.commitments()) if quorum.digest is None else quorum.digest)
    return header, stream


def seal(quorum):
    parts = [stream_header(TESTIMONY, quorum.members, None), stream_header(IDENTITY, quorum.members, quorum)]
    header = number(1, 1) + data(2, seeded("report", 16)) + element(4, parts[0][0]) + element(5, parts[1][0])
    rows = []
    for sequence, records in enumerate(TURNS):
        tag = TAG_FINAL if sequence + 1 == len(TURNS) else TAG_REKEY
        size = size_class(max(map(len, records)))
        sealed = [
            stream.push(pad(records[which], size), row_context(header, which, sequence), tag)
            for which, (_, stream) in enumerate(parts)
        ]
        rows.append(encode_row(sequence, *sealed, *map(record_digest, records)))
    return header, rows


def two_houses():
    """Two of three here, and one of two there."""
    return Quorum(("house", 2, 3), ("clinic", 1, 2))


def vector(comment, expect, places=(), fails_at=None, place=None, change=None, quorum=None, shares=None):
    quorum = quorum or two_houses()
    if change:
        change(quorum)
    header, rows = seal(quorum)
    fields = [("expect", expect)]
    if fails_at:
        fields.append(("fails_at", fails_at))
    if place is not None:
        fields.append(("place", place))
    fields += [("week", WEEK.decode()), ("header", header)] + [("row", row) for row in rows]
    if shares:
        fields += [("share", one) for one in shares(quorum)]
    fields += [("holder", quorum.members[at].id + quorum.members[at].secret) for at in places]
    if expect == "success":
        for testimony, identity in TURNS:
            fields += [("testimony", testimony), ("identity", identity)]
    return write_vector(comment, fields)


def setting(**values):
    return lambda quorum: [setattr(quorum, name, value) for name, value in values.items()]


def forged(comment, expect, value, place=1):
    """Three people bring shares; one brings another value."""
    def shares(quorum):
        return [quorum.share(at, value(quorum) if at == place else None) for at in (0, 1, 3)]
    return lambda: vector(comment, expect, fails_at="share", place=place, shares=shares)


def inside(comment, expect, value):
    """The writer put it into the second member's envelope."""
    return lambda: vector(comment, expect, (0, 1, 3), "share", 1,
                          change=lambda q: q.format_values.update({1: value(q)}))


def header_case(comment, change, quorum=None):
    return lambda: vector(comment, "malformed", (0, 1), "header", change=change, quorum=quorum)


def integer(quorum, place=1):
    return int.from_bytes(quorum.value(place), "little")


def spoil_point(at, point):
    def change(quorum):
        quorum.points[at] = point
    return change


NO_POINT = b"\1" + bytes(31)  # negative: no encoding of RFC 9496

CASES = {
    # opens
    "two_of_three_and_one_of_two": lambda: vector(
        "Two of one organisation, one of the other.", "success", (0, 1, 3)),
    "other_people_of_both": lambda: vector(
        "Others, in another order.", "success", (4, 2, 0)),
    "more_than_it_takes": lambda: vector("Everybody.", "success", (0, 1, 2, 3, 4)),
    "one_of_each": lambda: vector(
        "One of each of two organisations.", "success", (1, 2), quorum=Quorum(("house", 1, 2), ("clinic", 1, 1))),
    "one_organisation": lambda: vector(
        "A plain three of four.", "success", (3, 0, 2), quorum=Quorum(("house", 3, 4))),
    "three_organisations": lambda: vector(
        "Two, one and two.", "success", (0, 1, 2, 4, 5),
        quorum=Quorum(("house", 2, 2), ("clinic", 1, 2), ("press", 2, 2))),
    "thirty_two_together": lambda: vector(
        "The most a quorum may ask for.", "success", tuple(range(32)),
        quorum=Quorum(("house", 31, 31), ("clinic", 1, 2))),
    # fewer than the policy
    "one_too_few": lambda: vector("One of each, where one should be two.", "refused", (0, 3), "join"),
    "one_organisation_whole": lambda: vector(
        "All of one organisation, nobody of the other.", "refused", (0, 1, 2), "join"),
    "other_organisation_whole": lambda: vector(
        "All of the other organisation.", "refused", (3, 4), "join"),
    # one share is not what was made
    "bit_255": forged("Bit 255 of the share is set: multiplying masks it.", "malformed",
                      lambda q: (integer(q) | 1 << 255).to_bytes(32, "little")),
    "value_plus_order": forged("y + L: adding reduces it.", "malformed",
                               lambda q: (integer(q) + L).to_bytes(32, "little")),
    "order": forged("The share is L itself.", "malformed", lambda q: L.to_bytes(32, "little")),
    "zero": forged("A share of zero.", "malformed", lambda q: bytes(32)),
    "forged": forged("y + 1.", "unauthentic", lambda q: ((integer(q) + 1) % L).to_bytes(32, "little")),
    "anothers_value": forged("The first member's value in the second one's place.", "unauthentic",
                             lambda q: q.value(0)),
    "of_the_other_group": forged("A value of the other organisation.", "unauthentic", lambda q: q.value(3)),
    "forged_alone_in_its_group": forged(
        "The one share of an organisation is not the one that was made.", "unauthentic",
        lambda q: ((integer(q, 3) + 1) % L).to_bytes(32, "little"), place=3),
    "negated": forged("L − y.", "unauthentic", lambda q: (L - integer(q)).to_bytes(32, "little")),
    "other_commitments": lambda: vector(
        "A share whose commitments are of another polynomial, which it fits.", "unauthentic",
        fails_at="share", place=0, shares=lambda q: [
            q.share(0, (5).to_bytes(32, "little"), b"".join(encode(times(n)) for n in (5, L, 5))),
            q.share(1), q.share(3)]),
    "index_0": lambda: vector(
        "A share in the place before the first: its number would be 0, where the secret lies.",
        "malformed", fails_at="share", place=0xFFFFFFFF,
        shares=lambda q: [q.share(0, shown=-1), q.share(1), q.share(3)]),
    "index_above": lambda: vector(
        "A share in a place after the last.", "malformed", fails_at="share", place=5,
        shares=lambda q: [q.share(0, shown=5), q.share(1), q.share(3)]),
    "double_index": lambda: vector(
        "One share twice, where two are needed.", "malformed", fails_at="join",
        shares=lambda q: [q.share(0), q.share(0), q.share(3)]),
    # a hostile writer
    "sealed_bit_255": inside("The writer sealed y with bit 255 set.", "malformed",
                             lambda q: (integer(q) | 1 << 255).to_bytes(32, "little")),
    "sealed_value_plus_order": inside("The writer sealed y + L.", "malformed",
                                      lambda q: (integer(q) + L).to_bytes(32, "little")),
    "sealed_forged": inside("The writer sealed another value.", "unauthentic",
                            lambda q: ((integer(q) + 1) % L).to_bytes(32, "little")),
    "share_of_another_segment": lambda: vector(
        "The second member's envelope was made for another report: who copied it here wants a share that is "
        "asked for under a false name.", "unauthentic", (0, 1, 3), "share", 1,
        change=setting(bound_to={1: seeded("another segment")})),
    "share_of_no_segment": lambda: vector(
        "The second member's envelope is bound to its set only, as those are that one person opens.",
        "unauthentic", (0, 1, 3), "share", 1, change=setting(bound_to={1: None})),
    "identity_commitment": lambda: vector(
        "The second commitment is the identity: the polynomial would be flat.", "malformed",
        (0, 1, 3), "share", 0, change=spoil_point(1, bytes(32))),
    "no_point": lambda: vector(
        "A commitment that is no point.", "malformed", (0, 1, 3), "share", 0, change=spoil_point(1, NO_POINT)),
    "commitments_of_others": lambda: vector(
        "The header names other commitments than the envelopes hold.", "unauthentic", (0, 1, 3), "share", 0,
        change=setting(digest=seeded("others"))),
    "secret_under_another_label": lambda: vector(
        "E is derived under a label of another use: each share fits, what they make does not.",
        "unauthentic", (0, 1, 3), "join", change=setting(label="state")),
    # headers
    "no_commitments_digest": header_case("A quorum without its commitments' digest.", setting(digest=b"")),
    "threshold_of_zero": header_case(
        "A group that asks for nobody.",
        lambda q: q.shown.__setitem__(1, (q.groups[1].id, 0, 2))),
    "threshold_above": header_case(
        "Three of two.", lambda q: q.shown.__setitem__(1, (q.groups[1].id, 3, 2))),
    "quorum_of_one": header_case("One of two: policy ANY.", None, Quorum(("house", 1, 2))),
    "thirty_three_together": header_case(
        "One more than a quorum may ask for.", None, Quorum(("house", 31, 31), ("clinic", 2, 2))),
    "group_of_thirty_three": header_case("A group of 33.", None, Quorum(("house", 2, 33))),
    "organisation_twice": header_case(
        "Both groups are of one organisation.",
        lambda q: q.shown.__setitem__(1, (q.groups[0].id, 1, 2))),
    "member_of_no_group": header_case(
        "The last member says a third group.", lambda q: q.said_group.__setitem__(4, 2)),
    "groups_mixed": header_case(
        "Members of the two groups in turn.",
        lambda q: setattr(q, "said_group", [0, 1, 0, 1, 0])),
    "one_seat_too_few": header_case(
        "A group says three members and has four.",
        lambda q: setattr(q, "said_group", [0, 0, 0, 0, 1])),
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
