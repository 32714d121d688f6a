#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tests/golden/log/*.txt: one success or one failure each, named after it.

    make_log_vectors.py DIRECTORY

Every run gives the same bytes. The committed files stay: what was written once must be read for
ever."""

import hashlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from log_format import *  # noqa: E402,F403
from log_format import b64  # noqa: E402

ORIGIN = "resguardo.example/log"
LOG, OTHER, WITNESS = (hashlib.sha256(name).digest() for name in (b"log", b"other", b"witness"))
ENTRIES = [f"entry {i}".encode() * (i + 1) for i in range(23)]
LEAVES = [leaf(entry) for entry in ENTRIES]


class Writer:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, comment, kind, expect, **fields):
        lines = ["# SPDX-License-Identifier: AGPL-3.0-or-later", f"# {comment}", f"kind: {kind}", f"expect: {expect}"]
        for key, value in fields.items():
            for one in value if isinstance(value, list) else [value]:
                lines.append(f"{key}: {one.hex() if isinstance(one, bytes) else one}")
        (self.folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def trees(out):
    for size in (0, 1, 2, 3, 7, 8, 23):
        out.write(f"tree_{size}", f"The root over {size} entries.", "tree", "success",
                  entry=ENTRIES[:size], root=root(LEAVES[:size]))


def inclusions(out):
    def case(name, comment, expect, index, size, path, entry=None):
        out.write(f"inclusion_{name}", comment, "inclusion", expect, entry=entry or ENTRIES[index], index=index,
                  size=size, root=root(LEAVES[:size]), node=path)

    for index, size in ((0, 1), (0, 2), (2, 3), (6, 7), (0, 8), (11, 23), (22, 23)):
        case(f"{index}_of_{size}", "As RFC 6962 defines it.", "success", index, size, inclusion(LEAVES[:size], index))
    path = inclusion(LEAVES, 11)
    case("other_entry", "The path of another entry.", "unauthentic", 11, 23, path, ENTRIES[12])
    case("other_index", "The path of another index.", "unauthentic", 12, 23, path, ENTRIES[11])
    case("too_short", "One hash is missing.", "unauthentic", 11, 23, path[:-1])
    case("too_long", "One hash too many.", "unauthentic", 11, 23, path + [LEAVES[0]])
    case("swapped", "Two hashes in each other's place.", "unauthentic", 11, 23, [path[1], path[0], *path[2:]])
    node_as_leaf = LEAVES[0] + LEAVES[1]
    case("node_as_leaf", "An inner node is not a leaf.", "unauthentic", 0, 4, [root(LEAVES[2:4])], node_as_leaf)


def consistencies(out):
    def case(name, comment, expect, old, size, proof, old_root=None):
        out.write(f"consistency_{name}", comment, "consistency", expect, old_size=old, size=size,
                  old_root=old_root or root(LEAVES[:old]), root=root(LEAVES[:size]), node=proof)

    for old, size in ((0, 5), (1, 2), (3, 7), (4, 7), (6, 8), (8, 8), (11, 23), (16, 23)):
        proof = consistency(LEAVES[:size], old) if old else []
        case(f"{old}_to_{size}", "As RFC 6962 defines it.", "success", old, size, proof)
    forked = root([*LEAVES[:5], LEAVES[20], *LEAVES[6:11]])
    proof = consistency(LEAVES, 11)
    case("forked", "The old tree held another entry.", "unauthentic", 11, 23, proof, forked)
    case("shrunk", "From more entries to fewer.", "unauthentic", 23, 11, proof)
    case("too_short", "One hash is missing.", "unauthentic", 11, 23, proof[:-1])
    case("equal_but_other", "One size, two roots.", "unauthentic", 11, 11, [], forked)


def checkpoints(out):
    public, _ = key_pair(LOG)
    text = checkpoint(ORIGIN, 23, root(LEAVES), "day 2026-11-21")
    sound = note_line(ORIGIN, LOG, text)

    def case(name, comment, expect, note, **fields):
        note = note if isinstance(note, bytes) else note.encode()
        out.write(f"checkpoint_{name}", comment, "checkpoint", expect, note=note, log_key=public, **fields)

    case("sound", "Origin, size, root, day, one signature.", "success", f"{text}\n{sound}", seed=LOG, origin=ORIGIN,
         size=23, root=root(LEAVES), day="2026-11-21")
    plain = checkpoint(ORIGIN, 0, root([]))
    case("empty_log", "No entries, no extension line.", "success", f"{plain}\n{note_line(ORIGIN, LOG, plain)}",
         seed=LOG, origin=ORIGIN, size=0, root=root([]))
    witness_key, _ = key_pair(WITNESS)
    cosigned = cosignature_line("witness.example/w1", WITNESS, text, 1795267200)
    case("cosigned", "And a witness's cosignature/v1.", "success", f"{text}\n{sound}{cosigned}", origin=ORIGIN, size=23,
         root=root(LEAVES), day="2026-11-21", witness=witness_key, time=1795267200)
    by_note = note_line("witness.example/w1", WITNESS, text)
    case("witness_by_note", "A witness that signs notes plainly.", "success", f"{text}\n{sound}{by_note}",
         origin=ORIGIN, size=23, root=root(LEAVES), day="2026-11-21", witness=witness_key)
    case("cosignature_of_other_text", "The cosignature is of another tree.", "success",
         f"{text}\n{sound}{cosignature_line('w', WITNESS, plain, 1)}", origin=ORIGIN, size=23, root=root(LEAVES),
         day="2026-11-21", no_witness=witness_key)
    case("other_key", "Signed by a key that is not the log's.", "unauthentic", f"{text}\n{note_line(ORIGIN, OTHER, text)}")
    case("other_name", "Signed under another log's name.", "unauthentic", f"{text}\n{note_line('other', LOG, text)}")
    case("other_text", "The signature of another text.", "unauthentic", f"{text}\n{note_line(ORIGIN, LOG, plain)}")
    case("one_of_two_wrong", "A second line of the same key that does not fit.", "unauthentic",
         f"{text}\n{sound}{note_line(ORIGIN, LOG, plain)}")
    for name, comment, wrong in (
            ("size_with_zero", "A leading zero.", text.replace("\n23\n", "\n023\n")),
            ("size_negative", "A size below none.", text.replace("\n23\n", "\n-23\n")),
            ("size_missing", "No size.", text.replace("\n23\n", "\n")),
            ("origin_with_space", "An origin of two words.", text.replace(ORIGIN, "two words")),
            ("short_root", "A root of 31 bytes.", text.replace(b64(root(LEAVES)), b64(root(LEAVES)[:31]))),
            ("root_not_canonical", "Base64 with bits that are not zero.", text.replace("=\n", "=\n", 1).replace(
                b64(root(LEAVES)), loose(b64(root(LEAVES))))),
            ("empty_extension", "An empty line in the text.", text + "\n"),
            ("carriage_return", "A line that ends like a letter's.", text.replace("\n23", "\r\n23"))):
        case(name, comment, "malformed", f"{wrong}\n{note_line(ORIGIN, LOG, wrong)}")
    case("no_signature", "A text and nothing else.", "malformed", f"{text}\n")
    case("no_blank_line", "No blank line before the signatures.", "malformed", f"{text}{sound}")
    case("trailing", "Something after the signatures.", "malformed", f"{text}\n{sound}x")
    case("hyphen", "A hyphen for the dash.", "malformed", f"{text}\n{sound.replace(DASH, '- ')}")
    case("not_utf8", "A byte that is no character.", "malformed", f"{text}".encode() + b"\xff\n\n" + sound.encode())


def loose(text):
    """Another base64 text of the same bytes, which a strict reader refuses."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + alphabet[alphabet.index(text[-2]) + 1] + "="


def proofs(out):
    public, _ = key_pair(LOG)
    text = checkpoint(ORIGIN, 23, root(LEAVES), "day 2026-11-21")
    note = f"{text}\n{note_line(ORIGIN, LOG, text)}"
    path = "".join(f"{b64(one)}\n" for one in inclusion(LEAVES, 11))

    def case(name, comment, expect, proof, entry=ENTRIES[11]):
        out.write(f"proof_{name}", comment, "proof", expect, proof=proof.encode(), entry=entry, log_key=public)

    head = "c2sp.org/tlog-proof@v1\n"
    case("sound", "As C2SP tlog-proof writes it.", "success", f"{head}index 11\n{path}\n{note}")
    case("with_extra", "With a line of extra data.", "success", f"{head}extra AAEC\nindex 11\n{path}\n{note}")
    case("other_entry", "Of another entry.", "unauthentic", f"{head}index 11\n{path}\n{note}", ENTRIES[10])
    case("other_index", "Under another index.", "unauthentic", f"{head}index 10\n{path}\n{note}")
    case("other_version", "A version that is not yet.", "malformed",
         f"{head.replace('v1', 'v2')}index 11\n{path}\n{note}")
    case("no_index", "Without its index.", "malformed", f"{head}{path}\n{note}")
    case("no_empty_line", "No empty line before the checkpoint.", "malformed", f"{head}index 11\n{path}{note}")
    case("short_hash", "A hash of 31 bytes.", "malformed", f"{head}index 11\n{b64(bytes(31))}\n\n{note}")


def main():
    out = Writer(sys.argv[1])
    for group in (trees, inclusions, consistencies, checkpoints, proofs):
        group(out)


if __name__ == "__main__":
    main()
