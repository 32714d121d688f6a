#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""analyst/recover/recover.py on every golden vector and on what our C++ sealed: the same bytes, and
the same kind of refusal at the same place.

    check_recover.py PROGRAM [FOLDER...]

PROGRAM prints sealed segments with a reader's key (write_sealed_segment). Without FOLDER: all."""

import datetime
import hashlib
import io
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
golden = pathlib.Path(__file__).parent
sys.path[:0] = [str(golden), str(golden.parent.parent / "analyst" / "recover")]
import recover  # noqa: E402
from segment_format import read_vector  # noqa: E402

SUCCESSES = {"keys": 5, "segment": 7, "roster": 8, "bundle": 3, "log": 8, "media": 4, "quorum": 7, "quorum_files": 7,
             "withdrawal": 3, "replacement": 8, "journal": 6}  # at least


class Vector:
    def __init__(self, fields):
        self.fields = fields

    def texts(self, name):
        return [value for key, value in self.fields if key == name]

    def text(self, name):
        return (self.texts(name) or [None])[0]

    def all(self, name):
        return [bytes.fromhex(value) for value in self.texts(name)]

    def bytes(self, name):
        return (self.all(name) or [None])[0]


def keys(vector):
    file = recover.KeyFile(vector.bytes("file"))
    wrapping = vector.bytes("wrapping_key")
    secret = file.unlock_under(wrapping) if wrapping else file.unlock(vector.bytes("passphrase"))
    assert secret == vector.bytes("secret")


def segment(vector):
    member, place, opened = vector.bytes("member"), "header", []
    own = {(member, vector.text("week")): vector.bytes("epoch_secret"), (member, "reserve"): vector.bytes("reserve_secret")}
    failure = None
    try:
        header = recover.ParsedHeader(vector.bytes("header"))
        reader = recover.SegmentReader(header, {name: secret for name, secret in own.items() if secret})
        for place, row in enumerate(vector.all("row")):
            opened.append(tuple(reader.open_row(row)))
    except recover.Broken as broken:
        failure = broken
    assert opened == list(zip(vector.all("testimony"), vector.all("identity")))
    if failure is not None:
        assert str(place) == vector.text("fails_at"), f"at {place}"
        raise failure
    for records in opened:
        for record in records:
            recover.read_record(record)


def quorum(vector):
    stream = recover.ParsedHeader(vector.bytes("header")).streams[recover.IDENTITY]
    together, shares, place = recover.Quorum(stream), [], None
    own = {(line[:16], vector.text("week")): line[16:] for line in vector.all("holder")}
    try:
        for line in vector.all("holder"):
            place = stream["members"].index(line[:16])
            shares += together.own_shares(vector.text("week"), {(line[:16], vector.text("week")): line[16:]})
        for line in vector.all("share"):
            place = int.from_bytes(line[:4], "little")
            together.check(place, line[4:36], line[36:])
            shares.append((place, line[4:36], line[36:]))
    except recover.Broken:
        assert (vector.text("fails_at"), str(place)) == ("share", vector.text("place")), place
        raise
    try:
        together.combine(shares)
        reader = recover.SegmentReader(recover.ParsedHeader(vector.bytes("header")), own)
    except recover.Broken:
        assert vector.text("fails_at") == "join"
        raise
    opened = [tuple(reader.open_row(row)) for row in vector.all("row")]
    assert opened == list(zip(vector.all("testimony"), vector.all("identity"))) and reader.ended


def quorum_files(vector):
    if vector.text("kind") == "request":
        recover.read_request(vector.bytes("file"))
    else:
        grant, _ = recover.read_grant(vector.bytes("file"))
        assert all(one[2] == 3 for one in recover.open_grant(grant, [vector.bytes("secret")]))


def media(vector):
    said = {name: vector.bytes(name) for name in ("media_id", "key", "header", "sha256")}
    said.update({name: int(vector.text(name)) for name in ("length", "padded_length", "chunks")})
    place, plain, failure = "begin", b"", None
    try:
        reader = recover.MediaReader(said)
        for place, chunk in enumerate(vector.all("chunk")):
            plain += reader.open_chunk(place, chunk)
        place = "finish"
        reader.finish()
    except recover.Broken as broken:
        failure = broken
    if failure is not None:
        assert str(place) == vector.text("fails_at"), f"at {place}"
        raise failure
    assert hashlib.sha256(plain).digest() == said["sha256"] and len(plain) == said["length"]
    assert vector.bytes("plain") in (None, plain)


def roster(vector):
    file = vector.bytes("file")
    if file.startswith(b"-----BEGIN"):
        file = recover.dearmour("ROSTER", file)
    found = recover.Roster(file)
    in_force = vector.bytes("anchor_root") or vector.bytes("root")
    recover.root_after(found, in_force, vector.bytes("anchor_next_root"))
    if vector.text("expect") == "success":
        assert found.digest == vector.bytes("roster_digest")
        assert found.lists_digest == vector.bytes("lists_digest")


def bundle(vector):
    count = 0
    try:
        for _ in recover.frames(io.BytesIO(vector.bytes("file"))):
            count += 1
    except recover.Damage:
        assert str(count) == vector.text("whole"), count
        raise recover.Broken("malformed", "damaged") from None
    assert str(count) == vector.text("whole"), count


def log(vector):
    if vector.text("kind") == "tree":
        tree = recover.TreeHead()
        for entry in vector.all("entry"):
            tree.add(entry)
        assert tree.root() == vector.bytes("root")
    elif vector.text("kind") == "checkpoint":
        try:
            note = vector.bytes("note").decode()
        except UnicodeDecodeError:
            raise recover.Broken("malformed", "not UTF-8") from None
        origin = vector.text("origin") or "resguardo.example/log"
        size, root = recover.read_checkpoint(note, origin, [vector.bytes("log_key")])
        assert (str(size), root) == (vector.text("size"), vector.bytes("root"))
    else:
        return False  # proofs are check_proof.py's
    return True


# Whether a server takes it now, after what it took before: no question of an offline reader.
SERVERS = {"conflict", "replayed", "stale"}


def withdrawal(vector):
    said, key_hash = recover.read_withdrawal_entry(recover.read_log_entry(vector.bytes("entry")))
    assert recover.write_message(recover.SCHEMAS["WithdrawalStatement"], said) == vector.bytes("statement")
    assert key_hash == vector.bytes("key_hash")


def replacement(vector):
    keys, forged = recover.withdrawal_keys([recover.read_log_entry(entry) for entry in vector.all("entry")])
    found = [key.hex() + (f" until {datetime.date(1970, 1, 1) + datetime.timedelta(until)}" if until else "") for key, _, until in keys]
    assert found == vector.texts("key"), found
    if forged:
        raise recover.Broken("forged", "another receipt by a token that is none")


def journal(vector):
    entries = recover.read_journal(vector.all("entry"))
    assert [entry["note"] for entry, _ in entries] == [f"reason {n + 1}" for n in range(len(entries))]


def check(folder, name, vector):
    """Whether it is a success; None if it was not tried."""
    expected = vector.text("expect")
    if folder == "roster" and expected in SERVERS:
        return None
    try:
        if globals()[folder](vector) is False:
            return None
        found = "success"
    except recover.Broken as broken:
        found = broken.kind
    assert found == expected, f"{folder}/{name}: {found}, not {expected}"
    return expected == "success"


def sealed_by_cplusplus(program):
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    vectors = [Vector([*read_vector(part), ("expect", "success")]) for part in output.split("--\n") if part]
    assert len(vectors) == 3
    for vector in vectors:
        segment(vector)
    return vectors


def every_changed_bit_fails(vector):
    """Of one row, bit by bit: this reader must be able to say no."""
    row, failures = vector.all("row")[0], 0
    for bit in range(0, 8 * len(row), 7):
        changed = bytearray(row)
        changed[bit // 8] ^= 1 << bit % 8
        fields = [(name, changed.hex() if value == row.hex() else value) for name, value in vector.fields]
        try:
            segment(Vector(fields))
        except (recover.Broken, AssertionError):
            failures += 1
    assert failures == len(range(0, 8 * len(row), 7))


def main():
    program, folders = sys.argv[1], sys.argv[2:] or list(SUCCESSES)
    sealed = sealed_by_cplusplus(program)
    every_changed_bit_fails(sealed[0])
    for folder in folders:
        tried = []
        for path in sorted((golden / folder).glob("*.txt")):
            tried.append(check(folder, path.stem, Vector(read_vector(path.read_text(encoding="utf-8")))))
        assert tried.count(True) >= SUCCESSES[folder], folder
        print(f"{folder}: {tried.count(True)} open, {tried.count(False)} are refused as they must be")


if __name__ == "__main__":
    main()
