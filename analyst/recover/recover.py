#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens what Resguardo sealed, without Resguardo.

    recover.py BUNDLE... [--root HEX]                               checks the bundle
    recover.py BUNDLE... [--root HEX] --keys DIR --out FOLDER       and opens it
        [--keys DIR ...] [--grant FILE ...]                         with others, for a quorum

A bundle is what a Resguardo server hands over: testimonies, each sealed to the analysts of a
roster. This program reads one with an analyst's keys and writes what people said, word for word.
It was written from docs/format.md, uses none of Resguardo's code, and needs Python 3.9 and PyNaCl
(Debian: python3, python3-nacl). Read it beside that page: its parts are in the same order.

  BUNDLE    one file, or all parts of a split one
  --root    the organisation's root public key, 64 hexadecimal digits: who may vet readers.
            Without it nobody vouches for the rosters in the bundle, and this program says so.
  --keys    an analyst's key directory, or single key files (wrapping.key and what it locks).
            May be given more than once: what a quorum opens needs the keys of several members, or one
            member's and the grants of others. Asks for the passphrase of each folder.
  --grant   what another member gave to the member of --keys (`resguardo-analyst quorum grant`).
            May be given more than once. Whose it is, is checked with --root only.
  --passphrase-file  the passphrase is the first line of this file; once for each --keys, or one for all
  --out     a folder that does not exist yet. It appears whole or not at all:
              findings.json     what was checked, and everything that does not fit
              reports/ID.jsonl  one line for each record, with its words exactly
              reports/ID.txt    the same to read; what could act on a terminal is spelled <U+....>
              reports/ID.stands what stands of it: one line for each answer and correction, in the
                                order to read them in, with the record and the entry of it
              forms/DIGEST      the questionnaires, as they came
              media/REPORT-ID.x photos, voice notes and other files, each only if it is whole and what was
                                sent; names are made here, x is one of a short list or `bin`
  --damaged  take what comes before the place where the bundle is damaged

Exit status: 0 everything fits; 1 something does not, or nothing could be opened; 2 the command
line is wrong. Nothing in a bundle is trusted: anyone can seal to a public key. What is written
here is what somebody sent, and no proof that it is true."""

import argparse
import base64
import binascii
import datetime
import getpass
import hashlib
import json
import math
import os
import pathlib
import re
import shutil
import struct
import sys

try:
    from nacl import bindings as sodium
    from nacl import exceptions
except ImportError:
    sys.exit("recover.py: needs PyNaCl; on Debian: apt install python3-nacl, and run it with /usr/bin/python3")


class Broken(Exception):
    """Something does not fit. `kind` is malformed (no writer makes this), unauthentic (a key, tag,
    signature or digest does not fit), refused (known, not allowed) or not_found."""

    def __init__(self, kind, why):
        super().__init__(why)
        self.kind, self.why = kind, why


def need(holds, why, kind="malformed"):
    if not holds:
        raise Broken(kind, why)


# =================================================================== Conventions, labels


def H(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def derive(key, label, *fields):
    text = label.encode() + b"\0" + b"".join(struct.pack("<I", len(f)) + f for f in fields)
    return hashlib.blake2b(text, key=key, digest_size=32).digest()


def signature_fits(public_key, label, message, signature):
    """Ed25519 over label, a zero, the message. Without a label: over the message alone."""
    text = (label.encode() + b"\0" if label else b"") + message
    try:
        sodium.crypto_sign_open(signature + text, public_key)
        return len(signature) == 64
    except (exceptions.CryptoError, ValueError):
        return False


def sound_ed25519(key):
    return len(key) == 32 and bool(sodium.crypto_core_ed25519_is_valid_point(key))


def sound_x25519(key):
    if len(key) != 32 or int.from_bytes(key, "little") >= 2**255 - 19:
        return False
    try:  # a key of low order gives zero, which libsodium reports
        sodium.crypto_scalarmult(b"\1" + bytes(31), key)
        return True
    except exceptions.CryptoError:
        return False


# Characters that never show, end a line, or turn the direction of writing.
UNSEEN = [(0, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x200B, 0x200B), (0x200E, 0x200F),
          (0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF)]  # fmt: skip


def is_unseen(character):
    return any(low <= ord(character) <= high for low, high in UNSEEN)


def is_plain_name(text):
    return 0 < len(text.encode()) <= 100 and text == text.strip(" ") and not any(map(is_unseen, text))


def is_note_name(text):
    """Of a log or a key in a signed note."""
    return is_plain_name(text) and not set(" +") & set(text)


def is_week(text):
    try:
        # The calendar repeats after 400 years; Python's has no year 0.
        datetime.date.fromisocalendar(2000 + int(text[:4]) % 400, int(text[6:]), 1)
        return re.fullmatch(r"[0-9]{4}-W[0-9]{2}", text) is not None
    except ValueError:
        return False


# ------------------------------------------------------------------- canonical protobuf
#
# A schema is {field number: (name, type, how often)}. Type: a word below, a number n (an enum whose
# values are 0 … n) or another schema (a message). How often: "" at most once, "many", "packed"
# (many numbers in one field), "arm" (one of a oneof: at most one arm, and written even if zero).

NUMBERS = {"uint32": 1 << 32, "uint64": 1 << 64, "int64": 1 << 64, "bool": 2}
MOST_PARTS = 1 << 18  # messages and list elements in one message: more than any record can hold


def read_varint(data, at):
    value = shift = 0
    while True:
        need(at < len(data) and shift < 70, "a number that does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            need(value < 1 << 64, "a number of more than 64 bits")
            return value, at


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def raw_fields(data):
    """(field number, wire type, value) of a message's own level; value is a number or bytes."""
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        wire, field = tag & 7, tag >> 3
        need(field > 0, "a field number 0")
        if wire == 0:
            value, at = read_varint(data, at)
        elif wire in (1, 2, 5):
            size, at = (8, at) if wire == 1 else (4, at) if wire == 5 else read_varint(data, at)
            need(size <= len(data) - at, "a field longer than its message")
            value, at = data[at : at + size], at + size
        else:
            raise Broken("malformed", "a wire type that is not used")
        yield field, wire, value


def number_in(kind, value):
    bound = kind + 1 if isinstance(kind, int) else NUMBERS[kind]
    need(value < bound, "a number or a value that this version does not know")
    return value - (1 << 64) if kind == "int64" and value >> 63 else value


def read_value(kind, wire, value, budget):
    if isinstance(kind, dict):
        need(wire == 2, "another wire type")
        return read_message(kind, value, budget)
    if kind in ("bytes", "text"):
        need(wire == 2, "another wire type")
        try:
            return bytes(value) if kind == "bytes" else str(value, "utf-8", "strict")
        except UnicodeDecodeError:
            raise Broken("malformed", "a text that is not UTF-8") from None
    if kind == "double":
        need(wire == 1, "another wire type")
        return struct.unpack("<d", value)[0]
    need(wire == 0, "another wire type")
    return number_in(kind, value)


def read_packed(kind, data):
    at, values = 0, []
    while at < len(data):
        value, at = read_varint(data, at)
        values.append(number_in(kind, value))
    return values


def empty_value(kind, often):
    if often in ("many", "packed"):
        return []
    if often == "arm" or isinstance(kind, dict):
        return None
    return {"bytes": b"", "text": "", "bool": 0, "double": 0.0}.get(kind, 0)


def read_message(schema, data, budget):
    message = {name: empty_value(kind, often) for name, kind, often in schema.values()}
    arms = 0
    for field, wire, value in raw_fields(data):
        need(field in schema, "a field that this version does not know")
        budget[0] -= 1
        need(budget[0] > 0, "a message of too many parts")
        name, kind, often = schema[field]
        if often == "packed":
            need(wire == 2, "another wire type")
            budget[0] -= len(value)
            need(budget[0] > 0, "a message of too many parts")
            message[name] = read_packed(kind, value)
        elif often == "many":
            message[name].append(read_value(kind, wire, value, budget))
        else:
            arms += often == "arm"
            message[name] = read_value(kind, wire, value, budget)
    need(arms <= 1, "a message that says two things where it may say one")
    return message


def write_value(field, kind, value):
    if isinstance(kind, dict):
        value = write_message(kind, value)
    if kind == "double":
        return varint(field << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return varint(field << 3 | 2) + varint(len(value)) + value
    return varint(field << 3) + varint(value & (1 << 64) - 1)


def write_message(schema, message):
    """The canonical form: ascending fields, nothing that is its default, shortest numbers."""
    out = []
    for field in sorted(schema):
        name, kind, often = schema[field]
        value = message[name]
        if often == "many":
            out += [write_value(field, kind, one) for one in value]
        elif often == "packed":
            if value:
                out.append(write_value(field, "bytes", b"".join(map(varint, value))))
        elif often == "arm" or isinstance(kind, dict):
            if value is not None:
                out.append(write_value(field, kind, value))
        elif kind == "double":
            if struct.pack("<d", value) != bytes(8):
                out.append(write_value(field, kind, value))
        elif value:
            out.append(write_value(field, kind, value))
    return b"".join(out)


def strict(schema, data):
    """A message, only if `data` is its canonical form: one encoding for each meaning. The schemas
    below are not recursive, so neither is what is read."""
    message = read_message(schema, data, [MOST_PARTS])
    need(write_message(schema, message) == data, "not the canonical form of its content")
    return message


def fields(text):
    """A schema from lines "number name type [how often]"; {} around a type are filled in below."""
    schema = {}
    for line in text.strip().splitlines():
        number, name, kind, *often = line.split()
        kind = int(kind[5:]) if kind.startswith("enum:") else SCHEMAS.get(kind, kind)
        schema[int(number)] = (name, kind, often[0] if often else "")
    return schema


SCHEMAS = {}
for _name, _text in {
    # ---- a segment (proto/envelope.proto)
    "QuorumGroup": "1 organisation bytes\n2 m uint32\n3 n uint32",
    "Policy": "1 kind enum:2\n2 groups QuorumGroup many",
    "SetMember": "1 member_id bytes\n2 x25519 bytes\n3 reserve bool\n4 group uint32",
    "EnvelopeSet": """1 format uint32\n2 set_id bytes\n3 kem enum:1\n4 week text\n5 roster_digest bytes
        6 lists_digest bytes\n7 compartment enum:1\n8 policy Policy\n9 members SetMember many""",
    "SegmentContext": """1 format uint32\n2 report_id bytes\n3 segment_index uint32\n4 set_id bytes
        5 set_digest bytes\n6 questionnaire_digest bytes\n7 compartment enum:1""",
    "StreamHeader": """1 context bytes\n2 envelope_set bytes\n3 envelopes bytes many
        4 key_commitment bytes\n5 stream_header bytes\n6 commitments_digest bytes""",
    "SegmentHeader": """1 format uint32\n2 report_id bytes\n3 segment_index uint32
        4 testimony StreamHeader\n5 identity StreamHeader""",
    "SealedRow": """1 sequence uint64\n2 testimony bytes\n3 identity bytes
        4 testimony_digest bytes\n5 identity_digest bytes""",
    # ---- a record (proto/record.proto)
    "Date": "1 edtf text\n2 precision text",
    "Place": "1 code text\n2 precision text",
    "Money": "1 minor_units int64\n2 currency text",
    "Point": "1 latitude double\n2 longitude double\n3 source text",
    "Answer": """1 node text\n2 instance uint32 packed\n3 language text\n4 skipped bool
        5 codes text many\n6 text text\n7 number int64 arm\n8 date Date arm\n9 place Place arm
        10 money Money arm\n11 point Point arm\n12 part uint32\n13 text_version text\n14 raw text
        15 remark bool""",
    "Correction": "1 of_message bytes\n2 answer Answer",
    "Retraction": "1 of_message bytes\n2 node text\n3 instance uint32 packed",
    "Media": """1 media_id bytes\n2 key bytes\n3 header bytes\n4 length uint64\n5 padded_length uint64
        6 chunks uint32\n7 sha256 bytes\n8 mime text\n9 node text\n10 instance uint32 packed
        11 caption text\n12 file_name text\n13 forwarded bool\n14 lost bool\n15 voice bool""",
    "Event": "1 kind enum:10\n2 detail text",
    "Padding": "",
    "Pause": "",
    "Final": """1 rows uint64\n2 segments uint32\n3 testimony_digest bytes\n4 identity_digest bytes
        5 mailbox_public_key bytes\n6 form_id text\n7 form_version text\n8 channel text
        9 language text\n10 consent text many\n11 role text\n12 first_segment uint32""",
    "Entry": """1 answer Answer arm\n2 correction Correction arm\n3 retraction Retraction arm
        4 media Media arm\n5 event Event arm\n6 padding Padding arm\n7 pause Pause arm
        8 final Final arm""",
    "Record": "1 salt bytes\n2 time_ms int64\n3 message_id bytes\n4 entries Entry many",
    # ---- keys (proto/key_file.proto)
    "KeyFile": "1 header bytes\n2 locked bytes",
    "KeyFileHeader": """1 format uint32\n2 kind enum:7\n3 label text\n4 public_key bytes
        5 member_id bytes\n6 week text\n7 salt bytes\n8 opslimit uint32\n9 memlimit uint64
        10 nonce bytes\n11 wrapping_id bytes""",
    # ---- who is vetted (proto/roster.proto)
    "Signature": "1 public_key bytes\n2 signature bytes",
    "SignedMessage": "1 message bytes\n2 signatures Signature many",
    "Organisation": "1 id bytes\n2 label text",
    "Member": """1 id bytes\n2 label text\n3 organisation bytes\n4 ed25519 bytes\n5 role enum:3
        6 state enum:3""",
    "RosterGroup": "1 organisation bytes\n2 m uint32\n3 members bytes many",
    "Compartment": "1 compartment enum:1\n2 kind enum:2\n3 groups RosterGroup many",
    "Roster": """1 format uint32\n2 number uint64\n3 previous_digest bytes\n4 issued_day int64
        5 expires_day int64\n6 organisations Organisation many\n7 compartments Compartment many
        8 members Member many\n9 log_keys bytes many\n10 log_origin text\n11 next_root bytes""",
    "EpochKey": "1 week text\n2 x25519 bytes",
    "EpochList": """1 format uint32\n2 member_id bytes\n3 number uint64\n4 previous_digest bytes
        5 keys EpochKey many\n6 reserve bytes""",
    "RosterFile": "1 format uint32\n2 roster SignedMessage\n3 epoch_lists SignedMessage many",
    # ---- what members carry to one another (proto/quorum.proto)
    "QuorumItem": "1 segment bytes\n2 compartment enum:1",
    "QuorumRequest": """1 format uint32\n2 request_id bytes\n3 member_id bytes\n4 day int64\n5 report_id bytes
        6 items QuorumItem many\n7 reason text\n8 roster_digest bytes\n9 log_origin text\n10 checkpoint text
        11 week text\n12 x25519 bytes""",
    "QuorumGrant": """1 format uint32\n2 member_id bytes\n3 day int64\n4 request_digest bytes
        5 roster_digest bytes\n6 sealed bytes""",
    "GrantedShare": "1 item QuorumItem\n2 place uint32\n3 share bytes\n4 commitments bytes",
    "GrantedShares": "1 format uint32\n2 request_digest bytes\n3 member_id bytes\n4 shares GrantedShare many",
    "JournalEntry": """1 format uint32\n2 number uint64\n3 previous_digest bytes\n4 member_id bytes
        5 time_ms int64\n6 kind enum:28\n7 report_id bytes\n8 subject bytes\n9 members bytes many\n10 note text
        11 report_ids bytes many\n12 reports uint64\n13 reports_digest bytes""",
    # ---- what travels (proto/bundle.proto, proto/log.proto)
    "Header": """1 format uint32\n2 log_origin text\n3 day int64\n4 part uint32\n5 bundle_id bytes
        6 since_checkpoint bytes\n7 since_tree bytes""",
    "BundleRoster": "1 file RosterFile",
    "Questionnaire": "1 form bytes\n2 digest bytes",
    "Segment": "1 header bytes\n2 rows uint64\n3 day int64\n4 closed bool",
    "Row": "1 row bytes",
    "MediaChunk": "1 media_id bytes\n2 index uint32\n3 ciphertext bytes",
    "Log": "1 index uint64\n2 entry bytes\n3 pending bool",
    "Checkpoint": "1 note text",
    "End": """1 rosters uint64\n2 questionnaires uint64\n3 reports uint64\n4 segments uint64
        5 rows uint64\n6 log_entries uint64\n7 media_chunks uint64\n8 last_part bool""",
    "Frame": """1 header Header arm\n2 roster BundleRoster arm\n3 questionnaire Questionnaire arm
        4 segment Segment arm\n5 row Row arm\n6 media_chunk MediaChunk arm\n7 log_entry Log arm
        8 checkpoint Checkpoint arm\n9 end End arm""",
    "LogEntry": """1 salt bytes\n2 kind enum:11\n3 id bytes\n4 digest bytes\n5 day int64
        6 withdrawal_key_hash bytes\n7 statement bytes\n8 statement_key bytes
        9 statement_signature bytes\n10 week text\n11 replacement_hash bytes
        12 replacement_token bytes""",
    # ---- who comes back (proto/reply.proto, proto/withdrawal.proto)
    "ReplyText": "1 text text\n2 language text\n3 organisation text",
    "Reply": """1 format uint32\n2 reply_id bytes\n3 report_id bytes\n4 mailbox_public_key bytes
        5 sealed bytes\n6 day int64\n7 member_id bytes\n8 roster_digest bytes\n9 log_origin text""",
    "ReplyBundle": "1 format uint32\n2 replies SignedMessage many",
    "WithdrawalStatement": "1 format uint32\n2 report_id bytes\n3 purposes text many\n4 day int64",
}.items():
    SCHEMAS[_name] = fields(_text)


# =================================================================== Segment

TESTIMONY, IDENTITY = 0, 1
STREAMS = ("testimony", "identity")
MOST_MEMBERS = 256
MOST_TOGETHER = 32  # people that a quorum asks for
QUORUM = 2


class ParsedHeader:
    """A segment's header whose parts agree with one another. Nothing of it is authentic before a
    row opens."""

    def __init__(self, exact):
        need(len(exact) <= 2 * (MOST_MEMBERS * (256 + 32 * MOST_TOGETHER) + 2048), "a segment header that is too long")
        header = strict(SCHEMAS["SegmentHeader"], exact)
        need(header["format"] == 1, "a segment of an unknown format")
        self.digest, self.exact = H(exact), exact
        self.report, self.index = header["report_id"], header["segment_index"]
        need(len(self.report) == 16, "a report id of another length")
        self.streams = [self._stream(header, which) for which in (TESTIMONY, IDENTITY)]
        one, other = self.streams
        for part, name in (("context", "questionnaire_digest"), ("set", "roster_digest"), ("set", "lists_digest"), ("set", "week")):
            need(one[part][name] == other[part][name], "the two streams of a segment do not agree")
        need(one["set"]["set_id"] != other["set"]["set_id"], "one envelope set for both streams")
        self.week, self.form = one["set"]["week"], one["context"]["questionnaire_digest"]
        self.roster, self.lists = one["set"]["roster_digest"], one["set"]["lists_digest"]
        need(is_week(self.week), "no ISO week")
        need({len(self.form), len(self.roster), len(self.lists)} == {32}, "a digest of another length")

    def _stream(self, header, which):
        wire = header[STREAMS[which]]
        need(wire is not None, "a stream is missing")
        chosen = strict(SCHEMAS["EnvelopeSet"], wire["envelope_set"])
        context = strict(SCHEMAS["SegmentContext"], wire["context"])
        set_digest = H(wire["envelope_set"])
        need(chosen["format"] == 1 and context["format"] == 1, "an unknown format")
        need(chosen["kem"] == 1, "an unknown kind of envelope")
        need(chosen["compartment"] == which == context["compartment"], "the other compartment's")
        policy = chosen["policy"]
        need(policy is not None and policy["kind"] != 0, "a set without a policy")
        groups = policy["groups"]
        need(policy["kind"] == QUORUM or not groups, "groups without a quorum")
        members = [member["member_id"] for member in chosen["members"]]
        need(0 < len(members) <= MOST_MEMBERS, "too few or too many members")
        need(len(set(members)) == len(members), "one member twice in a set")
        for member in chosen["members"]:
            need(len(member["member_id"]) == 16, "a member of another form")
            need(sound_x25519(member["x25519"]), "a member's key that is not sound")
        need(context["report_id"] == header["report_id"], "the context of another report")
        need(context["segment_index"] == header["segment_index"], "the context of another segment")
        need(len(context["set_id"]) == 16 and context["set_id"] == chosen["set_id"], "another set's context")
        need(context["set_digest"] == set_digest, "the context of another set")
        need(len(wire["envelopes"]) == len(members), "not one envelope for each member")
        seats = [at for at, group in enumerate(groups) for _ in range(min(group["n"], 33))]
        need([member["group"] for member in chosen["members"]] == (seats or [0] * len(members)), "members of other groups")
        together = sum(group["m"] for group in groups)
        if policy["kind"] == QUORUM:
            houses = [group["organisation"] for group in groups]
            need(all(len(house) == 16 for house in houses) and len(set(houses)) == len(houses), "one organisation in two groups")
            need(all(1 <= group["m"] <= group["n"] <= 32 for group in groups), "a group that cannot be met, or of more than 32")
            need(2 <= together <= MOST_TOGETHER, "a quorum of one, or of more than 32 people together")
        need(all(len(one) == 116 + 32 * together for one in wire["envelopes"]), "an envelope of another length")
        need(len(wire["key_commitment"]) == 32, "a key commitment of another length")
        need(len(wire["stream_header"]) == 24, "a stream header of another length")
        need(len(wire["commitments_digest"]) == (32 if groups else 0), "commitments without a quorum, or a quorum without")
        return {"wire": wire, "set": chosen, "context": context, "set_digest": set_digest, "members": members, "groups": groups}


def open_envelopes(stream, week, keys):
    """(place, what the envelope holds) for each of the keys. `keys`: {(member id, week or
    "reserve"): X25519 secret}."""
    for place, member in enumerate(stream["set"]["members"]):
        secret = keys.get((member["member_id"], "reserve" if member["reserve"] else week))
        if secret is None or sodium.crypto_scalarmult_base(secret) != member["x25519"]:
            continue
        try:
            plain = sodium.crypto_box_seal_open(stream["wire"]["envelopes"][place], member["x25519"], secret)
        except exceptions.CryptoError:
            raise Broken("unauthentic", "the envelope does not open with the key it names") from None
        # A share says of which segment it is: its holder gives it to others.
        bound_to = H(stream["wire"]["context"]) if stream["groups"] else stream["set_digest"]
        expected = bound_to + struct.pack("<I", place)
        need(plain[32:68] == expected, "the envelope of another set, segment or place", "unauthentic")
        yield place, plain


def begin_pull(stream, secret):
    """The secretstream, ready to pull, from E."""
    key = derive(secret, "resguardo/segment/v1", H(stream["wire"]["context"]))
    commitment = derive(key, "resguardo/commit/v1")
    need(commitment == stream["wire"]["key_commitment"], "the key is not the one committed to", "unauthentic")
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, stream["wire"]["stream_header"], key)
    return state


# ------------------------------------------------------------------- a quorum: ristretto255 in integers

FIELD = 2**255 - 19
SCALARS = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, FIELD) % FIELD
ROOT_OF_MINUS_1 = pow(2, (FIELD - 1) // 4, FIELD)
IDENTITY_POINT = (0, 1, 1, 0)


def field_sqrt_ratio(u, v):
    """RFC 9496, 4.2: (u/v is a square, the root of it or of i·u/v that is not negative)."""
    root = u * pow(v, 3, FIELD) * pow(u * pow(v, 7, FIELD), (FIELD - 5) // 8, FIELD) % FIELD
    check = v * root * root % FIELD
    if check in (-u % FIELD, -u * ROOT_OF_MINUS_1 % FIELD):
        root = root * ROOT_OF_MINUS_1 % FIELD
    return check in (u % FIELD, -u % FIELD), FIELD - root if root & 1 else root


def decode_point(text):
    """RFC 9496, 4.3.1; None: no encoding of a point."""
    s = int.from_bytes(text, "little")
    if len(text) != 32 or s >= FIELD or s & 1:
        return None
    u1, u2 = (1 - s * s) % FIELD, (1 + s * s) % FIELD
    v = (-CURVE_D * u1 * u1 - u2 * u2) % FIELD
    square, inverse = field_sqrt_ratio(1, v * u2 * u2 % FIELD)
    den_x = inverse * u2 % FIELD
    x = 2 * s * den_x % FIELD
    x = FIELD - x if x & 1 else x
    y = u1 * inverse * den_x * v % FIELD
    t = x * y % FIELD
    return None if not square or t & 1 or y == 0 else (x, y, 1, t)


def add_points(a, b):
    """Extended coordinates of edwards25519 (RFC 8032, 5.1.4)."""
    first, second = (a[1] - a[0]) * (b[1] - b[0]) % FIELD, (a[1] + a[0]) * (b[1] + b[0]) % FIELD
    third, fourth = 2 * a[3] * b[3] * CURVE_D % FIELD, 2 * a[2] * b[2] % FIELD
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def times_point(n, point):
    result = IDENTITY_POINT
    while n:
        if n & 1:
            result = add_points(result, point)
        point, n = add_points(point, point), n >> 1
    return result


def same_point(a, b):
    """RFC 9496, 4.3.3."""
    return (a[0] * b[1] - a[1] * b[0]) % FIELD == 0 or (a[1] * b[1] - a[0] * b[0]) % FIELD == 0


BASE_POINT = decode_point(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


class Quorum:
    """One stream that m members of each group open together. A share is (place, 32 bytes of value,
    the commitments of all groups)."""

    def __init__(self, stream):
        self.stream, self.groups = stream, stream["groups"]
        self.seats = [(at, i) for at, group in enumerate(self.groups) for i in range(1, group["n"] + 1)]

    def own_shares(self, week, keys):
        """Those of the envelopes that the keys open, checked."""
        found = [(place, plain[:32], plain[68:]) for place, plain in open_envelopes(self.stream, week, keys)]
        for share in found:
            self.check(*share)
        return found

    def _points(self, at, commitments):
        first = sum(group["m"] for group in self.groups[:at])
        return [commitments[32 * i : 32 * i + 32] for i in range(first, first + self.groups[at]["m"])]

    def check(self, place, value, commitments):
        need(0 <= place < len(self.seats), "a share of nobody in this quorum")
        expected = self.stream["wire"]["commitments_digest"]
        need(H(commitments) == expected, "a share with other commitments than its segment has", "unauthentic")
        at, index = self.seats[place]
        scalar = int.from_bytes(value, "little")
        need(len(value) == 32 and 0 < scalar < SCALARS, "not a share's value")
        points = [decode_point(one) for one in self._points(at, commitments)]
        need(all(one is not None and not same_point(one, IDENTITY_POINT) for one in points), "commitments that are no points")
        due = IDENTITY_POINT
        for point in reversed(points):
            due = add_points(times_point(index, due), point)
        need(same_point(times_point(scalar, BASE_POINT), due), "the share is not the one that was made: mistyped or forged", "unauthentic")

    def missing(self, shares):
        """How many more people it takes, of each group."""
        have = [self.seats[place][0] for place in {share[0] for share in shares}]
        return [max(0, group["m"] - have.count(at)) for at, group in enumerate(self.groups)]

    def combine(self, shares):
        """E, from checked shares."""
        need(len({share[0] for share in shares}) == len(shares), "the same share was given twice")
        need(not any(self.missing(shares)), "fewer shares than the quorum asks for", "refused")
        total = 0
        for at, group in enumerate(self.groups):
            used = [(self.seats[place][1], int.from_bytes(value, "little")) for place, value, _ in shares if self.seats[place][0] == at][: group["m"]]
            secret = 0
            for index, value in used:
                for other, _ in used:
                    if other != index:
                        value = value * other * pow(other - index, -1, SCALARS) % SCALARS
                secret = (secret + value) % SCALARS
            point = decode_point(self._points(at, shares[0][2])[0])
            need(same_point(times_point(secret, BASE_POINT), point), "the shares do not make one secret")
            total += secret
        return derive((total % SCALARS).to_bytes(32, "little"), "resguardo/quorum-secret/v1")


class SegmentReader:
    """Opens a segment row by row, in order. `brought`: for each stream, shares of others."""

    def __init__(self, header, keys, brought=((), ())):
        self.header, self.sequence, self.ended, self.broken = header, 0, False, False
        self.states, self.missing = [None, None], [None, None]  # None: nothing, or nothing to do with these keys
        for which, stream in enumerate(header.streams):
            if stream["groups"]:
                self._begin_quorum(which, stream, keys, brought[which])
            else:
                opened = list(open_envelopes(stream, header.week, keys))
                if opened:
                    self.states[which] = begin_pull(stream, opened[0][1][:32])
        need(any(self.states) or any(self.missing), "none of these keys is a recipient of this segment", "not_found")

    def _begin_quorum(self, which, stream, keys, brought):
        quorum = Quorum(stream)
        shares = {share[0]: share for share in [*brought, *quorum.own_shares(self.header.week, keys)]}
        if not shares:
            return
        if any(quorum.missing(list(shares.values()))):
            self.missing[which] = quorum.missing(list(shares.values()))
        else:
            self.states[which] = begin_pull(stream, quorum.combine(list(shares.values())))

    def open_row(self, exact):
        """[testimony, identity]: exact bytes of each record, None where there is no key."""
        need(not self.broken, "an earlier row did not open: nor can this one", "unauthentic")
        need(not self.ended, "a row after the segment's end", "unauthentic")
        self.broken = True
        opened = self._open(exact)
        self.broken = False
        self.sequence += 1
        return opened

    def _open(self, exact):
        row = strict(SCHEMAS["SealedRow"], exact)
        sizes = {len(row["testimony"]), len(row["identity"])}
        need(len(sizes) == 1, "the two ciphertexts differ in size")
        size = sizes.pop() - 17
        need(0 < size <= MOST_CLASS and size_class(size - 1) == size, "not a row's size")
        need(len(row["testimony_digest"]) == len(row["identity_digest"]) == 32, "a digest of another length")
        need(row["sequence"] == self.sequence, "not the row that comes next", "unauthentic")
        opened, tags = [None, None], set()
        for which, state in enumerate(self.states):
            if state is None:
                continue
            bound = self.header.digest + bytes([which]) + struct.pack("<Q", self.sequence)
            try:
                padded, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, row[STREAMS[which]], bound)
            except (exceptions.CryptoError, ValueError):
                raise Broken("unauthentic", "does not open: another key, another place, or changed") from None
            need(tag in (TAG_REKEY, TAG_FINAL), "a tag that no writer sets")
            record = unpad(padded)
            need(record_digest(record) == row[STREAMS[which] + "_digest"], "the record is not its digest's", "unauthentic")
            opened[which] = record
            tags.add(tag)
        need(len(tags) <= 1, "one stream ends and the other does not")
        if None not in opened:
            need(size == size_class(max(map(len, opened))), "padded more than it needs")
        self.ended = tags == {TAG_FINAL}
        return opened


# =================================================================== Grants of a quorum's shares


def read_signed(kind, label, text):
    """(exact message, who signed it)"""
    return read_signed_bytes(label, dearmour(kind, text))


def read_signed_bytes(label, content):
    signed = strict(SCHEMAS["SignedMessage"], content)
    need(len(signed["signatures"]) == 1, "one signature")
    signature = signed["signatures"][0]
    need(sound_ed25519(signature["public_key"]), "a key that is not sound")
    fits = signature_fits(signature["public_key"], label, signed["message"], signature["signature"])
    need(fits, "the signature does not fit", "unauthentic")
    return signed["message"], signature["public_key"]


def check_journal_reports(entry):
    """Which reports, where they are not one: their number and digest, and each of at most 32."""
    ids, count, digest = entry["report_ids"], entry["reports"], entry["reports_digest"]
    if not digest:
        return need(not ids and not count, "reports without their digest")
    need(len(digest) == 32 and not entry["report_id"], "about one report and about several")
    need(all(len(one) == 16 for one in ids) and ids == sorted(set(ids)), "reports in another order")
    if count > 32:
        return need(not ids, "too many reports are named")
    need(len(ids) == count and H(b"".join(ids)) == digest, "its reports are not those of its digest")


def check_journal_signer(entry, signer, certified):
    """A key that was certified signs for its member, and nothing that takes the member's own."""
    if signer in certified:
        return need(certified[signer] == entry["member_id"] and entry["kind"] > 8, "a key signed what is not its own")
    if entry["kind"] == 8:
        key = entry["subject"]
        need(sound_ed25519(key) and key != signer and key not in certified, "certifies no other key")
        certified[key] = entry["member_id"]


def read_journal(entries):
    """What one did with a vault, from its rows `signed`: each entry follows the one before."""
    place, before, read, certified = 0, bytes(32), [], {}
    for place, content in enumerate(entries, 1):
        try:
            exact, signer = read_signed_bytes("resguardo/journal/v1", content)
            entry = strict(SCHEMAS["JournalEntry"], exact)
            need(entry["format"] == 1 and entry["kind"] != 0 and len(entry["member_id"]) == 16, "not an entry")
            need(entry["number"] == place and entry["previous_digest"] == before, "does not follow")
            check_journal_reports(entry)
            check_journal_signer(entry, signer, certified)
        except Broken as broken:
            raise Broken("unauthentic", f"the journal was changed at {place}: {broken}") from None
        before = H(exact)
        read.append((entry, signer))
    return read


def read_request(text):
    exact, signer = read_signed("QUORUM REQUEST", "resguardo/quorum-request/v1", text)
    request = strict(SCHEMAS["QuorumRequest"], exact)
    items = [(item["segment"], item["compartment"]) for item in request["items"]]
    need(request["format"] == 1 and 0 <= request["day"] <= 100000, "not a request of this version")
    need(len(request["request_id"]) == len(request["member_id"]) == len(request["report_id"]) == 16, "ids")
    need(len(request["roster_digest"]) == 32 and sound_x25519(request["x25519"]), "a digest or key of another form")
    need(not request["week"] or is_week(request["week"]), "no week")
    need(0 < len(items) <= 1024 and items == sorted(set(items)) and all(len(one) == 32 for one, _ in items), "items")
    need(0 < len(request["reason"].encode()) <= 1000, "no reason, or a long one")
    need(len(request["checkpoint"].encode()) <= 65536, "a checkpoint that is too long")
    need(bool(request["checkpoint"]) == bool(request["log_origin"]), "a checkpoint without a log")
    return request, signer, H(exact)


def read_grant(text):
    exact, signer = read_signed("QUORUM GRANT", "resguardo/quorum-grant/v1", text)
    grant = strict(SCHEMAS["QuorumGrant"], exact)
    need(grant["format"] == 1 and 0 <= grant["day"] <= 100000, "not a grant of this version")
    need(len(grant["member_id"]) == 16 and len(grant["request_digest"]) == len(grant["roster_digest"]) == 32, "ids")
    need(len(grant["sealed"]) > 48, "nothing is sealed in it")
    return grant, signer


def open_grant(grant, secrets):
    """[(segment, compartment, place, value, commitments)] with the first of these X25519 keys that opens it."""
    plain = None
    for secret in secrets:
        try:
            plain = sodium.crypto_box_seal_open(grant["sealed"], sodium.crypto_scalarmult_base(secret), secret)
            break
        except exceptions.CryptoError:
            continue
    need(plain is not None, "sealed to another key, or changed", "unauthentic")
    inside = strict(SCHEMAS["GrantedShares"], plain)
    need(inside["format"] == 1 and 0 < len(inside["shares"]) <= 1024, "not shares of this version")
    same = inside["request_digest"] == grant["request_digest"] and inside["member_id"] == grant["member_id"]
    need(same, "the shares are of another grant than what holds them", "unauthentic")
    found = []
    for one in inside["shares"]:
        need(one["item"] is not None and len(one["item"]["segment"]) == 32, "a share of no segment")
        need(len(one["share"]) == 32 and 0 < len(one["commitments"]) <= 32 * MOST_TOGETHER, "not a share")
        need(len(one["commitments"]) % 32 == 0, "not a share")
        found.append((one["item"]["segment"], one["item"]["compartment"], one["place"], one["share"], one["commitments"]))
    items = [one[:2] for one in found]
    need(items == sorted(set(items)), "shares in disorder")
    return found


def read_grants(paths, keys, checked):
    """{(segment, stream): [(member, label, place, value, commitments)]}"""
    result = {}
    for path in paths:
        try:
            with open(path, "rb") as file:
                grant, signer = read_grant(file.read((4 << 20) + 1))
            shares = open_grant(grant, keys.values())
        except Broken as broken:
            raise Broken(broken.kind, f"{path}: {broken.why}") from None
        known = [one for _, roster in checked.rosters for one in roster.content["members"] if one["id"] == grant["member_id"]]
        label = visible(known[-1]["label"]) if known else grant["member_id"].hex()
        signed = any(one["ed25519"] == signer for one in known)
        need(signed, f"{path}: not signed with the key that a roster has for {label}", "unauthentic")
        for segment, which, *share in shares:
            result.setdefault((segment, which), []).append((grant["member_id"], label, *share))
    return result


# =================================================================== Records

TAG_MESSAGE, TAG_REKEY, TAG_FINAL = 0, 2, 3
MOST_CLASS = 256 * 1024
MOST_TIME = 253402300800000  # the year 10000


def size_class(length):
    size = 256
    while size < 4096:
        if length + 1 <= size:
            return size
        size *= 2
    return (length + 1 + 4095) // 4096 * 4096


def unpad(padded):
    record = padded.rstrip(b"\0")
    need(record[-1:] == b"\x80", "padding that is not as drawn")
    return record[:-1]


def record_digest(record):
    need(record[:2] == b"\x0a\x10" and len(record) >= 18, "a record that does not begin with its salt")
    return H(record[2:18], record)


def read_record(exact):
    """What an opened record says. Hostile input: it is checked as the page says."""
    need(len(exact) < MOST_CLASS, "a record that is too long")
    record = strict(SCHEMAS["Record"], exact)
    need(len(record["salt"]) == 16 and len(record["message_id"]) in (0, 16), "a salt or message id of another length")
    need(0 <= record["time_ms"] < MOST_TIME, "a record from no time we count")
    need(0 < len(record["entries"]) <= 512, "too few or too many entries")
    for entry in record["entries"]:
        name, body = arm_of(entry)
        need(name is not None, "an entry that says nothing")
        check = CHECKS.get(name)
        need(check is None or check(body), "an entry that says no sound thing")
    return record


def arm_of(message):
    return next(((name, value) for name, value in message.items() if value is not None), (None, None))


def is_code(text):
    return len(text.encode()) <= 512


def are_codes(texts):
    return len(texts) <= 256 and all(map(is_code, texts))


def sound_answer(answer):
    point, money = answer["point"], answer["money"]
    for part in (answer["date"], answer["place"]):
        if part is not None and not all(map(is_code, part.values())):
            return False
    if money is not None and not is_code(money["currency"]):
        return False
    if point is not None:
        for name, bound in (("latitude", 90), ("longitude", 180)):
            if not math.isfinite(point[name]) or abs(point[name]) > bound:
                return False
        if not is_code(point["source"]):
            return False
    return (answer["node"] != "" and len(answer["instance"]) <= 256 and are_codes(answer["codes"])
            and all(is_code(answer[name]) for name in ("node", "language", "text_version")))  # fmt: skip


def sound_media(media):
    lengths = [len(media[name]) for name in ("key", "header", "sha256")]
    kept = lengths == [32, 24, 32] and media["length"] <= media["padded_length"] and not media["lost"]
    without = lengths == [0, 0, 0] and media["padded_length"] == media["chunks"] == 0
    return (len(media["media_id"]) == 16 and (kept or without) and is_code(media["mime"])
            and is_code(media["node"]) and len(media["instance"]) <= 256)  # fmt: skip


def sound_final(final):
    texts = ("form_id", "form_version", "channel", "language", "role")
    return (len(final["testimony_digest"]) == len(final["identity_digest"]) == 32
            and len(final["mailbox_public_key"]) in (0, 32) and are_codes(final["consent"])
            and all(is_code(final[name]) for name in texts))  # fmt: skip


CHECKS = {
    "answer": sound_answer,
    "correction": lambda c: len(c["of_message"]) in (0, 16) and c["answer"] is not None and sound_answer(c["answer"]),
    "retraction": lambda r: (
        len(r["of_message"]) in (0, 16) and is_code(r["node"]) and len(r["instance"]) <= 256
        and bool(r["of_message"] or r["node"])
    ),
    "media": sound_media,
    "event": lambda e: e["kind"] != 0 and is_code(e["detail"]),
    "final": sound_final,
}


# =================================================================== Sealed files

CHUNK = 64 * 1024
FIRST_ADDENDUM = 0x80000000  # segments from this index on bring one file each
EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/heic": "heic",
    "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac", "audio/amr": "amr",
    "video/mp4": "mp4", "video/3gpp": "3gp", "video/quicktime": "mov", "video/webm": "webm",
    "application/pdf": "pdf", "text/plain": "txt",
}  # fmt: skip


def extension_of(mime):
    return EXTENSIONS.get(mime.split(";")[0].strip(" ").lower(), "bin")


def addendum_of(media):
    """The index of the segment that brings this file."""
    return FIRST_ADDENDUM | int.from_bytes(media[:4], "big") >> 1


def padme(length):
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


class MediaReader:
    """Opens a sealed file chunk by chunk, in order. What it returns before an error is authentic,
    and an unfinished part of the file."""

    def __init__(self, media):
        chunks = max(1, (media["padded_length"] + CHUNK - 1) // CHUNK)
        need(media["padded_length"] == padme(media["length"]), "a file that was not padded as drawn")
        need(media["chunks"] == chunks, "a file's parts contradict one another")
        self.media, self.next, self.left, self.running = media, 0, media["length"], hashlib.sha256()
        self.state = sodium.crypto_secretstream_xchacha20poly1305_state()
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(self.state, media["header"], media["key"])

    def open_chunk(self, number, sealed):
        need(number == self.next < self.media["chunks"], "not the chunk that comes next")
        need(len(sealed) == min(CHUNK, self.media["padded_length"] - number * CHUNK) + 17, "a chunk of another size")
        bound = self.media["media_id"] + struct.pack("<Q", number)
        try:
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(self.state, sealed, bound)
        except (exceptions.CryptoError, ValueError):
            raise Broken("unauthentic", "does not open: another file's, another place, or changed") from None
        self.next += 1
        last = self.next == self.media["chunks"]
        need(tag == (TAG_FINAL if last else TAG_MESSAGE), "a tag that does not belong there", "unauthentic")
        own, filling = plain[: self.left], plain[self.left :]
        need(not filling.strip(b"\0"), "filled up with something")
        self.left -= len(own)
        self.running.update(own)
        return own

    def finish(self):
        need(self.next == self.media["chunks"] and self.left == 0, "chunks of it are missing")
        need(self.running.digest() == self.media["sha256"], "the file is not the one that was sent", "unauthentic")


# =================================================================== Text armour


def armour(kind, content):
    text = base64.b64encode(content).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN RESGUARDO {kind}-----", *lines, f"-----END RESGUARDO {kind}-----", ""])


def dearmour(kind, text):
    """One text for each value: anything that armour() would not write is refused."""
    try:
        lines = text.decode("ascii").split("\n")
        content = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (ValueError, binascii.Error):
        raise Broken("malformed", "not an armoured text") from None
    need(content and armour(kind, content).encode() == text, f"not exactly the text of a {kind}")
    return content


# =================================================================== Keys and key files

MIB = 1 << 20
# kind: (size of the secret, has public key, member id, week, wrapping id, locked by passphrase)
KINDS = {
    1: (64, True, False, False, False, True),  # root
    2: (64, True, True, False, False, True),  # analyst
    3: (32, True, True, True, True, False),  # epoch: one week
    4: (32, True, True, False, True, False),  # reserve
    5: (32, False, True, False, True, True),  # wrapping
    6: (64, True, False, False, False, True),  # researcher
    7: (32, False, False, False, False, True),  # vault
}
EPOCH, RESERVE, WRAPPING = 3, 4, 5


class KeyFile:
    """A key file, parsed and still locked."""

    def __init__(self, text):
        need(len(text) <= 16384, "too long for a key file")
        file = strict(SCHEMAS["KeyFile"], dearmour("LOCKED KEY", text))
        self.header_bytes, self.locked = file["header"], file["locked"]
        self.header = header = strict(SCHEMAS["KeyFileHeader"], self.header_bytes)
        need(header["format"] == 1 and header["kind"] in KINDS, "an unknown key file")
        secret, public, member, week, wrapping, self.by_passphrase = KINDS[header["kind"]]
        self.kind, self.member, self.week = header["kind"], header["member_id"], header["week"]
        need(is_plain_name(header["label"]), "a label that cannot be shown")
        for name, size, there in (
            ("public_key", 32, public),
            ("member_id", 16, member),
            ("wrapping_id", 16, wrapping),
            ("salt", 16, self.by_passphrase),
            ("nonce", 24, True),
        ):
            need(len(header[name]) == (size if there else 0), f"a key file's {name} of another length")
        need(is_week(self.week) if week else self.week == "", "not its week")
        need(len(self.locked) == secret + 16, "a locked part of another length")
        if not self.by_passphrase:
            need(header["opslimit"] == 0 and header["memlimit"] == 0, "a cost without a passphrase")
            return
        need(1 <= header["opslimit"] <= 10 and 64 * MIB <= header["memlimit"] <= 2048 * MIB,
             "asks for more or less work than is allowed", "refused")  # fmt: skip

    def unlock(self, passphrase):
        header = self.header
        try:
            key = sodium.crypto_pwhash_alg(32, passphrase, header["salt"], header["opslimit"],
                                           header["memlimit"], sodium.crypto_pwhash_ALG_ARGON2ID13)  # fmt: skip
        except exceptions.CryptoError:
            raise Broken("refused", "not enough memory for this key file") from None
        return self.unlock_under(key)

    def unlock_under(self, key):
        try:
            return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(self.locked, self.header_bytes, self.header["nonce"], key)
        except exceptions.CryptoError:
            raise Broken("unauthentic", "wrong passphrase, or the key file was changed") from None


def key_paths(path):
    """The files that matter in a key directory; a file stands for itself."""
    path = pathlib.Path(path)
    if not path.is_dir():
        return [path]
    found = [path / "wrapping.key", *sorted(path.glob("epochs/*.key")), path / "reserve.key"]
    return [one for one in found if one.exists()]


def unlock_all(given, passphrases):
    """Of several people, each folder with its own passphrase; single files belong together."""
    folders = [[one] for one in given if pathlib.Path(one).is_dir()]
    single = [one for one in given if not pathlib.Path(one).is_dir()]
    groups, keys = folders + [single] * bool(single), {}
    need(len(passphrases) in (0, 1, len(groups)), "as many --passphrase-file as --keys, or one for all")
    for at, group in enumerate(groups):
        file = passphrases[at if len(passphrases) > 1 else 0] if passphrases else None
        paths = [path for one in group for path in key_paths(one)]
        keys.update(unlock_keys(paths, read_passphrase(file, ", ".join(map(str, group)))))
    return keys


def unlock_keys(paths, passphrase):
    """{(member id, week or "reserve"): X25519 secret}. A week without its file is retired."""
    files, wrapping, keys = [], {}, {}
    for path in paths:
        try:
            with open(path, "rb") as file:
                files.append((path, KeyFile(file.read(16385))))
        except Broken as broken:
            raise Broken(broken.kind, f"{path}: {broken.why}") from None
    for path, file in files:
        if file.kind != WRAPPING:
            continue
        try:
            wrapping[file.header["wrapping_id"]] = file.unlock(passphrase)
        except Broken as broken:
            raise Broken(broken.kind, f"{path}: {broken.why}") from None
    for path, file in files:
        if file.kind not in (EPOCH, RESERVE):
            continue
        key = wrapping.get(file.header["wrapping_id"])
        need(key is not None, f"{path}: the wrapping key that locks it was not given", "not_found")
        try:
            secret = file.unlock_under(key)
        except Broken as broken:
            raise Broken(broken.kind, f"{path}: {broken.why}") from None
        need(sodium.crypto_scalarmult_base(secret) == file.header["public_key"], f"{path}: not the key it names", "unauthentic")
        keys[file.member, file.week or "reserve"] = secret
    need(keys, "no key that opens a week (wrapping.key and epochs/…)", "not_found")
    return keys


# =================================================================== Roster and epoch lists

ANALYST, ACTIVE = 1, 1
ANY = 1
LAST_DAY = 100000


def check_succession(message):
    """Number 1 follows nothing; every later one names what it follows."""
    need(len(message["previous_digest"]) == 32, "a previous digest of another length")
    need(message["number"] > 0, "a number 0")
    need((message["number"] == 1) == (message["previous_digest"] == bytes(32)), "number and previous digest do not agree")


class EpochList:
    def __init__(self, signed, signer):
        need(len(signed["signatures"]) == 1, "an epoch list has one signature")
        signature = signed["signatures"][0]
        need(signature["public_key"] == signer
             and signature_fits(signer, "resguardo/epoch-list/v1", signed["message"], signature["signature"]),
             "an epoch list that its member did not sign", "unauthentic")  # fmt: skip
        message = strict(SCHEMAS["EpochList"], signed["message"])
        need(message["format"] == 1 and len(message["member_id"]) == 16, "not an epoch list")
        check_succession(message)
        weeks = [key["week"] for key in message["keys"]]
        need(1 <= len(weeks) <= 160 and all(map(is_week, weeks)), "weeks that are none")
        need(weeks == sorted(set(weeks)), "weeks that do not ascend")
        keys = [key["x25519"] for key in message["keys"]] + [message["reserve"]] * bool(message["reserve"])
        need(all(map(sound_x25519, keys)) and len(set(keys)) == len(keys), "a key unsound or used twice")
        self.member, self.reserve = message["member_id"], message["reserve"]
        self.digest, self.keys = H(signed["message"]), dict(zip(weeks, keys))


class Roster:
    """A roster with its lists that holds in itself. Whether to believe who signed it: root_after()."""

    def __init__(self, exact):
        need(len(exact) <= 4 * MIB, "too long for a roster")
        file = strict(SCHEMAS["RosterFile"], exact)
        need(file["format"] == 1 and file["roster"] is not None, "not a roster file")
        signed = file["roster"]
        self.signers = self._check_signatures(signed)
        self.digest = H(signed["message"])
        self.content = content = strict(SCHEMAS["Roster"], signed["message"])
        self.number, self.previous = content["number"], content["previous_digest"]
        self.next_root = content["next_root"] or None
        self._check_content(content)
        self.lists, lists = {}, list(file["epoch_lists"])
        for member in self.analysts():
            need(lists, "the epoch list of an active analyst is missing")
            one = EpochList(lists.pop(0), member["ed25519"])
            need(one.member == member["id"], "an epoch list of another member", "unauthentic")
            self.lists[member["id"]] = one
        need(not lists, "an epoch list of nobody in the roster")
        self.lists_digest = H(*(one.digest for one in self.lists.values()))

    @staticmethod
    def _check_signatures(signed):
        signers = [one["public_key"] for one in signed["signatures"]]
        need(1 <= len(signers) <= 2, "a roster has one signature, or two")
        need(all(map(sound_ed25519, signers)), "a signer's key that is not sound")
        for one in signed["signatures"]:
            need(signature_fits(one["public_key"], "resguardo/roster/v1", signed["message"], one["signature"]),
                 "a signature on the roster does not fit", "unauthentic")  # fmt: skip
        need(len(set(signers)) == len(signers), "one root signed twice")
        return signers

    def _check_content(self, content):
        need(content["format"] == 1, "not a roster of this version")
        check_succession(content)
        need(0 <= content["issued_day"] <= content["expires_day"] <= LAST_DAY, "days that are none")
        log_keys, origin = content["log_keys"], content["log_origin"]
        need(len(log_keys) <= 16 and bool(log_keys) == bool(origin), "log keys and origin come together")
        need(not origin or is_note_name(origin), "an origin that cannot be one")
        houses = [one["id"] for one in content["organisations"]]
        need(len(set(houses)) == len(houses), "one organisation twice")
        need(all(len(one["id"]) == 16 and is_plain_name(one["label"]) for one in content["organisations"]), "an organisation without id or label")
        members = content["members"]
        need(len(members) <= 256, "too many members")
        need(len({one["id"] for one in members}) == len(members), "one member twice")
        for one in members:
            need(len(one["id"]) == 16 and is_plain_name(one["label"]), "a member without id or label")
            need(one["organisation"] in houses and one["role"] and one["state"], "a member without organisation, role or state")
        keys = [one["ed25519"] for one in members] + log_keys + [content["next_root"]] * bool(content["next_root"])
        need(all(map(sound_ed25519, keys)), "a key that is not sound")
        need(len(set(keys)) == len(keys) and not set(self.signers) & set(keys), "one key for two")
        need([one["compartment"] for one in content["compartments"]] == [TESTIMONY, IDENTITY], "testimony, then identity")
        for one in content["compartments"]:
            self._check_groups(one)

    def _check_groups(self, compartment):
        active = {one["id"]: one["organisation"] for one in self.analysts()}
        groups = compartment["groups"]
        need(compartment["kind"] and groups, "a compartment that nobody can open")
        houses = [group["organisation"] for group in groups]
        everyone = [member for group in groups for member in group["members"]]
        need(len(set(houses)) == len(houses) and len(set(everyone)) == len(everyone), "somebody in two groups")
        for group in groups:
            need(1 <= len(group["members"]) <= 32, "a group has 1 to 32 members")
            need(1 <= group["m"] <= len(group["members"]), "a group that asks for more than it has")
            need(all(active.get(one) == group["organisation"] for one in group["members"]), "a group of others")
        if compartment["kind"] == ANY:
            need(all(group["m"] == 1 for group in groups), "ANY asks for one of each group")
        else:
            need(2 <= sum(group["m"] for group in groups) <= MOST_TOGETHER, "a quorum of one, or of more than 32 people together")

    def analysts(self):
        """Active analysts, in the roster's order."""
        return [one for one in self.content["members"] if one["role"] == ANALYST and one["state"] == ACTIVE]

    def recipients(self, week):
        """For each stream, who it is sealed for in that week: ([(member id, key, is reserve, group)],
        of a quorum [(organisation, m, n)])."""
        result = []
        for compartment in self.content["compartments"]:
            quorum = compartment["kind"] == QUORUM
            places = [(at if quorum else 0, member) for at, group in enumerate(compartment["groups"]) for member in group["members"]]
            if not quorum:
                order = [member["id"] for member in self.analysts()]
                places.sort(key=lambda place: order.index(place[1]))
            chosen = []
            for group, member in places:
                own = self.lists[member]
                chosen.append((member, own.keys.get(week, own.reserve), week not in own.keys, group))
            groups = [(one["organisation"], one["m"], len(one["members"])) for one in compartment["groups"] if quorum]
            result.append((chosen, groups))
        return result

    def fits(self, header):
        """Whether a segment is sealed for exactly whom this roster and these lists say."""
        found = []
        for stream in header.streams:
            members = [(m["member_id"], m["x25519"], bool(m["reserve"]), m["group"]) for m in stream["set"]["members"]]
            found.append((members, [(g["organisation"], g["m"], g["n"]) for g in stream["groups"]]))
        return header.lists == self.lists_digest and found == self.recipients(header.week)


def root_after(roster, root, announced):
    """The root that signs the roster after this one. `root`: in force; `announced`: what the roster
    before says in next_root: then both sign, the old one first, and the new one is in force."""
    need(root in roster.signers, "not signed by the root key given", "unauthentic")
    if announced is None:
        need(len(roster.signers) == 1, "a second root signed, which no roster announced", "unauthentic")
        return root
    need(announced in roster.signers, "the root that was announced did not sign", "unauthentic")
    need(roster.signers[0] == root, "the old root signs first")
    return announced


def believed(rosters, root):
    """Of rosters in order of their numbers, those that `root` or a root it led to signed, or that a
    believed one names as its predecessor."""
    chosen, in_force, before = {}, root, None
    for roster in rosters:
        follows = before is not None and before.number + 1 == roster.number
        try:
            if follows:
                in_force = root_after(roster, in_force, before.next_root)
            else:  # what a second signature means is not known without the roster before
                need(in_force in roster.signers, "not signed by the root key given", "unauthentic")
        except Broken:
            continue
        chosen[roster.digest] = before = roster
    for roster in reversed(rosters):
        if any(roster.digest == later.previous and roster.number + 1 == later.number for later in chosen.values()):
            chosen[roster.digest] = roster
    return set(chosen)


# =================================================================== Bundle

MAGIC = b"resguardo bundle 1\n"
MOST_FRAME = 16 * MIB
ORDER = ["header", "roster", "questionnaire", "log_entry", "segment", "media_chunk", "checkpoint", "end"]


class Damage(Exception):
    """The first frame that is not whole, and where it begins."""

    def __init__(self, frame, offset, why):
        super().__init__(f"damaged at frame {frame}, byte {offset}: {why}")


def report_id_of(header):
    """Only to count reports: of a header that is no message at all there is none."""
    try:
        found = [value for field, wire, value in raw_fields(header) if field == 2 and wire == 2]
        return found[-1] if found else b""
    except Broken:
        return b""


class Order:
    """In which order frames come, and what was counted on the way."""

    def __init__(self):
        self.phase, self.rows_due, self.report = None, 0, b""
        self.part, self.files, self.file, self.next_chunk = 0, set(), None, None
        self.totals = dict.fromkeys(("rosters", "questionnaires", "reports", "segments", "rows", "log_entries", "media_chunks"), 0)

    def accept(self, name, body):
        need(name is not None, "an empty frame")
        need((self.phase is None) == (name == "header"), "a bundle begins with its one header")
        need((name == "row") == (self.rows_due > 0), "a segment is followed by exactly the rows it announced")
        phase = ORDER.index("segment" if name == "row" else name)
        if self.phase is not None:
            need(phase >= self.phase, "a frame that comes too late")
            need(phase > self.phase or name not in ("checkpoint", "end"), "a second one")
        if name == "header":
            need(body["format"] == 1, "a bundle of another format")
            self.part = body["part"]
        if name == "media_chunk":
            self._chunk(body["media_id"], body["index"], len(body["ciphertext"]))
        if name == "end":
            need(all(body[key] == count for key, count in self.totals.items()), "totals that are not what was counted")
        self.phase = phase
        counter = {"log_entry": "log_entries"}.get(name, name + "s")
        if counter in self.totals:
            self.totals[counter] += 1
        self.rows_due -= name == "row"
        if name == "segment":
            self.rows_due, before = body["rows"], self.report
            self.report = report_id_of(body["header"])
            self.totals["reports"] += self.totals["segments"] == 1 or not self.report or self.report != before

    def _chunk(self, media, number, size):
        """A file's chunks come in one run, all but the last one full; a later part may begin inside one."""
        need(len(media) == 16, "a chunk of a file without an id")
        need(size <= CHUNK + 17, "a chunk that is larger than any")
        if media == self.file:
            need(self.next_chunk is not None, "a chunk after the last one of its file")
            need(number == self.next_chunk, "not the chunk of the file that comes next")
        else:
            need(number == 0 or (self.part > 0 and self.file is None), "a file that does not begin with its first chunk")
            need(media not in self.files, "chunks of a file that was in the bundle already")
            self.files.add(media)
        self.file, self.next_chunk = media, number + 1 if size == CHUNK + 17 else None


def frames(file):
    """(number, offset, name, body) of every frame that is whole; then Damage, if there is some.
    One frame is in memory at a time."""
    number, offset = 0, 0

    def get(size):
        data = file.read(size)
        need(len(data) == size, "cut short here")
        return data

    check, order = bytes(16), Order()
    try:
        need(get(len(MAGIC)) == MAGIC, "not a bundle of this version")
        check = derive(check + bytes(16), "resguardo/bundle-frame/v1", MAGIC)[:16]
        start = len(MAGIC)
        while True:
            size = struct.unpack("<I", get(4))[0]
            need(size <= MOST_FRAME, "a frame longer than any")
            exact = get(size)
            check = derive(check + bytes(16), "resguardo/bundle-frame/v1", exact)[:16]
            need(get(16) == check, "the frame is not what its check says")
            name, body = arm_of(strict(SCHEMAS["Frame"], exact))
            order.accept(name, body)
            here, number, offset, start = (number, offset), number + 1, offset + start + 4 + size + 16, 0
            if name == "end":
                need(file.read(1) == b"", "something follows the end")
            yield *here, name, body
            if name == "end":
                return
    except Broken as broken:
        raise Damage(number, offset, broken.why) from None


# =================================================================== Leaves of the log

REPORT, ADDENDUM, INCOMPLETE, WITHDRAWAL, CONSENT_CHANGE, EPOCH_CLOSED, RESTART = 1, 2, 3, 4, 5, 9, 11
KIND_NAMES = ["", "REPORT", "ADDENDUM", "INCOMPLETE", "WITHDRAWAL", "CONSENT_CHANGE", "EXPIRED",
              "ROSTER", "EPOCH_LIST", "EPOCH_CLOSED", "QUESTIONNAIRE", "RESTART"]  # fmt: skip
MOST_ENTRIES_OF_REPORT = 1000


def read_log_entry(exact):
    entry = strict(SCHEMAS["LogEntry"], exact)
    need(len(entry["salt"]) == 16 and len(entry["digest"]) == 32 and len(entry["id"]) <= 32, "not a log entry")
    need(entry["kind"] != 0 and 0 <= entry["day"] < 2**31, "not a log entry")
    for name in ("withdrawal_key_hash", "replacement_hash", "replacement_token"):
        need(len(entry[name]) in (0, 32), "not a log entry")
    token, addendum = entry["replacement_token"], entry["kind"] == ADDENDUM
    if entry["replacement_hash"] or token:
        need(entry["withdrawal_key_hash"] and entry["kind"] in (REPORT, ADDENDUM), "not a log entry")
        need(bool(token) == addendum, "not a log entry")
    need(bool(entry["week"]) == (entry["kind"] == EPOCH_CLOSED), "not a log entry")
    need(not entry["week"] or is_week(entry["week"]), "not a log entry")
    statement = entry["statement"] or entry["statement_key"] or entry["statement_signature"]
    need(not statement or entry["kind"] in (WITHDRAWAL, CONSENT_CHANGE, RESTART), "not a log entry")
    need(entry["kind"] != RESTART or not (entry["statement_key"] or entry["statement_signature"]), "not a log entry")
    return entry


def covered_by(entries, chains):
    """How many of a report's segments (chains in order of index, without addenda) the log's entries
    cover, and the digests of ADDENDUM entries that cover none. An entry covers segments from the
    first, or those after what another entry covered."""
    covered, addenda = 0, []
    once = {(entry["kind"], entry["digest"]): entry for entry in reversed(entries)}  # the first of each
    entries = [entry for entry in entries if once[entry["kind"], entry["digest"]] is entry]
    for entry in entries[:MOST_ENTRIES_OF_REPORT]:
        before = covered
        for start in (0, covered):
            running = hashlib.sha256()
            ends = []
            for at in range(start, len(chains)):
                running.update(chains[at])
                if running.digest() == entry["digest"]:
                    ends.append(at + 1)
            if ends:
                covered = ends[0]
                break
        if covered == before and entry["kind"] == ADDENDUM:
            addenda.append(entry["digest"])
    # A day's entries are in random order: what covered nothing when it was met is tried again.
    running, at = hashlib.sha256(), covered
    while addenda and at < len(chains):
        running.update(chains[at])
        at += 1
        if running.digest() in addenda:
            addenda.remove(running.digest())
            running, covered = hashlib.sha256(), at
    return covered, addenda


def addenda_fit(entries, addenda):
    """(fits, addenda that did not come, addenda that nobody can compare nor read here). `entries`:
    digests of ADDENDUM entries; `addenda`: (chain, [(SHA-256 of a ciphertext that may be its own,
    known to be all of it)], what it brings: True a file, False none, None not known)."""
    left, other, absent, unread = list(entries), 0, 0, 0
    for chain, files, brings in addenda:
        possible = files if brings is not False else []
        for digest in [sha256(chain), *(sha256(chain, file) for file, _ in possible)]:
            if digest in left:
                left.remove(digest)
                break
        else:
            compared = brings is False or any(whole for _, whole in files)
            other, absent = other + compared, absent + (not compared)
            unread += not compared and brings is None
    return other == 0 and absent <= len(left), max(0, len(left) - absent - other), unread


# =================================================================== What reporters took back

MOST_WITHDRAWN_PURPOSES, LAST_WITHDRAWAL_DAY = 16, 2932896


def read_withdrawal(exact):
    said = strict(SCHEMAS["WithdrawalStatement"], exact)
    purposes = said["purposes"]
    need(said["format"] == 1 and len(said["report_id"]) == 16 and 0 < said["day"] <= LAST_WITHDRAWAL_DAY, "not a withdrawal")
    need(len(purposes) <= MOST_WITHDRAWN_PURPOSES and purposes == sorted(set(purposes)), "not a withdrawal")
    need(all(re.fullmatch("[a-z0-9_]{1,48}", purpose) for purpose in purposes), "not a withdrawal")
    return said


def read_withdrawal_entry(entry):
    """The statement of a WITHDRAWAL or CONSENT_CHANGE, signed by the key it brings, and that key's
    hash. Anybody can make a key: it is the reporter's only if the report's own entry names it."""
    need(entry["kind"] in (WITHDRAWAL, CONSENT_CHANGE), "not the log's entry of a withdrawal")
    exact, key, signature = (entry["statement" + end] for end in ("", "_key", "_signature"))
    need(exact or key or signature, "the withdrawal brings no statement", "not_found")
    fits = sound_ed25519(key) and signature_fits(key, "resguardo/withdrawal/v1", exact, signature)
    need(fits, "the signature does not fit the withdrawal", "unauthentic")
    said = read_withdrawal(exact)
    fits = entry["kind"] == (CONSENT_CHANGE if said["purposes"] else WITHDRAWAL)
    fits = fits and entry["id"] == said["report_id"] and entry["digest"] == sha256(exact)
    need(fits, "the withdrawal is of another report, or purpose", "unauthentic")
    return said, sha256(key)


STANDINGS = ["none", "claimed", "forged", "disputed", "waiting", "signed"]  # the last two lock


def naming_entry(entries):
    """Of what one log says of one report, in its order: the entry that may name its key, and whether
    another of that day says something else."""
    reports = [at for at, entry in enumerate(entries) if entry["kind"] == REPORT]
    if not reports:
        return None, False
    first = entries[reports[0]]
    for entry in entries[: reports[0]]:
        if entry["kind"] in (ADDENDUM, INCOMPLETE) and entry["day"] != first["day"]:
            return None, False
    same_day = [entry for entry in entries if entry["day"] <= first["day"]]
    return first, any(
        entry["kind"] == INCOMPLETE or entry["kind"] == REPORT and entry["withdrawal_key_hash"] != first["withdrawal_key_hash"]
        for entry in same_day
    )


def withdrawal_keys(entries):
    """The keys of one report that count, as [key hash, the entry's digest, until which day], and
    whether an entry brings one by a token that fits nothing: docs/format.md, "A receipt in the place of
    another"."""

    def replaces(entry):
        return entry["kind"] == ADDENDUM and entry["replacement_token"] and entry["withdrawal_key_hash"]

    report, _ = naming_entry(entries)
    taken = [report] if report and report["withdrawal_key_hash"] else []
    keys = []
    while taken and len(keys) < len(taken):
        last = taken[-1]
        keys.append([last["withdrawal_key_hash"], last["digest"], None])
        following = [one for one in entries if last["replacement_hash"] and replaces(one) and sha256(one["replacement_token"]) == last["replacement_hash"]]
        if following and all(one is not following[0] for one in taken):
            keys[-1][2] = following[0]["day"]
            taken.append(following[0])
    same = {(one["withdrawal_key_hash"], one["replacement_token"]) for one in taken}
    return keys, any(replaces(one) and (one["withdrawal_key_hash"], one["replacement_token"]) not in same for one in entries)


def withdrawn(entries):
    """What the log's entries of one report, in order, come to: (standing of a withdrawal of all of it,
    purposes that were taken back and signed, standing of the worst that was not)."""
    in_place = [entry for entry in entries if entry["in_place"]]
    keys, _ = withdrawal_keys(in_place)
    _, disputed = naming_entry(in_place)
    in_log = any(entry["kind"] in (REPORT, ADDENDUM, INCOMPLETE) for entry in in_place)
    promised = set() if in_log else {entry["withdrawal_key_hash"] for entry in entries if entry["kind"] == REPORT} - {b""}
    everything, purposes, unsigned = 0, set(), 0
    for entry in entries:
        if entry["kind"] not in (WITHDRAWAL, CONSENT_CHANGE):
            continue
        said, standing = None, 0
        try:
            said, key = read_withdrawal_entry(entry)
            days = [until for one, _, until in keys if one == key]
            own = any(until is None or max(said["day"], entry["day"]) <= until for until in days)
            known = own or key in promised
            standing = 1 if not keys and not promised else 2 if not known else 4 if key in promised else 3 if disputed else 5
        except Broken as broken:
            standing = 1 if broken.kind == "not_found" or not (keys or promised) else 2
        if standing == 2 and not entry["in_place"]:  # anybody's
            standing = 1
        if entry["kind"] == WITHDRAWAL:
            everything = max(everything, standing)
        elif standing >= 4:
            purposes |= set(said["purposes"])
        else:
            unsigned = max(unsigned, standing)
    return STANDINGS[everything], purposes, STANDINGS[unsigned]


class TreeHead:
    """RFC 6962, section 2.1, over leaves as they come; O(log n) memory."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, entry):
        node, size = sha256(b"\0", entry), self.size
        while size & 1:
            node, size = sha256(b"\1", self.peaks.pop(), node), size >> 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256()
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = sha256(b"\1", peak, node)
        return node


def read_checkpoint(note, origin, log_keys):
    """(size, root) of a checkpoint that a log key of the roster signed. Lines of keys that nobody
    named are passed over; one of a log key that does not fit spoils the note."""
    text, found, signatures = note.rpartition("\n\n")
    text, lines = text + "\n", text.split("\n")
    need(found and note.endswith("\n") and not any(map(is_unseen, note.replace("\n", ""))), "not a signed note")
    need(len(lines) >= 3 and is_note_name(lines[0]) and all(map(is_plain_name, lines[3:])), "not a checkpoint")
    need(lines[0] == origin, "the checkpoint of another log", "unauthentic")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]) is not None and int(lines[1]) < 1 << 63, "a checkpoint without a size")
    need(len(note.encode()) <= 1 << 16 and signatures.count("\n") <= 64, "a note that is too long")
    signed = False
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "\u2014" and is_note_name(parts[1]), "not a signature line")
        name, blob = parts[1], canonical_base64(parts[2])
        need(len(blob) > 4, "not a signature line")
        for key in log_keys:
            if name == origin and blob[:4] == sha256(origin.encode(), b"\n\x01", key)[:4]:
                need(signature_fits(key, "", text.encode(), blob[4:]), "a signature that does not fit", "unauthentic")
                signed = True
    need(signed, "the checkpoint is not signed by a log key of the roster", "unauthentic")
    root = canonical_base64(lines[2])
    need(len(root) == 32, "a root of another length")
    return int(lines[1]), root


def canonical_base64(text):
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken("malformed", "not base64") from None
    need(base64.b64encode(content).decode() == text, "not canonical base64")
    return content


# =================================================================== Checking a bundle


class Findings:
    """What was found: faults (something does not fit) and remarks (something to know)."""

    def __init__(self):
        self.faults, self.remarks = [], []

    def fault(self, where, what):
        self.faults.append({"where": where, "what": what})

    def remark(self, where, what):
        self.remarks.append({"where": where, "what": what})


def check_one_bundle(paths):
    """Two bundles have two logs, or one log at two moments: each is checked by itself. The parts in
    order of their numbers, those that say none last."""
    first, numbers = None, {}
    for path in paths:
        with open(path, "rb") as file:
            try:
                _, _, _, header = next(frames(file))
            except Damage:
                continue  # said when it is read
        numbers[path] = header["part"]
        if first is None:
            first = (path, header["bundle_id"])
        elif header["bundle_id"] != first[1]:
            raise Broken("refused", f"{path} is of bundle {header['bundle_id'].hex()[:8]}, {first[0]} of bundle {first[1].hex()[:8]}: open one bundle at a time")
    return sorted(paths, key=lambda path: numbers.get(path, math.inf))


def spans_text(numbers):
    """3, 5 to 9"""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in spans)


class Checked:
    """A bundle after the first reading: everything that needs no key. Memory grows with the number
    of segments and log entries, not with what people sent."""

    def __init__(self, paths, root, salvage):
        self.findings, self.root, self.salvage = Findings(), root, salvage
        self.rosters, self.forms, self.chains, self.logged = [], {}, {}, {}
        self.counts = dict.fromkeys(ORDER + ["row"], 0)
        self.parts, self.stops, self.log, self.tree = [], {}, {}, TreeHead()
        self.waiting = set()  # hashes of entries without a place
        self.checkpoints, self.candidates, self.settled = [], [], -1
        self.files, self.file = {}, None  # by id; the one whose chunks are coming
        for path in check_one_bundle(paths):
            self._read(path)
        self.parts.sort(key=lambda part: part["part"])
        self._believe()
        self._check_parts()
        self._check_rosters()
        self._check_files()
        self._check_log()
        if root is None:
            self.findings.remark("rosters", "no root key was given: nobody vouches for who could read this")

    def _read(self, path):
        self.at, self.part = path, {"path": path, "part": 0, "last": False}
        frame, self.segment = -1, None
        try:
            with open(path, "rb") as file:
                for frame, offset, name, body in frames(file):
                    self.counts[name] += 1
                    try:
                        getattr(self, "_" + name)(body, f"{path}, frame {frame}")
                    except Broken as broken:
                        raise Damage(frame, offset, broken.why) from None
        except Damage as damage:
            if not self.salvage:
                raise Broken("malformed", f"{path}: {damage}; nothing was written (--damaged takes what comes before)") from None
            self.stops[path] = frame
            self.findings.fault(str(path), str(damage))
        self._end_segment()
        if self.file is not None:
            self.file["whole"] &= self.part["last"]
            self.file = None
        self.parts.append(self.part)

    def _header(self, body, where):
        self.part.update(part=body["part"], id=body["bundle_id"], origin=body["log_origin"], day=body["day"])

    def _roster(self, body, where):
        need(body["file"] is not None, "a roster frame without a roster")
        try:
            roster = Roster(write_message(SCHEMAS["RosterFile"], body["file"]))
            if (roster.digest, roster.lists_digest) not in {(one.digest, one.lists_digest) for _, one in self.candidates}:
                self.candidates.append((where, roster))
        except Broken as broken:
            self.findings.fault(where, "roster: " + broken.why)

    def _questionnaire(self, body, where):
        need(H(body["form"]) == body["digest"], "a questionnaire that is not what its digest says")
        self.forms[body["digest"]] = body["form"]

    def _log_entry(self, body, where):
        entry = read_log_entry(body["entry"])
        leaf = sha256(b"\0", body["entry"])
        said = {name: entry[name] for name in ("kind", "id", "digest", "day", "withdrawal_key_hash", "replacement_hash", "replacement_token")}
        if entry["kind"] in (WITHDRAWAL, CONSENT_CHANGE):
            said = entry
        said["in_place"] = not body["pending"]
        if body["pending"]:  # without a place until the next checkpoint
            need(body["index"] == 0, "an entry that waits and has a place")
            if leaf not in self.waiting:
                self.waiting.add(leaf)
                self.logged.setdefault(entry["id"], []).append((1 << 64, said))
            return
        if body["index"] in self.log:  # every part of a split bundle carries the log
            need(self.log[body["index"]] == leaf, "two entries at one place of the log")
            return
        self.log[body["index"]] = leaf
        if body["index"] == self.tree.size:
            self.tree.add(body["entry"])
        self.logged.setdefault(entry["id"], []).append((body["index"], said))

    def _believe(self):
        """Which rosters count; in every part they come before the segments."""
        if self.settled == len(self.candidates):
            return
        self.settled = len(self.candidates)
        in_order = sorted((roster for _, roster in self.candidates), key=lambda one: one.number)
        chosen = {one.digest for one in in_order} if self.root is None else believed(in_order, self.root)
        self.rosters = [(where, one) for where, one in self.candidates if one.digest in chosen]
        for where, one in self.candidates:
            if one.digest not in chosen:
                self.findings.fault(where, "roster: not signed by the root key given, nor by one it led to")

    def _segment(self, body, where):
        self._end_segment()
        self._believe()
        header = ParsedHeader(body["header"])
        self.segment = {"header": header, "chain": sha256(body["header"]), "rows": 0, "where": where}

    def _row(self, body, where):
        self.segment["chain"] = sha256(self.segment["chain"], body["row"])
        self.segment["rows"] += 1

    def _end_segment(self):
        if self.segment is None:
            return
        header = self.segment["header"]
        copies = self.chains.setdefault(header.report, {})
        if header.digest not in copies or copies[header.digest][2] < self.segment["rows"]:
            copies[header.digest] = (header.index, header.digest, self.segment["rows"], self.segment["chain"])
        fitting = [roster for _, roster in self.rosters if roster.digest == header.roster]
        if not fitting:
            self.findings.fault(self.segment["where"], "sealed under a roster that did not come along, or is not root's")
        elif not any(roster.fits(header) for roster in fitting):
            self.findings.fault(self.segment["where"], "sealed for others than its roster says")
        self.segment = None

    def _media_chunk(self, body, where):
        self._end_segment()
        media = body["media_id"]
        if self.file is None or self.file["id"] != media:
            before = self.files.get(media)
            if before is None or before["next"] != body["index"]:
                before = {"id": media, "where": where, "running": hashlib.sha256()}
            # until the part ends inside it
            self.file = self.files[media] = dict(before, next=body["index"], whole=body["index"] == 0 or "whole" in before)
        self.file["running"].update(body["ciphertext"])
        self.file["next"] += 1

    def _checkpoint(self, body, where):
        self._end_segment()
        self.checkpoints.append((where, body["note"]))

    def _end(self, body, where):
        self._end_segment()
        self.part["last"] = bool(body["last_part"])

    def _check_parts(self):
        """Parts are counted from 1, as their files are named."""
        numbers = sorted(part["part"] + 1 for part in self.parts)
        ends = any(part["last"] for part in self.parts)
        missing = sorted(set(range(1, numbers[-1])) - set(numbers))
        if missing:
            self.findings.fault("parts", f"missing: {spans_text(missing)}" + ("" if ends else "; the last part has not come"))
        elif not ends and not self.stops:
            self.findings.fault("parts", "the last part has not come")
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        if twice:
            self.findings.remark("parts", f"given more than once: {spans_text(twice)}")

    def _check_rosters(self):
        by_number = {}
        for where, roster in self.rosters:
            if by_number.setdefault(roster.number, roster).digest != roster.digest:
                self.findings.fault(where, "two rosters of one number: root signed two histories")
        for number, roster in by_number.items():
            before = by_number.get(number - 1)
            if before is not None and before.digest != roster.previous:
                self.findings.fault(f"roster {number}", "does not follow the one before it")

    def _check_files(self):
        if len(self.parts) > 1 or self.stops or self.parts[0]["part"] or not self.parts[0]["last"]:
            return  # what names a file may be in a part that is not here
        named = {index for segments in self.chains.values() for index, *_ in segments.values()}
        for media, file in self.files.items():
            if addendum_of(media) not in named:
                self.findings.fault(file["where"], f"chunks of file {media.hex()}, which no segment names")

    def _check_log(self):
        for where, note in self.checkpoints:
            origin = self.parts[0].get("origin", "")
            keys = [key for _, roster in self.rosters if roster.content["log_origin"] == origin for key in roster.content["log_keys"]]
            try:
                size, root = read_checkpoint(note, origin, keys)
            except Broken as broken:
                self.findings.fault(where, "checkpoint: " + broken.why)
                continue
            if self.tree.size < size or len(self.log) != self.tree.size:
                self.findings.remark(where, f"the checkpoint is of {size} entries, {len(self.log)} came: not compared")
            elif self.tree.size > size:
                self.findings.fault(where, "the log holds entries that its checkpoint does not")
            elif self.tree.root() != root:
                self.findings.fault(where, "the log's entries are not those of its checkpoint")

    def entries_of(self, report):
        """What the log says of it, in the log's order; what waits for a place comes last."""
        return [entry for _, entry in sorted(self.logged.get(report, []), key=lambda one: one[0])]

    def locked(self, report):
        """Whether its reporter took it back: then nothing of it is anybody's to read."""
        return withdrawn(self.entries_of(report))[0] in ("waiting", "signed")

    def taken_back(self, report):
        return withdrawn(self.entries_of(report))[1]

    def new_receipts(self, report):
        """Digests of segments that end with a receipt in the place of another, as the log proves."""
        in_place = [entry for entry in self.entries_of(report) if entry["in_place"]]
        over = {digest for _, digest, _ in withdrawal_keys(in_place)[0][1:]}
        return {digest for _, digest, _, chain in self.chains.get(report, {}).values() if sha256(chain) in over}

    def _check_withdrawals(self):
        for report, said in sorted(self.logged.items()):
            if withdrawal_keys([entry for entry in self.entries_of(report) if entry["in_place"]])[1]:
                self.findings.fault(f"report {report.hex()}", "the log puts another receipt in the place of its own, by a token that is none; not to be believed")
            if all(entry["kind"] not in (WITHDRAWAL, CONSENT_CHANGE) for _, entry in said):
                continue
            where, here = f"report {report.hex()}", report in self.chains
            everything, purposes, unsigned = withdrawn(self.entries_of(report))
            if everything in ("waiting", "signed"):
                self.findings.remark(where, "taken back by its reporter, signed: it is locked" + ("" if here else ", and not here"))
                continue
            if purposes:
                self.findings.remark(where, f"its reporter took back, signed, that it is used for: {', '.join(sorted(purposes))}")
            if here and everything != "none":
                self.findings.remark(where, f"the server says that the person withdrew it ({everything}); nothing here proves that")
            if here and unsigned != "none":
                self.findings.remark(where, f"the server says that the person took back a purpose ({unsigned}); nothing here proves that")

    def check_leaves(self, brought):
        """What the log says of each report. `brought`: what each addendum that was opened brings, by
        its segment's digest: True a file, False none."""
        self._check_withdrawals()
        for report, segments in self.chains.items():
            if self.locked(report):
                continue
            in_order = [(index, chain, brought.get(digest)) for index, digest, _, chain in sorted(segments.values())]
            self._check_leaf(report, in_order)

    def _check_leaf(self, report, segments):
        where = f"report {report.hex()}"
        covering = [entry for entry in self.entries_of(report) if entry["kind"] in (REPORT, ADDENDUM, INCOMPLETE)]
        if not covering:
            self.findings.remark(where, "the log has no entry for it")
            return
        chains = [chain for index, chain, _ in segments if index < FIRST_ADDENDUM]
        covered, digests = covered_by(covering, chains)
        addenda = [(chain, self._files_of(index), brings) for index, chain, brings in segments if index >= FIRST_ADDENDUM]
        fit, missing, unread = addenda_fit(digests, addenda)
        here = bool(chains) or all(entry["kind"] == ADDENDUM for entry in covering)
        if missing:
            self.findings.remark(where, f"the log names {missing} addenda that did not come")
        if unread:
            self.findings.remark(where, f"{unread} addenda not compared with the log: their files are not here")
        if covered != len(chains) or not fit or not here:
            self.findings.fault(where, "the log says other bytes than those that came")

    def _files_of(self, index):
        files = [file for media, file in sorted(self.files.items()) if addendum_of(media) == index]
        return [(file["running"].digest(), file["whole"]) for file in files]


# =================================================================== What stands


MOST_VERSIONS = 1024  # of one message; the rest stand for themselves


def twins(one, other):
    return one["segment"] == other["segment"] and one["segmentDigest"] != other["segmentDigest"]


class Standing:
    """What a report's answers, corrections and retractions make of each other. Takes the lines of
    its .jsonl, in order."""

    def __init__(self, lines, taken_back):
        self.taken_back = taken_back  # purposes
        self.told, self.gone, self.current, self.unfinished, self.consents = [], [], {}, {}, set()
        for line in lines:
            where = {name: line[name] for name in ("segment", "segmentDigest", "row", "compartment")}
            for number, entry in enumerate(line.get("entries", [])):
                name, body = next(iter(entry.items()))
                if name == "answer":
                    self._answer(self._item(where, number, line, body))
                elif name == "correction":
                    item = self._item(where, number, line, body["answer"])
                    self.told.append(dict(item, correction=True, of=body.get("ofMessage", "")))
                elif name == "retraction" and "ofMessage" in body:
                    self.gone.append((body["ofMessage"], where))
                elif name == "retraction":
                    self._retract((body.get("node", ""), *body.get("instance", [])), where)
        self._settle()

    def _item(self, where, number, line, answer):
        codes = answer.get("codes", [])
        words = any(name in answer for name in ("text", "raw", "skipped", "number", "date", "place", "money", "point"))
        if "textVersion" in answer:
            self.consents.add((where["segmentDigest"], where["row"]))
        return {
            **where, "entry": number, "state": "current", "correction": False, "ofUnknown": False,
            "node": answer.get("node", ""), "instance": answer.get("instance", []), "part": answer.get("part", 0),
            "remark": answer.get("remark", False), "message": line["message"], "of": "", "codes": codes,
            "unfinished": answer.get("remark", False) and bool(codes) and "text" not in answer,
            "wordless": not codes and not words, "consent": "textVersion" in answer,
        }  # fmt: skip

    def _answer(self, item):
        key = (item["node"], *item["instance"])
        if not item["remark"]:
            current = self.current.setdefault(key, [])
            current[:] = [told for told in current if not self._supersedes(item, told)]
            current.append(item)
        picks = self.unfinished.setdefault(key, [])
        if not item["remark"]:
            for told in picks:
                if not twins(told, item):
                    told["state"] = "superseded"
            picks[:] = [told for told in picks if twins(told, item)]
        elif item["unfinished"]:
            last = picks[-1] if picks else None
            if last and not twins(last, item) and item["codes"][: len(last["codes"])] == last["codes"]:
                picks.pop()["state"] = "superseded"
            picks.append(item)
        self.told.append(item)

    @staticmethod
    def _supersedes(item, told):
        """Whether `told` need not be looked at again."""
        if told["state"] != "current":
            return True
        if twins(told, item) or told["part"] < item["part"]:
            return False
        told["state"] = "superseded"
        return True

    def _retract(self, key, where):
        for told in self.current.get(key, []):
            if not twins(told, where) and told["state"] == "current":
                told["state"] = "retracted"

    def _settle(self):
        """Corrections and retractions, by message: its versions are one thing."""
        parents = {}

        def root(message):
            while parents.setdefault(message, message) != message:
                message = parents[message]
            return message

        for item in self.told:
            if item["of"]:
                root(item["of"])
                if item["message"]:
                    parents[root(item["message"])] = root(item["of"])
        for message, _ in self.gone:
            root(message)
        messages = {}

        def versions_of(message):
            return messages.setdefault(root(message), {"told": [], "versions": [], "marks": [], "gone": []})

        for at, item in enumerate(self.told):
            item["at"] = item["base"] = at
            if item["correction"]:
                found = versions_of(item["of"]) if item["of"] else None
                if found is None or len(found["versions"]) >= MOST_VERSIONS:
                    item.update(ofUnknown=True, remark=True)
                else:
                    found["marks" if item["wordless"] else "versions"].append(item)
            elif item["message"] in parents and (item["consent"] or (item["segmentDigest"], item["row"]) not in self.consents):
                versions_of(item["message"])["told"].append(item)
        for message, where in self.gone:
            gone = versions_of(message)["gone"]
            if len(gone) < MOST_VERSIONS:
                gone.append(where)
        for message in messages.values():
            self._settle_one(message)
        self.told.sort(key=lambda item: (item["base"], item["at"] != item["base"], item["at"]))

    @staticmethod
    def _settle_one(message):
        told, versions = message["told"], message["versions"]

        def is_gone(item):
            return any(not twins(where, item) for where in message["gone"])

        for item in told:
            if is_gone(item):
                item["state"] = "retracted"
        for item in versions + message["marks"]:
            bases = [one for one in told if not twins(one, item)]
            standing = [one for one in bases if one["state"] == "current"]
            if bases:
                base = (standing or bases)[-1]
                item.update({name: base[name] for name in ("node", "instance", "part", "remark", "state")}, base=base["at"])
            else:
                item.update(ofUnknown=True, remark=True, state="retracted" if is_gone(item) else "current")
            newer = any(one["at"] > item["at"] and not twins(one, item) for one in versions)
            if newer and item["state"] == "current":
                item["state"] = "superseded"
        for item in told:
            if item["state"] == "current" and any(not twins(one, item) for one in versions):
                item["state"] = "superseded"

    def lines(self):
        shown = ("segment", "segmentDigest", "row", "compartment", "entry", "state", "correction", "ofUnknown",
                 "node", "instance", "part", "remark")  # fmt: skip
        for item in self.told:
            gone = [code for code in item["codes"] if code in self.taken_back] if item["consent"] else []
            yield json.dumps({**{name: item[name] for name in shown}, **({"takenBack": gone} if gone else {})}) + "\n"


# =================================================================== Opening a bundle


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def as_json(schema, message):
    """proto3's JSON, but bytes as hexadecimal: fields that are not there are left out."""
    result = {}
    for _, (name, kind, often) in sorted(schema.items()):
        value = message[name]
        if value is None or (often != "arm" and not isinstance(kind, dict) and value in (b"", "", 0, [], 0.0)):
            continue
        if isinstance(kind, dict):
            value = [as_json(kind, one) for one in value] if often == "many" else as_json(kind, value)
        elif isinstance(value, bytes):
            value = value.hex()
        elif kind == "bool":
            value = bool(value)
        result[camel(name)] = value
    return result


def visible(text):
    return "".join(f"<U+{ord(c):04X}>" if is_unseen(c) and c != "\n" else c for c in text)


def iso_time(milliseconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    return time.isoformat(timespec="milliseconds") + "Z"


def readable(record, where):
    """A record as text. Nothing that a person wrote can begin a line."""
    lines = []
    for entry in record["entries"]:
        name, body = arm_of(entry)
        if name in ("padding", "pause"):
            continue
        shown = as_json(SCHEMAS["Entry"][[n for n, _, _ in SCHEMAS["Entry"].values()].index(name) + 1][1], body)
        words = shown.pop("text", None)
        rest = ", ".join(f"{key} {json.dumps(value, ensure_ascii=False)}" for key, value in shown.items())
        lines.append(visible(f"{name}: {rest}").replace("\n", "<U+000A>"))
        if words is not None:
            lines += ["    | " + line for line in visible(words).split("\n")]
    head = f"{iso_time(record['time_ms'])}  {where}"
    return "\n".join([head, *("  " + line for line in lines), "", ""]) if lines else ""


class Block:
    """One copy of a segment, as it was opened and written down."""

    def __init__(self, header, announced, where, files):
        self.digest, self.index, self.announced, self.where = header.digest, header.index, announced, where
        self.opened, self.sound, self.ended = 0, True, False
        self.media, self.both = None, True  # of an addendum: what it says of its file; both streams open
        self.spans = [[file.tell(), 0] for file in files]  # in the report's lines, and in its text

    def whole(self):
        return self.sound and self.opened == self.announced

    def brings(self):
        """Of an addendum: True a file, False none, None where not all of it is open."""
        if self.media and (self.media["lost"] or self.media["key"]):
            return not self.media["lost"]
        return False if self.whole() and self.opened and self.both else None


class Told:
    """What was opened of one report: of each segment the copy that says most."""

    def __init__(self):
        self.blocks, self.sound = {}, True

    def keep(self, block):
        before = self.blocks.get(block.digest)
        if before is None or before.opened < block.opened:
            self.blocks[block.digest] = block

    def in_order(self):
        return sorted(self.blocks.values(), key=lambda block: (block.index, block.digest))


class Opened:
    """The second reading: opens what the keys open and writes it down as it comes."""

    def __init__(self, checked, keys, folder, grants):
        self.checked, self.findings, self.keys, self.folder = checked, checked.findings, keys, folder
        self.grants, self.sealed = grants, 0
        self.locked = set()  # taken back by their reporters: nothing of them is written
        self.reports, self.segments, self.rows, self.foreign = {}, 0, 0, 0
        self.reader = self.block = None
        self.foreign_files, self.whole_files = set(), 0
        self.media, self.came, self.file = {}, {}, None  # records that bring a key; what came of them
        (folder / "reports").mkdir()
        (folder / "forms").mkdir()
        for digest, form in checked.forms.items():
            (folder / "forms" / digest.hex()).write_bytes(form)
        for part in checked.parts:
            self._read(part["path"])
        self._finish()

    def _read(self, path):
        stop = self.checked.stops.get(path)
        with open(path, "rb") as file:
            try:
                for frame, _, name, body in frames(file):
                    if stop is not None and frame > stop:
                        break
                    if name == "segment":
                        self._end()
                        self._begin(body, f"{path}, frame {frame}")
                    elif name == "row":
                        self._row(body["row"], f"{path}, frame {frame}")
                    elif name == "media_chunk":
                        self._end()
                        self._chunk(body, f"{path}, frame {frame}")
            except Damage:
                need(stop is not None, f"{path} changed while it was read")
        self._end()

    def _begin(self, body, where):
        try:
            header = ParsedHeader(body["header"])
        except Broken:  # the place where a damaged bundle was left
            return
        if self.checked.locked(header.report):
            self.locked.add(header.report)
            return
        self.header = header
        try:
            self.reader = SegmentReader(header, self.keys, self._brought(header, where))
        except Broken as broken:
            if broken.kind == "not_found":
                self.foreign += 1
                return
            self.findings.fault(where, "segment: " + broken.why)
        self.sealed += sum(1 for one in self.reader.missing if one) if self.reader else 0
        self.told = self.reports.setdefault(header.report, Told())
        self.files = [open(self._file(header.report, kind), "ab") for kind in KINDS_OF_FILES]
        self.block = Block(header, body["rows"], where, self.files)
        self.block.sound = self.reader is not None
        self._say(f"segment {header.index} of report {header.report.hex()}, week {header.week}\n\n")
        if purposes := self.checked.taken_back(header.report):
            self._say(f"  taken back by the reporter: {', '.join(sorted(purposes))}\n\n")

    def _brought(self, header, where):
        """What others gave for each stream, as far as it fits; who gave what does not is named."""
        sound = ([], [])
        for which, stream in enumerate(header.streams):
            for member, label, *share in self.grants.get((header.digest, which), []):
                try:
                    quorum = Quorum(stream)
                    need(stream["members"][share[0] : share[0] + 1] == [member], "not the giver's own place", "unauthentic")
                    quorum.check(*share)
                    sound[which].append(tuple(share))
                except Broken as broken:
                    self.findings.fault(where, f"a share that {label} gave: {broken.why}")
        return sound

    def _file(self, report, kind):
        return self.folder / "reports" / (report.hex() + kind)

    def _say(self, text):
        self.files[1].write(text.encode())

    def _row(self, exact, where):
        if self.reader is None:
            return
        try:
            opened = self.reader.open_row(exact)
        except Broken as broken:
            self.findings.fault(where, f"row {self.reader.sequence} and all after it in its segment: {broken.why}")
            self.block.sound, self.reader = False, None
            self._say("[unreadable from here]\n\n")
            return
        self.block.opened += 1
        self.block.ended = self.reader.ended or not any(self.reader.states)  # all sealed: nobody knows
        self.block.both &= None not in opened
        for which, record in enumerate(opened):
            if record is not None:
                self._record(which, self.reader.sequence - 1, record, where)

    def _record(self, which, row, exact, where):
        line = {"report": self.header.report.hex(), "segment": self.header.index, "segmentDigest": self.header.digest.hex(),
                "row": row, "compartment": STREAMS[which], "recordDigest": record_digest(exact).hex(), "exact": exact.hex()}  # fmt: skip
        try:
            record = read_record(exact)
            if self.header.index >= FIRST_ADDENDUM:
                self._keep_own_file(record, where)
            line.update(time=iso_time(record["time_ms"]), message=record["message_id"].hex(), salt=record["salt"].hex())
            line["entries"] = as_json(SCHEMAS["Record"], record).get("entries", [])
            self._say(readable(record, f"segment {self.header.index}, row {row}, {STREAMS[which]}"))
        except Broken as broken:
            self.told.sound = False
            self.findings.fault(where, f"a record that opens and is none: {broken.why}")
        self.files[0].write(json.dumps(line, ensure_ascii=True).encode() + b"\n")

    def _keep_own_file(self, record, where):
        """An addendum says one thing: what became of its file. The rest is nobody's testimony, since
        the log vouches for it only once that file is here."""
        kept = []
        for entry in record["entries"]:
            media = entry["media"]
            if media and self.block.media is None and addendum_of(media["media_id"]) == self.header.index:
                self.block.media = media
                if media["key"] and not media["lost"]:
                    self.media.setdefault(media["media_id"], (self.header.report, media))
            elif arm_of(entry)[0] != "padding":
                self.told.sound = False
                self.findings.fault(where, "a record that opens and is none: an addendum brings one file and says nothing else")
                continue
            kept.append(entry)
        record["entries"] = kept

    def _chunk(self, body, where):
        media = body["media_id"]
        if media not in self.media:
            self.foreign_files.add(media)
            return
        if media not in self.came:
            self._close_file()
            report, said = self.media[media]
            (self.folder / "media").mkdir(exist_ok=True)
            name = f"{report.hex()}-{media.hex()}.{extension_of(said['mime'])}"
            self.came[media] = {"reader": None, "path": self.folder / "media" / name, "fault": None}
            try:
                self.came[media]["reader"] = MediaReader(said)
            except Broken as broken:
                self.came[media]["fault"] = (where, broken.why)
        file = self.came[media]
        if file["fault"] is None:
            self._write_chunk(media, file, body, where)

    def _write_chunk(self, media, file, body, where):
        if self.file is None or self.file[0] != media:
            self._close_file()
            self.file = (media, open(file["path"].with_suffix(".partial"), "ab"))
        try:
            if body["index"] < file["reader"].next:
                return  # a part that was given twice
            if body["index"] > file["reader"].next:
                return  # what is between them did not come
            self.file[1].write(file["reader"].open_chunk(body["index"], body["ciphertext"]))
        except Broken as broken:
            file["fault"] = (where, broken.why)

    def _close_file(self):
        if self.file is not None:
            self.file[1].close()
        self.file = None

    def _finish_files(self):
        """A file has its name only if it is whole and what was sent."""
        self._close_file()
        for media, (report, _) in sorted(self.media.items()):
            where, file = f"report {report.hex()}, file {media.hex()}", self.came.get(media)
            fault = file and file["fault"]
            if file and not fault and file["reader"].next == file["reader"].media["chunks"]:
                try:
                    file["reader"].finish()
                    os.rename(file["path"].with_suffix(".partial"), file["path"])
                    self.whole_files += 1
                    continue
                except Broken as broken:
                    fault = (where, broken.why)
            if file:
                file["path"].with_suffix(".partial").unlink(missing_ok=True)
            if fault:
                self.findings.fault(fault[0], f"file {media.hex()} cannot be opened: {fault[1]}")
            else:
                self.findings.remark(where, "its key came, and not all of the file")
        if self.foreign_files:
            self.findings.remark("media", f"{len(self.foreign_files)} files whose keys did not come, or are not for these readers")

    def _end(self):
        if self.block is not None:
            if self.block.sound and not self.block.ended:
                self._say("[interrupted here]\n\n")
            for span, file in zip(self.block.spans, self.files):
                span[1] = file.tell()
                file.close()
            self.told.keep(self.block)
        self.reader = self.block = None

    def _finish(self):
        for report, told in self.reports.items():
            where, blocks = f"report {report.hex()}", told.in_order()
            self.segments += sum(block.sound for block in blocks)
            self.rows += sum(block.opened for block in blocks)
            for block in blocks:
                if block.sound and not block.ended:
                    self.findings.remark(block.where, "interrupted: the segment does not say that it ended")
            for at, kind in enumerate(KINDS_OF_FILES):
                put_in_order(self._file(report, kind), [block.spans[at] for block in blocks])
            indices = [block.index for block in blocks]
            own = [block for block in blocks if block.index < FIRST_ADDENDUM]
            counted = {block.index for block in own}
            if sorted(counted) != list(range(len(counted))):
                self.findings.fault(where, "a segment is missing")
            twins = len(set(indices)) != len(indices)
            if twins:
                self.findings.fault(where, "two segments of one index: both are kept")
            in_order = [block.index for block in own] == list(range(len(own)))
            whole = told.sound and all(block.whole() for block in own) and in_order and not twins
            self._check_totals(report, whole, where)
            with open(self._file(report, ".jsonl"), encoding="ascii") as lines:
                standing = Standing(map(json.loads, lines), self.checked.taken_back(report))
            self._file(report, ".stands").write_text("".join(standing.lines()), encoding="ascii")
        blocks = [block for told in self.reports.values() for block in told.blocks.values()]
        self.checked.check_leaves({block.digest: block.brings() for block in blocks})
        if self.sealed:
            self.findings.remark("keys", f"{self.sealed} streams are sealed for a quorum, and too few of its members' keys or grants are here")
        if self.foreign:
            self.findings.remark("keys", f"{self.foreign} segments are sealed for other keys than these")
        self._finish_files()

    @staticmethod
    def _since(first, seen):
        """Of an addition: how many rows came from its first segment on, and the running digests over them."""
        digests = [bytes(32), bytes(32)]
        for which, records in enumerate(seen):
            for segment, digest in records:
                if segment >= first:
                    digests[which] = H(digests[which], bytes.fromhex(digest))
        return (sum(segment >= first for segment, _ in seen[TESTIMONY]), *digests)

    def _check_totals(self, report, whole, where):
        """What a report's last record counts: rows with its own, digests of the rows before it. Not
        compared where something is missing, which was said."""
        rows, running, finals, seen, ends = [0, 0], [bytes(32), bytes(32)], [], [[], []], []
        with open(self._file(report, ".jsonl"), encoding="ascii") as lines:
            for line in map(json.loads, lines):
                if line["segment"] >= FIRST_ADDENDUM:
                    continue
                which = STREAMS.index(line["compartment"])
                rows[which] += 1
                for entry in line.get("entries", []):
                    if "final" in entry:
                        ends.append((line["segment"], line["segmentDigest"], entry["final"]))
                        first = entry["final"].get("firstSegment", 0)
                        counted = self._since(first, seen) if first else (rows[TESTIMONY] - 1, *running)
                        finals.append((which, entry["final"], counted[0] + 1, line["segment"] + 1 - first, *map(bytes.hex, counted[1:])))
                running[which] = H(running[which], bytes.fromhex(line["recordDigest"]))
                seen[which].append((line["segment"], line["recordDigest"]))
        if not finals:
            self.findings.remark(where, "incomplete: no record says that it ended")
        first = {name: value for segment, _, final in ends if segment == ends[0][0] for name, value in final.items()}
        renewed = {digest.hex() for digest in self.checked.new_receipts(report)}
        for segment, digest, final in ends:
            if digest in renewed and final.get("mailboxPublicKey"):
                first["mailboxPublicKey"] = final["mailboxPublicKey"]
            later = {name: final[name] for name in ("mailboxPublicKey", "consent") if final.get(name) and segment > ends[0][0]}
            if any(first.get(name) != value for name, value in later.items()):
                self.findings.fault(where, "finished anew: a later part names another mailbox, or allows other things; not to be believed")
        for which, final, row, segments, testimony, identity in finals:
            fits = (final.get("rows", 0), final.get("segments", 0), final["testimonyDigest"]) == (row, segments, testimony)
            if rows[TESTIMONY] == rows[IDENTITY]:
                fits = fits and final["identityDigest"] == identity
            if which == TESTIMONY and whole and not fits:
                self.findings.fault(where, "the last record counts other rows than those that came")


KINDS_OF_FILES = (".jsonl", ".txt")  # what was said exactly, and to read


def put_in_order(path, spans):
    """Only these spans of a file, in this order: segments come as they like, and some come twice."""
    if [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])] and spans[-1][1] == path.stat().st_size:
        return
    ordered = path.with_suffix(".ordered")
    with open(path, "rb") as file, open(ordered, "wb") as out:
        for start, end in spans:
            file.seek(start)
            while start < end:
                piece = file.read(min(end - start, MIB))
                out.write(piece)
                start += len(piece)
    os.replace(ordered, path)


# =================================================================== The command


def write_whole(out, fill):
    """A folder that appears complete or not at all."""
    parent = out.absolute().parent
    hidden = parent / f".{out.name}.{os.getpid()}.partial"
    hidden.mkdir(mode=0o700)
    try:
        result = fill(hidden)
        need(not out.exists(), f"{out} exists already", "refused")
        os.rename(hidden, out)
        return result
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise


def summary(checked, opened):
    parts = [{"file": str(part["path"]), "part": part["part"], "bundle": part.get("id", b"").hex(), "origin": part.get("origin", "")} for part in checked.parts]
    result = {"schema": "resguardo-recovery/1", "parts": parts, "frames": checked.counts}
    result["rosters"] = [{"number": roster.number, "digest": roster.digest.hex()} for _, roster in checked.rosters]
    result["root"] = checked.root.hex() if checked.root else None
    if opened is not None:
        result["opened"] = {"reports": len(opened.reports), "segments": opened.segments, "rows": opened.rows, "files": opened.whole_files}
    return {**result, "faults": checked.findings.faults, "remarks": checked.findings.remarks}


def arguments():
    parser = argparse.ArgumentParser(prog="recover.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="+", type=pathlib.Path)
    parser.add_argument("--root", metavar="HEX")
    parser.add_argument("--keys", action="append", metavar="DIR|FILE")
    parser.add_argument("--grant", action="append", default=[], metavar="FILE")
    parser.add_argument("--passphrase-file", action="append", default=[], type=pathlib.Path, metavar="F")
    parser.add_argument("--out", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--damaged", action="store_true")
    given = parser.parse_intermixed_args()
    if bool(given.keys) != bool(given.out):
        parser.error("--keys and --out come together")
    if given.out is not None and given.out.exists():
        parser.error(f"{given.out} exists already")
    if given.root is not None:
        if not re.fullmatch(r"[0-9a-f]{64}", given.root) or not sound_ed25519(bytes.fromhex(given.root)):
            parser.error("--root is a public key of 64 hexadecimal digits")
        given.root = bytes.fromhex(given.root)
    return given


def read_passphrase(file, what):
    if file is None:
        return getpass.getpass(f"Passphrase of {what}: ").encode()
    with open(file, "rb") as opened:
        return opened.readline(1026).rstrip(b"\n").removesuffix(b"\r")


def tell(kind, findings, most, out):
    """The first few of those that say the same: faults must not drown in remarks."""
    told = {}
    for one in findings:
        told.setdefault(one["what"], []).append(one["where"])
    for what, places in told.items():
        for where in places[:most]:
            print(f"{kind}: {where}: {what}")
        if len(places) > most:
            print(f"{kind}: … and {len(places) - most} more of the same" + (f", all in {out / 'findings.json'}" if out else ""))


def run(given):
    keys = None
    if given.keys:
        keys = unlock_all(given.keys, given.passphrase_file)
    checked, opened = Checked(given.bundle, given.root, given.damaged), None
    grants = read_grants(given.grant, keys, checked) if keys else {}
    if keys is None:
        checked.check_leaves({})
    else:

        def fill(folder):
            nonlocal opened
            opened = Opened(checked, keys, folder, grants)
            need(opened.segments or opened.locked, "these keys open nothing in here; nothing was written", "not_found")
            text = json.dumps(summary(checked, opened), indent=1)
            (folder / "findings.json").write_text(text + "\n", encoding="ascii")

        write_whole(given.out, fill)
    for part in checked.parts:
        print(f"bundle   {part['path']}: part {part['part'] + 1}, log {visible(part.get('origin', '')) or '(none)'}")
    counts = checked.counts
    print(f"whole    {counts['segment']} segments, {counts['row']} rows, {counts['log_entry']} log entries, {counts['roster']} rosters")
    if opened is not None:
        print(f"opened   {len(opened.reports)} reports, {opened.segments} segments, {opened.rows} rows, {opened.whole_files} files: {given.out}")
    tell("remark", checked.findings.remarks, 3, given.out)
    tell("FAULT", checked.findings.faults, 20, given.out)
    return 1 if checked.findings.faults else 0


def main():
    os.umask(0o077)
    given = arguments()
    try:
        return run(given)
    except Broken as broken:
        print(f"recover.py: {broken.why}", file=sys.stderr)
    except OSError as error:
        print(f"recover.py: {error.filename or given.out or 'output'}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print("recover.py: stopped; nothing was written", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
