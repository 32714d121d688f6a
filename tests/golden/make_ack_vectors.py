#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/ack/*.txt: one success or one failure each, named after it; docs/format.md,
"Acknowledgement", without any of our C++.

    make_ack_vectors.py DIRECTORY

Every run gives the same bytes. The committed files stay: what was written once must be read for
ever."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from key_format import armour, nacl, sign, signed  # noqa: E402
from log_format import checkpoint, note_line  # noqa: E402
from make_key_vectors import Writer, day, seeded  # noqa: E402
from segment_format import data, element, number  # noqa: E402

ORIGIN = "example.org/log"
TESTIMONY, IDENTITY = 0, 1


def segment(name, chain, compartments):
    return element(9, data(1, name) + data(2, chain) + data(3, bytes(compartments)))


BOTH = bytes([TESTIMONY, IDENTITY])
NAMES = sorted(seeded(f"segment {i}") for i in range(3))
SEGMENTS = [segment(name, seeded("chain of " + name.hex()), BOTH) for name in NAMES]
ROOT = seeded("root of the log")


def acknowledgement(segments=SEGMENTS, version=1, origin=ORIGIN, member=seeded("Ana", 16), size=5, root=ROOT, log_note=""):
    return (
        number(1, version)
        + data(2, origin.encode())
        + data(3, member)
        + data(4, seeded("a roster"))
        + number(5, day("2026-11-21"))
        + number(6, size)
        + data(7, root)
        + data(8, log_note.encode())
        + b"".join(segments)
    )


class AckCases(Writer):
    def case(self, name, comment, expect, message, signer="Ana identity", key=None, label="acknowledgement", change=lambda file: file):
        public, secret = nacl.crypto_sign_seed_keypair(seeded(signer))
        file = change(signed(message, (key or public, sign(secret, label, message))))
        fields = [("file", file)]
        if expect == "success":
            fields += [("message", message), ("signer", public)]
        self.write(name, comment, expect, *fields)

    def make(self):
        whole = acknowledgement()
        self.case("whole", "Three segments, both streams.", "success", whole)
        self.case("armoured", "The same as text.", "success", whole, change=lambda f: armour("ACKNOWLEDGEMENT", f).encode())
        self.case("testimony_alone", "A member who may not read the identity.", "success", acknowledgement([segment(NAMES[0], seeded("c"), bytes([TESTIMONY]))]))
        self.case("without_log", "A server that has no log yet.", "success", acknowledgement(origin="", size=0, root=b""))

        def note(origin, size):
            text = checkpoint(origin, size, ROOT)
            return text + "\n" + note_line(origin, seeded("log"), text)

        self.case("with_checkpoint", "And the log's own note of it.", "success", acknowledgement(log_note=note(ORIGIN, 5)))

        bad = lambda name, comment, message, **more: self.case(name, comment, "malformed", message, **more)  # noqa: E731
        bad("nothing_opened", "No segment.", acknowledgement([]))
        bad("segments_descend", "Out of order.", acknowledgement(SEGMENTS[::-1]))
        bad("segment_twice", "One segment twice.", acknowledgement([SEGMENTS[0], SEGMENTS[0]]))
        bad("no_stream", "A segment of which nothing was opened.", acknowledgement([segment(NAMES[0], seeded("c"), b"")]))
        bad("streams_descend", "Identity before testimony.", acknowledgement([segment(NAMES[0], seeded("c"), BOTH[::-1])]))
        bad("stream_twice", "Testimony twice.", acknowledgement([segment(NAMES[0], seeded("c"), bytes(2))]))
        bad("unknown_stream", "Stream 2.", acknowledgement([segment(NAMES[0], seeded("c"), bytes([2]))]))
        bad("chain_too_short", "31 bytes.", acknowledgement([segment(NAMES[0], seeded("c", 31), BOTH)]))
        bad("format_2", "Another format.", acknowledgement(version=2))
        bad("member_too_long", "17 bytes.", acknowledgement(member=seeded("Ana", 17)))
        bad("origin_with_space", "White space in the log's name.", acknowledgement(origin="example.org/ log"))
        bad("root_without_size", "A root over no entries.", acknowledgement(size=0))
        bad("size_without_root", "Entries without their root.", acknowledgement(root=b""))
        bad("checkpoint_of_another_size", "Its note says six.", acknowledgement(log_note=note(ORIGIN, 6)))
        bad("checkpoint_of_another_log", "Its note is of another log.", acknowledgement(log_note=note("example.net/log", 5)))
        bad("unknown_field", "Field 10.", whole + data(10, b"x"))
        bad("trailing_byte", "A byte after the message.", whole, change=lambda file: file + b"\0")
        bad("signed_twice", "Two signatures.", whole, change=lambda file: file + file[len(data(1, whole)) :])
        bad("unsigned", "No signature.", whole, change=lambda file: data(1, whole))
        self.case("other_label", "Signed as a roster.", "unauthentic", whole, label="roster")
        self.case("other_key", "Names another's key.", "unauthentic", whole, key=nacl.crypto_sign_seed_keypair(seeded("Luis identity"))[0])
        self.case("changed_after", "A day later than was signed.", "unauthentic", whole, change=lambda file: file.replace(number(5, day("2026-11-21")), number(5, day("2026-11-22"))))


if __name__ == "__main__":
    AckCases(pathlib.Path(sys.argv[1]) / "ack").make()
