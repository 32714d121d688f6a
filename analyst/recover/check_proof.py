#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks, without any other part of Resguardo, a proof that a report was logged.

    check_proof.py FOLDER ROOT

FOLDER is what `resguardo-analyst prove` wrote; ROOT is the organisation's root key in hexadecimal,
from the organisation itself. Needs Python 3 and PyNaCl. Exit 0: it holds. Exit 1: it does not, and
the line says why. Written from docs/format.md, RFC 6962 and the C2SP pages on notes, checkpoints
and proofs."""

import base64
import datetime
import hashlib
import pathlib
import re
import sys

from nacl import bindings as sodium

REPORT, ADDENDUM, INCOMPLETE, WITNESS, ACTIVE = 1, 2, 3, 3, 1


class Broken(Exception):
    pass


def need(holds, why):
    if not holds:
        raise Broken(why)


# --- protobuf: enough to read flat messages


def varint(data, at):
    value = shift = 0
    while True:
        need(at < len(data) and shift < 64, "a message is cut short")
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data):
    found, at = [], 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            need(tag & 7 == 2, "a message of another shape")
            size, at = varint(data, at)
            need(at + size <= len(data), "a message is cut short")
            value, at = data[at:at + size], at + size
        found.append((tag >> 3, value))
    return found


def every(message, number):
    return [value for key, value in message if key == number]


def one(message, number, default=b""):
    values = every(message, number)
    need(len(values) <= 1, "a field comes twice")
    return values[0] if values else default


# --- cryptography


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def blake2b(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def signed_by(key, message, signature):
    try:
        return len(signature) == 64 and sodium.crypto_sign_open(signature + message, key) == message
    except Exception:
        return False


def base64_exact(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken("base64 that is none") from None
    need(base64.b64encode(data).decode() == text, "base64 that is not canonical")
    return data


# --- the log: RFC 6962 and C2SP


def root_of(index, size, leaf, path):
    """The root that an inclusion path leads to, by the tree's definition."""
    need(0 <= index < size, "an index beyond the log")
    if size == 1:
        need(not path, "an inclusion path that is too long")
        return leaf
    need(path, "an inclusion path that is too short")
    half = 1
    while half * 2 < size:
        half *= 2
    if index < half:
        return sha256(b"\1", root_of(index, half, leaf, path[:-1]), path[-1])
    return sha256(b"\1", path[-1], root_of(index - half, size - half, leaf, path[:-1]))


def key_id(name, algorithm, key):
    return sha256(name.encode(), b"\n", bytes([algorithm]), key)[:4]


class Note:
    def __init__(self, note):
        text, found, lines = note.rpartition("\n\n")
        need(found and note.endswith("\n"), "a checkpoint that is no signed note")
        self.text, self.lines = text + "\n", []
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("— ([^ +]+) ([A-Za-z0-9+/=]+)", line)
            need(match, "a signature line that is none")
            data = base64_exact(match[2])
            self.lines.append((match[1], data[:4], data[4:]))
        parts = self.text.split("\n")
        need(len(parts) >= 5 and re.fullmatch("0|[1-9][0-9]{0,18}", parts[1]), "a checkpoint without a size")
        self.origin, self.size, self.root = parts[0], int(parts[1]), base64_exact(parts[2])
        days = [part[4:] for part in parts[3:] if part.startswith("day ")]
        need(len(days) == 1 and re.fullmatch(r"\d{4}-\d\d-\d\d", days[0]), "a checkpoint without its day")
        self.day = datetime.date.fromisoformat(days[0])

    def signed(self, key):
        mine = [blob for name, ident, blob in self.lines if name == self.origin and ident == key_id(name, 1, key)]
        return bool(mine) and all(signed_by(key, self.text.encode(), blob) for blob in mine)

    def witnessed(self, key):
        for name, ident, blob in self.lines:
            if ident == key_id(name, 4, key) and len(blob) == 72:
                time = int.from_bytes(blob[:8], "big")
                if signed_by(key, f"cosignature/v1\ntime {time}\n{self.text}".encode(), blob[8:]):
                    return True
            if ident == key_id(name, 1, key) and signed_by(key, self.text.encode(), blob):
                return True
        return False


# --- the folder


class Proof:
    def __init__(self, folder, root):
        self.folder, self.root = pathlib.Path(folder), root

    def file(self, name):
        path = self.folder / name
        need(path.is_file(), f"{name} is missing")
        return path.read_bytes()

    def roster(self):
        """Log keys, origin and witnesses of the roster, if the root key signed it."""
        signed = fields(one(fields(self.file("roster.bin")), 2))
        message = one(signed, 1)
        signatures = [fields(signature) for signature in every(signed, 2)]
        need(any(one(s, 1) == self.root and signed_by(self.root, b"resguardo/roster/v1\0" + message, one(s, 2))
                 for s in signatures), "roster.bin is not signed by this root key")
        roster = fields(message)
        members = [fields(member) for member in every(roster, 8)]
        witnesses = [(one(m, 2).decode(), one(m, 4)) for m in members if one(m, 5, 0) == WITNESS and one(m, 6, 0) == ACTIVE]
        return every(roster, 9), one(roster, 10).decode(), witnesses

    def log(self, entry):
        try:
            head, found, note = self.file("proof.tlog-proof").decode().partition("\n\n")
        except UnicodeDecodeError:
            raise Broken("proof.tlog-proof is no text") from None
        lines = head.split("\n")
        need(found and lines[0] == "c2sp.org/tlog-proof@v1", "proof.tlog-proof is none")
        lines = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
        need(lines and re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[0]), "a proof without an index")
        index, path = int(lines[0][6:]), [base64_exact(line) for line in lines[1:]]
        need(all(len(node) == 32 for node in path), "a proof with a hash of another length")
        checkpoint = Note(note)
        keys, origin, witnesses = self.roster()
        need(origin == checkpoint.origin and any(checkpoint.signed(key) for key in keys),
             "the checkpoint is signed by a key the roster does not name")
        need(root_of(index, checkpoint.size, sha256(b"\0", entry), path) == checkpoint.root,
             "the proof does not lead from entry.bin to the checkpoint's root")
        return index, checkpoint, [label for label, key in witnesses if checkpoint.witnessed(key)]

    def segments(self, report):
        """The rows of each segment, and the digest over all of them."""
        rows, chains = [], []
        while not rows or (self.folder / f"segment-{len(rows):03}.header").exists():
            header = self.file(f"segment-{len(rows):03}.header")
            need(one(fields(header), 2) == report, "a segment of another report")
            data, found, chain = self.file(f"segment-{len(rows):03}.rows"), [], sha256(header)
            while data:
                size = int.from_bytes(data[:4], "little")
                need(len(data) >= 4 + size, "rows that are cut short")
                found.append(data[4:4 + size])
                chain, data = sha256(chain, found[-1]), data[4 + size:]
            rows.append(found)
            chains.append(chain)
        return rows, sha256(*chains, *self.sealed_file())

    def sealed_file(self):
        """The SHA-256 of the sealed file that an addendum brings, if it is here."""
        if not (self.folder / "file.sha256").exists():
            return []
        digest = self.file("file.sha256")
        need(len(digest) == 32 and self.addendum, "file.sha256 does not belong there")
        return [digest]

    def record(self, path, rows):
        match = re.fullmatch(r"record-(\d{3})-(\d{6})-(testimony|identity)\.bin", path.name)
        need(match, f"{path.name} names no row")
        segment, row = int(match[1]), int(match[2])
        need(segment < len(rows) and row < len(rows[segment]), f"{path.name} names no row")
        content = path.read_bytes()
        salt = one(fields(content), 1)
        need(len(salt) == 16 and content[2:18] == salt, f"{path.name} is no record")
        expected = one(fields(rows[segment][row]), 4 if match[3] == "testimony" else 5)
        need(blake2b(salt, content) == expected, f"{path.name} is not what was sealed in its row")
        return path.name, words(content)

    def check(self):
        exact = self.file("entry.bin")
        entry = fields(exact)
        need(one(entry, 2, 0) in (REPORT, ADDENDUM, INCOMPLETE), "entry.bin is not of a report")
        self.addendum = one(entry, 2, 0) == ADDENDUM
        report, day = one(entry, 3), datetime.date(1970, 1, 1) + datetime.timedelta(days=one(entry, 5, 0))
        index, checkpoint, witnesses = self.log(exact)
        need(day <= checkpoint.day, "entry.bin is dated later than its checkpoint")
        rows, digest = self.segments(report)
        need(digest == one(entry, 4), "entry.bin names another digest than that of the segments")
        print(f"holds: report {report.hex()} is entry {index} of {checkpoint.size} in the log of "
              f"{checkpoint.origin}, no later than {checkpoint.day}")
        print(f"its {sum(map(len, rows))} sealed rows are those that were logged")
        for digest in self.sealed_file():
            print(f"it is of a file: the sealed one has the SHA-256 {digest.hex()}")
        print("witnesses: " + (", ".join(witnesses) or "none"))
        for path in sorted(self.folder.glob("record-*")):
            name, said = self.record(path, rows)
            print(f"{name}: " + (" | ".join(said) or "(no words)"))


def words(record):
    """The answers in a record, as `node: text`, made safe to print."""
    said = []
    for entry in every(fields(record), 4):
        for answer in every(fields(entry), 1):
            parts = fields(answer)
            node, text, codes = one(parts, 1), one(parts, 6), every(parts, 5)
            shown = b", ".join(codes) if codes and not text else text
            said.append("".join(c if c.isprintable() else "·" for c in (node + b": " + shown).decode(errors="replace")))
        for media in every(fields(entry), 4):
            digest = one(fields(media), 7)
            if digest:
                said.append(f"a file of {one(fields(media), 4, 0)} bytes, SHA-256 {digest.hex()}")
    return said


def main():
    if len(sys.argv) != 3 or not re.fullmatch("[0-9a-f]{64}", sys.argv[2]):
        print(__doc__.split("\n\n")[1].strip() + "\nROOT has 64 hexadecimal digits", file=sys.stderr)
        return 2
    try:
        Proof(sys.argv[1], bytes.fromhex(sys.argv[2])).check()
    except (Broken, OSError) as why:
        print(f"does not hold: {why}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
