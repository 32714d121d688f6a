#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one reader takes, the other takes: thousands of messages that are nearly right, told to our
C++ and to analyst/recover/recover.py. Their answers must be the same, word for word.

    check_agreement.py PROGRAM [CORPUS]

PROGRAM is say_verdicts. CORPUS: a folder of fuzzers' corpora (tests/fuzz/corpus, or what a run of
`tests/run.sh --preset fuzz` found); every input of it is told too.

An attacker does not change what was signed or sealed, but signs and seals what they like, and anyone
can seal. So each message is changed at every place and depth, and then hashed, signed and put into
its place as an honest writer would."""

import collections
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
golden = pathlib.Path(__file__).parent
sys.path[:0] = [str(golden), str(golden.parent.parent / "analyst" / "recover")]
import key_format  # noqa: E402
import log_format  # noqa: E402
import make_key_vectors as keys  # noqa: E402
import make_log_vectors as logs  # noqa: E402
import make_quorum_file_vectors as carried  # noqa: E402
import make_quorum_vectors as quorums  # noqa: E402
import make_segment_vectors as segments  # noqa: E402
import recover  # noqa: E402
from nearly import changed  # noqa: E402
from segment_format import blake2b, data, element, number, read_vector  # noqa: E402

ORIGIN = "resguardo.example/log"

# ------------------------------------------------------------------- the second reader's verdicts


def pieces_of(content):
    """As Pieces of tests/fuzz/require.h."""
    found = []
    while content:
        size = int.from_bytes(content[:4], "little")
        found.append(content[4 : 4 + size])
        content = content[4 + size :]
    return found


def say_segment(content):
    header, *rows = pieces_of(content) or [b""]
    epoch = segments.seeded("epoch key 1")
    own = {(b"\1" * 16, "2026-W47"): epoch, (b"\1" * 16, "reserve"): epoch}
    reader = recover.SegmentReader(recover.ParsedHeader(header), own)
    count, words = 0, bytes(32)
    for row in rows:
        try:
            opened = reader.open_row(row)
        except recover.Broken:
            break
        words = blake2b(words + b"".join(record or b"" for record in opened))
        count += 1
    return f"{count} {words.hex()}"


def say_roster(content):
    if content.startswith(b"-----BEGIN"):
        content = recover.dearmour("ROSTER", content)
    roster = recover.Roster(content)
    return f"{roster.digest.hex()} {roster.lists_digest.hex()}"


def say_checkpoint(content):
    try:
        note = content.decode()
    except UnicodeDecodeError:
        return "no"
    size, root = recover.read_checkpoint(note, ORIGIN, [log_format.key_pair(logs.LOG)[0]])
    return f"{size} {root.hex()}"


def say_bundle(content, file):
    file.write_bytes(content)
    checked = recover.Checked([file], None, True)
    if file in checked.stops:
        told = next(fault["what"] for fault in checked.findings.faults if fault["where"] == str(file))
        _, _, _, frame, _, offset, *_ = told.replace(",", "").replace(":", "").split()
        return f"damaged {frame} {offset}"
    counts = [checked.counts[name] for name in ("roster", "questionnaire", "log_entry", "segment", "row", "media_chunk")]
    return "whole " + " ".join(map(str, [*counts, len(checked.chains)]))


def say(kind, content, file):
    try:
        if kind == "bundle":
            return say_bundle(content, file)
        if kind in ("segment", "roster", "checkpoint"):
            return {"segment": say_segment, "roster": say_roster, "checkpoint": say_checkpoint}[kind](content)
        {"request": recover.read_request, "grant": recover.read_grant, "record": recover.read_record, "header": recover.ParsedHeader, "key": recover.KeyFile, "entry": recover.read_log_entry}[kind](content)
        return "yes"
    except recover.Broken:
        return "no"


# ------------------------------------------------------------------- messages that are nearly right


def records():
    """One of each kind, as tests/fuzz/make_corpus.py has them."""
    folder = golden.parent / "fuzz" / "corpus" / "record"
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        try:
            recover.read_record(content)
            yield content
        except recover.Broken:
            for piece in pieces_of(content):
                try:
                    recover.read_record(piece)
                    yield piece
                except recover.Broken:
                    pass


def many_parts():
    """More parts than any writer makes, and still within every bound of the page."""
    answer = data(1, b"n") + element(5, b"") * 200
    yield data(1, bytes(range(16))) + number(2, 1) + element(4, element(1, answer)) * 300


def nearly_records():
    for record in dict.fromkeys(records()):
        yield from changed(recover.SCHEMAS["Record"], record)
    yield from many_parts()


def nearly_entries():
    salt, digest = bytes(range(16)), bytes(range(32))
    for more in (b"", data(6, digest), data(6, digest) + data(7, b"s") + data(8, b"k") + data(9, b"g"), data(10, b"2026-W47"), data(6, digest) + data(11, digest), data(6, digest) + data(11, digest) + data(12, digest)):
        kind = 4 if b"s" in more else 9 if b"W47" in more else 2 if data(12, digest) in more else 1
        yield from changed(recover.SCHEMAS["LogEntry"], data(1, salt) + number(2, kind) + data(3, salt) + data(4, digest) + number(5, 20778) + more)


def nearly_headers():
    """Whatever is changed inside, the contexts name the sets as they are."""
    for header in (segments.make(segments.THREE)[1], quorums.seal(quorums.two_houses())[0]):
        yield from nearly_this_header(header)


def nearly_this_header(header):
    yield from changed(recover.SCHEMAS["SegmentHeader"], header)
    parsed = recover.strict(recover.SCHEMAS["SegmentHeader"], header)

    def with_stream(name, chosen, context):
        stream = {**parsed[name], "envelope_set": chosen, "context": context}
        return recover.write_message(recover.SCHEMAS["SegmentHeader"], {**parsed, name: stream})

    for name in recover.STREAMS:
        own = parsed[name]["context"]
        for context in changed(recover.SCHEMAS["SegmentContext"], own):
            yield with_stream(name, parsed[name]["envelope_set"], context)
        for chosen in changed(recover.SCHEMAS["EnvelopeSet"], parsed[name]["envelope_set"]):
            fields = {**recover.strict(recover.SCHEMAS["SegmentContext"], own), "set_digest": blake2b(chosen)}
            yield with_stream(name, chosen, recover.write_message(recover.SCHEMAS["SegmentContext"], fields))


def nearly_segments():
    """Rows changed around their ciphertexts, dropped, doubled and exchanged."""
    _, header, rows = segments.make(segments.THREE)

    def with_rows(chosen):
        return b"".join(len(part).to_bytes(4, "little") + part for part in (header, *chosen))

    for at, row in enumerate(rows):
        for other in changed(recover.SCHEMAS["SealedRow"], row):
            yield with_rows([*rows[:at], other, *rows[at + 1 :]])
        yield with_rows([*rows[:at], *rows[at + 1 :]])
        yield with_rows([*rows[: at + 1], *rows[at:]])
        yield with_rows([rows[at], *rows])


def nearly_rosters():
    """Signed by root whatever it says, with lists that their members signed."""

    def with_message(roster, message):
        return key_format.roster_file(
            key_format.signed(message, (roster.root_public, key_format.sign(roster.root, "roster", message))),
            *(analyst.signed_list() for analyst in roster.analysts if (analyst.role, analyst.state) == (1, 1)))  # fmt: skip

    sound, wide = keys.Roster(), keys.Roster()
    other = keys.Analyst("Researcher")
    other.role = 2
    wide.analysts.append(other)
    wide.next_root = keys.nacl.crypto_sign_seed_keypair(keys.seeded("next root"))[0]
    for roster in (sound, wide):
        yield from changed(recover.SCHEMAS["RosterFile"], roster.file())
        for message in changed(recover.SCHEMAS["Roster"], roster.message()):
            yield with_message(roster, message)
    for exact in changed(recover.SCHEMAS["EpochList"], sound.analysts[1].list()):
        one = keys.Roster()
        signer = one.analysts[1]
        signed = key_format.signed(exact, (signer.public, key_format.sign(signer.secret, "epoch-list", exact)))
        one.lists = [one.analysts[0].signed_list(), signed]
        yield one.file()
    # Keys with two uses: root's as a researcher's, and a second root's as a member's.
    root_researches = keys.Roster()
    other = keys.Analyst("Researcher")
    other.role, other.public = 2, root_researches.root_public
    root_researches.analysts.append(other)
    yield root_researches.file()
    second = keys.Roster()
    message, member = second.message(), second.analysts[0]
    second.signatures = [(second.root_public, key_format.sign(second.root, "roster", message)), (member.public, key_format.sign(member.secret, "roster", message))]
    yield second.file()


def nearly_keys():
    for path in sorted((golden / "keys").glob("*.txt")):
        text = next(bytes.fromhex(value) for key, value in read_vector(path.read_text(encoding="utf-8")) if key == "file")
        try:
            recover.KeyFile(text)
        except recover.Broken:
            continue
        file = recover.strict(recover.SCHEMAS["KeyFile"], recover.dearmour("LOCKED KEY", text))
        for content in changed(recover.SCHEMAS["KeyFile"], key_format.key_file(file["header"], file["locked"])):
            yield key_format.armour("LOCKED KEY", content).encode()
        for header in changed(recover.SCHEMAS["KeyFileHeader"], file["header"]):
            yield key_format.armour("LOCKED KEY", key_format.key_file(header, file["locked"])).encode()
        for wrong in (text + b"\n", text[:-1], text.replace(b"\n", b"\r\n"), b" " + text, text.replace(b"=", b""), text.replace(b"\n-----END", b"\n\n-----END"), text + text):
            yield wrong


def nearly_checkpoints():
    text = log_format.checkpoint(ORIGIN, 23, log_format.root(logs.LEAVES), "day 2026-11-21")
    root = log_format.b64(log_format.root(logs.LEAVES))
    sizes = ["0", "00", "+1", " 1", "1 ", "1_0", "٣", str(2**63 - 1), str(2**63), str(2**64), "9" * 19, "9" * 40, "1e3", ""]
    texts = [text, *(text.replace("\n23\n", f"\n{size}\n") for size in sizes)]
    texts += [text.replace("day", more) for more in ("\u200bday", "day\t", "día", "\x7f", "x" * 101, " day", "\x85", "\u2028")]
    texts += [text + line + "\n" for line in ("", " ", "x", "x" * 100, "\u202e", "— a b")]
    texts += [text.replace(root, other) for other in (root.rstrip("="), root + "=", root[:-2] + "==", " " + root, root.replace("/", "_").replace("+", "-"), root[:10] + "\u00a0" + root[10:])]
    for one in texts:
        own = log_format.note_line(ORIGIN, logs.LOG, one)
        yield f"{one}\n{own}".encode()
        yield f"{one}\n{own}{own}".encode()
    own = log_format.note_line(ORIGIN, logs.LOG, text)
    for more in ("\n", "x\n", own[:-1], own.replace("—", "-"), own.replace(" ", "  "), own.replace(ORIGIN, "other"), "— a+b AAAAAAA=\n", "— a AAAA\n", "— a AAAAAA==\n", "— \u202e AAAAAAA=\n", "— a AAAAAAB=\n"):
        yield f"{text}\n{own}{more}".encode()
    for count in (15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129):
        yield (f"{text}\n{own}" + "— w AAAAAAA=\n" * (count - 1)).encode()
    for size in (4095, 4096, 16384, 16385, 65536, 65537, 1 << 20):
        long = log_format.checkpoint(ORIGIN, 23, log_format.root(logs.LEAVES), *["x" * 99] * (size // 100))
        yield f"{long}\n{log_format.note_line(ORIGIN, logs.LOG, long)}".encode()


def frames_of(content):
    at, frames = len(recover.MAGIC), []
    while at + 4 <= len(content):
        size = int.from_bytes(content[at : at + 4], "little")
        frames.append(content[at + 4 : at + 4 + size])
        at += 20 + size
    return frames


def nearly_bundles():
    """Frames changed, moved, doubled and dropped under true checks."""
    whole = (golden.parent / "fuzz" / "corpus" / "bundle" / "report").read_bytes()
    frames = frames_of(whole)
    yield whole
    for more in (b"\0", b"x" * 20, whole):
        yield whole + more
    for at, frame in enumerate(frames):
        yield key_format.bundle(frames[:at])
        yield key_format.bundle(frames[:at] + frames[at + 1 :])
        yield key_format.bundle(frames[: at + 1] + frames[at:])
        for other in range(at):
            swapped = list(frames)
            swapped[at], swapped[other] = swapped[other], swapped[at]
            yield key_format.bundle(swapped)
        for content in changed(recover.SCHEMAS["Frame"], frame):
            yield key_format.bundle([*frames[:at], content, *frames[at + 1 :]])
    for at in range(0, len(whole), 7):
        yield whole[:at]
        yield whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def nearly_requests():
    """Signed by one key whatever it says."""
    for message in changed(recover.SCHEMAS["QuorumRequest"], carried.request(origin="log", checkpoint="x")):
        signature = (carried.PUBLIC, key_format.sign(carried.SECRET, "quorum-request", message))
        yield key_format.armour("QUORUM REQUEST", key_format.signed(message, signature)).encode()


def nearly_grants():
    for message in changed(recover.SCHEMAS["QuorumGrant"], carried.grant()):
        signature = (carried.PUBLIC, key_format.sign(carried.SECRET, "quorum-grant", message))
        yield key_format.armour("QUORUM GRANT", key_format.signed(message, signature)).encode()


NEARLY = {"request": nearly_requests, "grant": nearly_grants, "record": nearly_records, "entry": nearly_entries, "header": nearly_headers, "segment": nearly_segments, "roster": nearly_rosters, "key": nearly_keys, "checkpoint": nearly_checkpoints, "bundle": nearly_bundles}

# ------------------------------------------------------------------- fuzzers' corpora


def from_corpus(folder):
    for path in sorted(pathlib.Path(folder).glob("*/*")):
        content, fuzzer = path.read_bytes(), path.parent.name.removesuffix("_fuzz")
        if fuzzer == "record":
            for one in (content, *pieces_of(content)):
                yield "record", one
        elif fuzzer == "segment":
            yield "segment", content
            yield "header", (pieces_of(content) or [b""])[0]
        elif fuzzer == "import":
            yield "bundle", key_format.bundle(pieces_of(content))
        elif fuzzer == "key_file":
            yield "key", content
            yield "key", key_format.armour("LOCKED KEY", content).encode()
        elif fuzzer == "log":
            yield "entry", content
        elif fuzzer in ("roster", "checkpoint", "bundle"):
            yield fuzzer, content


# ------------------------------------------------------------------- comparing


def agree(kind, ours, theirs):
    """A log entry that is none stops both; our program says what is wrong with the server, not
    with the file."""
    return ours == theirs or (kind == "bundle" and ours == "problem" and theirs.startswith("damaged"))


def main():
    program = sys.argv[1]
    cases = [(kind, content) for kind, make in NEARLY.items() for content in make()]
    for folder in sys.argv[2:]:
        cases += from_corpus(folder)
    cases = list(dict.fromkeys(cases))
    lines = "".join(f"{kind} {content.hex()}\n" for kind, content in cases)
    ours = subprocess.run([program], input=lines, check=True, capture_output=True, text=True).stdout.split("\n")
    assert len(ours) == len(cases) + 1, f"{len(ours) - 1} answers to {len(cases)}"
    counts, differ = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for (kind, content), answer in zip(cases, ours):
            other = say(kind, content, pathlib.Path(folder) / "bundle")
            counts[kind, other.split(" ")[0] not in ("no", "damaged")] += 1
            if not agree(kind, answer, other):
                differ += 1
                if differ <= 40:
                    print(f"{kind}: C++ says {answer[:60]}, Python says {other[:60]}: {content.hex()[:4000]}")
    for kind in sorted({kind for kind, _ in counts}):
        print(f"{kind}: {counts[kind, True]} taken, {counts[kind, False]} refused, by both")
        assert counts[kind, True] and counts[kind, False], f"{kind}: nothing was taken, or nothing refused"
    assert differ == 0, f"{differ} of {len(cases)}: the readers do not agree"


if __name__ == "__main__":
    main()
