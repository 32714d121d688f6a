#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/fuzz/corpus/*: where the fuzzers begin, taken from the golden vectors.

    make_corpus.py                     run again after new vectors; adds, never writes a file again

What is an armoured or binary file, a fuzzer gets as it is. `segment`, `import` and `record` are
pieces: each u32le length, then its bytes (Pieces in require.h)."""

import base64
import hashlib
import json
import pathlib
import random
import struct
import sys

here = pathlib.Path(__file__).parent
golden = here.parent / "golden"
sys.path.insert(0, str(golden))
sys.dont_write_bytecode = True
import key_format  # noqa: E402
import make_key_vectors as keys  # noqa: E402
import make_segment_vectors as segments  # noqa: E402
from nacl import bindings as nacl  # noqa: E402
from segment_format import data, element, number, read_vector, varint  # noqa: E402


def write(folder, name, content):
    path = here / "corpus" / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(content)


def vectors(folder):
    for path in sorted((golden / folder).glob("*.txt")):
        yield path.stem, read_vector(path.read_text(encoding="utf-8"))


def field(vector, name):
    return next(bytes.fromhex(value) for key, value in vector if key == name)


def pieces(*parts):
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def from_vectors():
    for name, vector in vectors("keys"):
        write("key_file", name, field(vector, "file"))
        write("armour", "key_" + name, field(vector, "file"))
    for name, vector in vectors("shares"):
        for at, (_, value) in enumerate(pair for pair in vector if pair[0] == "share"):
            if at < 2:
                write("root_share", f"{name}_{at + 1}", bytes.fromhex(value))
    for name, vector in vectors("quorum_files"):
        write("quorum", name, field(vector, "file"))
    for name, vector in vectors("quorum"):
        shares = [bytes.fromhex(value) for key, value in vector if key == "share"]
        if len(field(vector, "header")) < 8192:
            write("quorum_share", name, pieces(field(vector, "header"), *shares))
    for name, vector in vectors("paper"):
        write("paper", name, field(vector, "typed"))
    for name, vector in vectors("roster"):
        write("roster", name, field(vector, "file"))
    for name, vector in vectors("bundle"):
        write("bundle", name, field(vector, "file"))
        frames = frames_of(field(vector, "file"))
        if frames:
            write("import", name, pieces(*frames))
    for name, vector in vectors("segment"):
        rows = [bytes.fromhex(value) for key, value in vector if key == "row"]
        write("segment", name, pieces(field(vector, "header"), *rows))
        records = [bytes.fromhex(value) for key, value in vector if key in ("testimony", "identity")]
        if records:
            write("record", name, pieces(*records))
            write("record", name + "_alone", records[0])
    for name, vector in vectors("log"):
        for what in ("note", "proof"):
            if any(key == what for key, _ in vector):
                write("checkpoint", name, field(vector, what))


def frames_of(bundle):
    """The frames' bytes, without checks, as far as there are any."""
    at, frames = len(key_format.MAGIC), []
    while at + 4 < len(bundle):
        size = struct.unpack_from("<I", bundle, at)[0]
        if size > len(bundle):
            break
        frames.append(bundle[at + 4 : at + 4 + size])
        at += 4 + size + 16
    return frames


def acknowledgements():
    for name, vector in vectors("ack"):
        write("acknowledgement", name, field(vector, "file"))
        for key, value in vector:
            if key == "message":
                write("acknowledgement", f"{name}_message", bytes.fromhex(value))


def journals():
    for name, vector in vectors("journal"):
        for at, (_, value) in enumerate(one for one in vector if one[0] == "entry"):
            if at < 3:
                write("journal", f"{name}_{at}", bytes.fromhex(value))


def export_signatures():
    whole = {"schema": "resguardo-export-signature/1", "member": "11" * 16, "key": "22" * 32, "signature": "33" * 64,
             "certification": "44" * 80, "journalEntries": 7, "journalHead": "55" * 32}
    def text(value):
        return (json.dumps(value, separators=(",", ":")) + "\n").encode()
    write("export_signature", "whole", text(whole))
    write("export_signature", "without_end", text(whole)[:-1])
    write("export_signature", "spaces", (json.dumps(whole) + "\n").encode())
    for name, change in (("capitals", {"member": "AA" * 16}), ("short_key", {"key": "22" * 31}), ("odd", {"signature": "333"}),
                         ("no_number", {"journalEntries": "7"}), ("negative", {"journalEntries": -1}),
                         ("large", {"journalEntries": 2 ** 64}), ("more", {"note": "x"}), ("list", {"journalHead": []})):
        write("export_signature", name, text({**whole, **change}))
    write("export_signature", "deep", b'{"schema":' + b"[" * 200)


def returns():
    for folder, whole in (("reply", "file"), ("withdrawal", "entry")):
        for name, vector in vectors(folder):
            for key, value in vector:
                if key in (whole, "message", "text", "sealed", "statement"):
                    write(folder, name if key == whole else f"{name}_{key}", bytes.fromhex(value))
    for name, vector in vectors("replacement"):
        for at, (_, value) in enumerate(one for one in vector if one[0] == "entry"):
            write("log", f"replacement_{name}_{at}", bytes.fromhex(value))


def armours():
    analyst = keys.Analyst("Analyst 1")
    signed = analyst.signed_list()
    member = number(1, 1) + data(2, analyst.id) + data(3, b"Analyst 1") + data(4, analyst.public) + data(5, signed)
    write("epoch_list", "list", analyst.list())
    write("epoch_list", "signed", signed)
    write("epoch_list", "member", member)
    write("epoch_list", "member.txt", key_format.armour("MEMBER", member).encode())
    analyst.reserve = b""
    write("epoch_list", "without_reserve", analyst.list())
    write("armour", "member", key_format.armour("MEMBER", member).encode())
    write("armour", "list", key_format.armour("EPOCH LIST", signed).encode())
    roster = keys.Roster().file()
    write("armour", "roster", key_format.armour("ROSTER", roster).encode())
    write("armour", "draft", key_format.armour("ROSTER DRAFT", roster).encode())
    write("armour", "empty", key_format.armour("ROSTER", b"").encode())
    draft = keys.Roster()
    draft.signatures = []
    write("roster", "draft.txt", key_format.armour("ROSTER DRAFT", draft.file()).encode())
    write("roster", "content", keys.Roster().message())


def whole_bundle():
    """A bundle whose one report the fuzzer's reader opens, logged and under a sound roster."""
    frame, form = key_format.frame, b'id: "form" version: "1"'
    _, header, rows = segments.make(segments.THREE)
    chain = hashlib.sha256(header).digest()
    for row in rows:
        chain = hashlib.sha256(chain + row).digest()
    entry = data(1, keys.seeded("salt", 16)) + number(2, 1) + data(3, segments.seeded("report", 16))
    entry += data(4, hashlib.sha256(chain).digest()) + number(5, 20778)
    roster = keys.Roster().file()
    frames = [
        keys.BUNDLE_HEADER,
        frame(key_format.ROSTER, element(1, roster)),
        frame(key_format.FORM, data(1, form) + data(2, key_format.blake2b(form))),
        frame(key_format.LOG, data(2, entry)),
        frame(key_format.SEGMENT, data(1, header) + number(2, len(rows)) + number(3, 20778) + number(4, 1)),
        *(frame(key_format.ROW, data(1, row)) for row in rows),
        frame(key_format.END, key_format.totals(1, 1, 1, 1, len(rows), 1)),
    ]
    write("import", "report", pieces(*frames))
    write("bundle", "report", key_format.bundle(frames))
    media, full = keys.seeded("media", 16), b"c" * (64 * 1024 + 17)
    chunk = [data(1, media) + data(3, full), data(1, media) + number(2, 1) + data(3, b"c" * 40)]
    other = data(1, keys.seeded("other", 16)) + data(3, b"c" * 17)
    end = frame(key_format.END, key_format.totals(1, 1, 1, 1, len(rows), 1, 3))
    files = [*frames[:-1], *(frame(6, one) for one in [*chunk, other]), end]
    write("import", "files", pieces(*files))
    write("bundle", "files", key_format.bundle(files))


def records():
    """Every kind of entry (proto/record.proto)."""
    answer = data(1, b"story") + element(2, varint(1) + varint(300)) + data(3, b"es") + element(5, b"mx") + element(5, b"us")
    kinds = {
        "answer": element(1, answer + data(6, "Río\0👩‍👧".encode()) + number(12, 2)),
        "number": element(1, data(1, b"age") + number(7, 17)),
        "date": element(1, data(1, b"when") + element(8, data(1, b"2026-10~") + data(2, b"month"))),
        "place": element(1, data(1, b"where") + element(9, data(1, b"MX-TAM") + data(2, b"region"))),
        "money": element(1, data(1, b"paid") + element(10, number(1, 150000) + data(2, b"MXN"))),
        "point": element(1, data(1, b"pin") + element(11, b"\x09" + struct.pack("<d", 25.9) + b"\x11" + struct.pack("<d", -97.5) + data(3, b"pin"))),
        "correction": element(2, data(1, bytes(range(16))) + element(2, data(1, b"story") + data(6, b"otro"))),
        "retraction": element(3, data(1, bytes(range(16)))),
        # As the bot writes them: where the conversation stood, then the mark beside words that lie
        # with the identity, a question of a repeat that fell, and picks that were not finished.
        "edit": element(2, data(1, bytes(range(16))) + element(2, data(1, b"next") + element(2, varint(0)) + data(3, b"ht") + data(6, "mwen te ekri l mal".encode()))),
        "edit_without_words": element(2, data(1, bytes(range(16))) + element(2, data(1, b"contact") + data(3, b"es"))),
        "fell": element(3, data(2, b"doer_count") + element(3, varint(0) + varint(2))),
        "picks": element(1, data(1, b"what") + data(3, b"es") + element(5, b"robbery") + element(5, b"threats") + number(15, 1)),
        "media_sent": element(4, data(1, bytes(range(16))) + data(9, b"story") + element(10, varint(1)) + data(11, b"mi foto")),
        "media": element(4, data(1, bytes(range(16))) + data(2, b"k" * 32) + data(3, b"h" * 24) + number(4, 5) + number(5, 8) + number(6, 1) + data(7, b"s" * 32) + data(8, b"image/jpeg")),
        "lost": element(4, data(1, bytes(range(16))) + number(14, 1)),
        "event": element(5, number(1, 2) + data(2, b"code")),
        "padding": element(6, b""),
        "pause": element(7, b""),
        "final": element(8, number(1, 16) + number(2, 1) + data(3, b"t" * 32) + data(4, b"i" * 32) + data(5, b"m" * 32) + data(6, b"form") + data(7, b"1") + element(10, b"research")),
    }
    whole = {}
    for name, entry in kinds.items():
        salt = element(1, keys.seeded(name, 16))
        whole[name] = salt + number(2, 1795219200000) + data(3, bytes(range(16))) + element(4, entry)
        write("record", f"entry_{name}", whole[name])
    write("record", "every_entry", pieces(*whole.values()))


def receipts():
    """Digits whose check digit fits (Damm's table), as people type them, and some that are nearly one."""
    table = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
             "3674209581", "5869720134", "8945362017", "9438617205", "2581436790")  # fmt: skip
    digits, interim = "53909772438193900712711", 0
    for digit in digits:
        interim = int(table[interim][int(digit)])
    whole = digits + str(interim)
    groups = [whole[at : at + 4] for at in range(0, 24, 4)]
    for name, typed in {"grouped": " ".join(groups), "together": whole, "hyphens": "-".join(groups) + ".", "letters": "my code " + whole,
                        "short": whole[:-1], "long": whole + "0", "wrong": digits + str((interim + 1) % 10)}.items():  # fmt: skip
        write("receipt", name, typed.encode())
    write("receipt", "wrapped", bytes(72))


def log():
    salt = data(1, keys.seeded("salt", 16))
    day = number(5, 20778)
    digest = data(4, keys.seeded("digest"))
    write("log", "report", salt + number(2, 1) + data(3, keys.seeded("report", 16)) + digest + day)
    write("log", "report_with_withdrawal_key", salt + number(2, 1) + data(3, keys.seeded("report", 16)) + digest + day + data(6, keys.seeded("hash")))
    replaced = data(6, keys.seeded("hash")) + data(11, keys.seeded("next"))
    write("log", "report_with_replacement", salt + number(2, 1) + data(3, keys.seeded("report", 16)) + digest + day + replaced)
    write("log", "replacement", salt + number(2, 2) + data(3, keys.seeded("report", 16)) + digest + day + replaced + data(12, keys.seeded("token")))
    write("log", "roster", salt + number(2, 7) + digest + day)
    write("log", "closed", salt + number(2, 9) + digest + day + data(10, b"2026-W47"))
    write("log", "restart", salt + number(2, 11) + digest + day)
    write("log", "withdrawal", salt + number(2, 4) + data(3, keys.seeded("report", 16)) + digest + day + data(7, b"statement") + data(8, bytes(32)) + data(9, bytes(64)))
    public, secret = nacl.crypto_sign_seed_keypair(keys.seeded("log"))
    root = base64.b64encode(hashlib.sha256(b"\0leaf").digest()).decode()
    text = f"example.org/log\n2\n{root}\n".encode()
    origin = b"example.org/log"
    key_id = hashlib.sha256(origin + b"\n\x01" + public).digest()[:4]
    line = "\n\u2014 ".encode() + origin + b" " + base64.b64encode(key_id + nacl.crypto_sign(text, secret)[:64]) + b"\n"
    write("log", "note", text + line)
    write("log", "note_with_witness", text + line + "\u2014 witness.example AAAAAAAA\n".encode())
    write("log", "note_other_text", text.replace(b"\n2\n", b"\n3\n") + line)


FORM = """id: "form" version: "1" languages: "es" languages: "en"
sections {{ id: "all" nodes {{
  id: "who" relevant: "{relevant}" texts {{ language: "es" full: "¿Quién?" }} texts {{ language: "en" full: "Who?" }}
  single_choice {{ choices {{ code: "self" titles {{ language: "es" title: "Yo" }} titles {{ language: "en" title: "Me" }} }} }} }}
  nodes {{ id: "story" texts {{ language: "es" full: "Cuente" }} texts {{ language: "en" full: "Tell" }} narrative {{ }} }}
  nodes {{ id: "bye" message {{ after: AFTER_END }} }} }}
landmarks {{ language: "who" safety: "who" consent: "who" receipt: "bye" }}
"""


def questionnaires():
    expressions = {
        "plain": "who == 'self'",
        "list": "not who in ['self','family']",
        "counts": "count(who) + 1 > 2 or (answered(who) and selected(who,'self'))",
        "open": "((((who",
        "empty": "",
    }
    for name, relevant in expressions.items():
        write("questionnaire", name, FORM.format(relevant=relevant).encode())
    write("questionnaire", "groups", b'id: "g" version: "1" sections { nodes { id: "a" ' + b"group { nodes { " * 8 + b"} } " * 8 + b"} }")
    write("questionnaire", "deep", b"sections { nodes { " + b"group { nodes { " * 300)


def requests():
    head = b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: test\r\n"
    for name, text in {
        "get": b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n",
        "length": head + b"Content-Length: 5\r\nX-Hub-Signature-256: sha256=00\r\n\r\nhello",
        "chunked": head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "trailer": head + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: b\r\n\r\n",
        "extension": head + b"Transfer-Encoding: chunked\r\n\r\n1;a=b\r\na\r\n0\r\n\r\n",
        "both": head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
        "twice": head + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "folded": head + b"X-A: b\r\n c\r\n\r\n",
        "pipelined": b"GET /a HTTP/1.1\r\nHost: t\r\n\r\n" * 3,
        "old": b"GET / HTTP/1.0\r\n\r\n",
        "answer": b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
        "answer_chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "answer_to_the_end": b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n",
        "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    }.items():
        write("http", name, text)


def configurations():
    least = (
        '[server]\nthreads = 2\n[store]\ndirectory = "data"\nmaster_key_file = "secrets/master.key"\n'
        '[roster]\npath = "roster.signed"\nroot_public_key = "x"\n[form]\npath = "forms/a.txtpb"\n'
    )
    signal = '[signal]\nmode = "jsonrpc"\napi_base = "http://127.0.0.1:8082"\naccount = "+15550100000"\n'
    whatsapp = (
        '[whatsapp]\nphone_number_id = "1"\napp_secret_file = "a"\naccess_token_file = "b"\nverify_token_file = "c"\n'
        "messages_per_second = 80\n"
    )
    rest = (
        '[dialogue]\ncover_text = { es = "Hola." }\nstart_words = ["girasol"]\nutc_offset = "-06:00"\n[limits]\n'
        'conversations = 1000\nbody_bytes = "3MB"\nmedia_bytes = 0\n[retention]\nidle_timeout = "72h"\nacknowledged = "30d"\n'
    )
    for name, text in {
        "least": least,
        "signal": least + signal,
        "whatsapp": least + whatsapp,
        "all": least + signal + whatsapp + rest,
        "limits": least.replace(
            "threads = 2", 'trusted_proxies = ["10.0.0.0/8", "unix", "::1"]\nforwarded_header = "forwarded"\nsandbox = "warn"\nlocked_memory = "require"'
        )
        + signal
        + "[limits]\nper_sender_per_minute = 30\nconnections = 1024\nconnections_per_address = 128\nrefusals_per_minute = 120\n"
        "idle_seconds = 60\nrequest_seconds = 30\n",
        "unknown": least + "[nothing]\nkey = 1\n",
        "types": least.replace("2", '"two"') + 'listen = ["a"]\n',
        "broken": least + "[limits\n",
    }.items():
        write("config", name, text.encode())


def messengers():
    cases = here.parent / "bot" / "gateway" / "cases"
    for path in sorted((here / "corpus" / "gateway_signal").glob("*.json")):
        write("signal_stream", path.stem, b"event:receive\ndata:" + path.read_bytes().strip() + b"\n\n:\n\n")
    for path in sorted((cases / "files").glob("*/*.case")):
        told, url, answers = b"900100", b"", []
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, rest = line.partition(": ")
            if kind == "told":
                words = dict(word.split("=", 1) for word in rest.split() if "=" in word)
                told, url = words.get("ref", "").encode(), words.get("url", "").encode()
            elif kind == "answer":
                status, _, body = rest.partition(" ")
                known = ["200", "200", "201", "302", "400", "404", "429", "500", "0"]
                answers.append(bytes([known.index(status) if status in known else 4]) + body.encode())
        if answers:
            write("files", f"{path.parent.name}_{path.stem}", pieces(told, url, *answers))


def backups():
    header = element(1, number(1, 1) + number(2, 20000) + data(3, b"test.example/log"))
    small = [element(2, data(1, b"keys/store.key")), data(3, b"k" * 60), element(2, data(1, b"log.pub")), data(3, b"p" * 40)]
    media = [element(2, data(1, b"media/" + keys.seeded("media", 16).hex().encode())), data(3, b"m" * 70)]
    reports = [element(2, data(1, b"reports.db")), data(3, b"r" * 100), data(3, b"r" * 20)]
    end = element(4, number(1, 4) + number(2, 290) + data(3, bytes(32)))
    write("backup", "whole", pieces(header, *small, *reports, *media, end))
    write("backup", "twice", pieces(header, *reports, *reports, end))
    write("backup", "elsewhere", pieces(header, element(2, data(1, b"../../etc/passwd")), data(3, b"x"), end))
    write("backup", "elsewhere_media", pieces(header, element(2, data(1, b"media/../../x")), data(3, b"x"), end))
    write("backup", "cut", b"resguardo backup 1\n\x05\0\0\0ab")


def conversations():
    """Bytes as conversation_fuzz.cpp reads them: the operator's choices, then what and which for each act."""
    consent = b"".join(bytes((5, word)) for word in range(8))
    for name, chosen in (("signal", 0), ("whatsapp", 1), ("batched", 0b10001), ("cover", 0b0111)):
        chance = random.Random(name)
        for at in range(5):
            acts = bytearray()
            for _ in range(24):
                what = chance.choice([0, 0, 0, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15])
                acts += bytes((what, chance.randrange(256)))
                if what in (8, 10, 12, 15):
                    acts += bytes(chance.randrange(256) for _ in range(6))
            write("conversation", f"{name}_{at}", bytes([chosen]) + (consent if at else b"") + bytes(acts))


if __name__ == "__main__":
    from_vectors()
    requests()
    configurations()
    messengers()
    backups()
    conversations()
    armours()
    acknowledgements()
    journals()
    returns()
    export_signatures()
    whole_bundle()
    records()
    receipts()
    log()
    questionnaires()
