# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hunt: after conversations with files over both messengers, a kill and a new start, nothing of them lies
where it must not: files, tables opened with every key, write-ahead logs, journals, what it says, temporary
files, environment, memory, core.

In the running process only "what we allocate" is promised (protocol.md §4): what was told must not
be in its memory after the turn; every place where something is found is printed."""
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from media_test import Media, Sender, content_of  # noqa: E402
from rig import ENDING, Person, main, stories  # noqa: E402

WORDS = ["zarzamora-quebrada-4417", "mi hermano Ñuflo en el puente viejo, 23:40"]
DIGITS = re.compile(r"\d{4}(?: \d{4}){5}")


PHOTO = b"\xff\xd8\xff\xe1higuera-en-la-foto-5580" + content_of(5580)


def encodings(text):
    """As it may lie somewhere: plain, escaped as the webhook carried it, UTF-16, hex, base64."""
    if isinstance(text, bytes):
        return {text}
    plain = text.encode()
    return {plain, json.dumps(text)[1:-1].encode(), text.encode("utf-16-le"), plain.hex().encode()}


class Hunt:
    def __init__(self, secrets):
        self.needles = {needle: name for name, text in secrets.items() for needle in encodings(text)}

    def names(self, content):
        """Which secrets are in there."""
        return {name for needle, name in self.needles.items() if needle in content}

    def files(self, folder):
        return {str(p): found for p in pathlib.Path(folder).rglob("*")
                if p.is_file() and (found := self.names(p.read_bytes()))}

    @staticmethod
    def region(mem, begin, end):
        content = bytearray()
        try:
            mem.seek(begin)
            while begin + len(content) < end and (more := mem.read(end - begin - len(content))):
                content += more
        except (OSError, ValueError, OverflowError):
            pass  # guard pages of locked memory
        return bytes(content)

    def memory(self, pid):
        """Secret to the regions of the process's memory it lies in."""
        found, self.scanned = {}, 0
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
            for line in maps:
                span, rights, *_ = line.split()
                begin, end = (int(x, 16) for x in span.split("-"))
                label = line.split(maxsplit=5)[5].strip() if len(line.split()) > 5 else "anonymous"
                if "r" not in rights or label in ("[vvar]", "[vsyscall]"):
                    continue
                content = self.region(mem, begin, end)
                self.scanned += len(content)
                for needle, name in self.needles.items():
                    at = content.find(needle)
                    while at >= 0:
                        around = content[max(0, at - 60):at + len(needle) + 30]
                        found.setdefault(name, []).append((label, hex(begin + at), around))
                        at = content.find(needle, at + 1)
        return found


def sanitized(pid):
    """A sanitizer's shadow spans terabytes, and what is freed waits in a quarantine: no image to judge by."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        spans = (line.split(maxsplit=1)[0].split("-") for line in maps)
        return any(int(end, 16) - int(begin, 16) > 1 << 40 for begin, end in spans)


class HuntTest(Media):
    people = itertools.count(400)

    def converse(self):
        """Over each messenger, one conversation that ended and one that goes on. The secrets.

        The people are new in each test: the program is killed between two, and whoever had a receipt
        shortly before that is shown another when they write again (docs/threat-model.md)."""
        secrets = {}
        for channel in ("whatsapp", "signal"):
            person = Sender(self, channel, next(self.people))
            told = [f"{words} {channel}" for words in WORDS]
            person.consent()
            photo = person.send_file(PHOTO, words=f"pie de foto {told[0]}")
            self.assertTrue(person.service().wait_gone(photo), "the photo was not fetched")
            receipt = DIGITS.search(person.say(*told, *ENDING)).group(0)
            secrets.update({f"{channel} sender": person.address, f"{channel} receipt": receipt,
                            f"{channel} receipt, digits": receipt.replace(" ", "")})
            secrets.update({f"{channel} words {n}": text for n, text in enumerate(told)})
            going_on = Person(self.rig, channel, next(self.people))
            going_on.consent()
            going_on.say(f"a medias {told[0]}")
            secrets[f"{channel} words of the photo"] = f"pie de foto {told[0]}"
            secrets[f"{channel} photo's name"] = photo
            secrets[f"{channel} open words"] = f"a medias {told[0]}"
            secrets[f"{channel} open sender"] = going_on.address
        secrets["photo"] = PHOTO[:24]
        secrets["photo's middle"] = PHOTO[3000:3064]
        return secrets

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="resguardo-e2e-tmp-")
        self.addCleanup(self.temporary.cleanup)
        os.environ["TMPDIR"] = self.temporary.name
        self.addCleanup(os.environ.pop, "TMPDIR")
        super().setUp()
        self.hunt = Hunt(self.converse())
        # A receipt's digits are kept until they are on the phone.
        self.assertEqual(self.rig.hooks.delivered(range(1, 900)), 200)

    def test_nothing_on_disk(self):
        self.assertEqual(self.hunt.files(self.rig.server), {})
        self.assertEqual(self.hunt.files(self.temporary.name), {})
        self.rig.bot.kill()
        self.assertEqual(self.hunt.files(self.rig.server), {})

    def tables(self, secrets):
        """Of a store that nobody runs, with the master key: (how many values there are, where one was found)."""
        done = subprocess.run([str(self.rig.bin / "store_hunt"), str(self.data()), str(self.rig.server / "secrets/master.key")],
                              input="\n".join(secrets), text=True, capture_output=True, check=True, timeout=120)
        looked, *found = done.stdout.splitlines()
        return int(looked.split()[2]), found

    def test_nothing_in_its_tables_whoever_has_the_keys(self):
        secrets = [needle.decode() for needle in self.hunt.needles
                   if needle.isascii() and b"\0" not in needle and b"\n" not in needle]
        self.rig.bot.kill()
        self.assertEqual(self.tables(secrets)[1], [])
        self.rig.bot.start()
        self.converse()
        self.rig.bot.stop()
        looked, found = self.tables(secrets)
        self.assertGreater(looked, 50)
        self.assertEqual(found, [])
        # And finds what is there for sure: a name that init wrote.
        self.assertTrue(self.tables(["reports"])[1])

    def test_nothing_in_a_core(self):
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
        if pattern.startswith("|"):
            self.skipTest("not run: this kernel gives cores to a program")
        where = pathlib.Path(f"/proc/{self.rig.bot.process.pid}/cwd").resolve() / pattern
        before = set(where.parent.iterdir())
        self.rig.bot.process.send_signal(signal.SIGABRT)
        self.rig.bot.process.wait(60)
        cores = [one for one in set(where.parent.iterdir()) - before if one.name.startswith(where.name[:4])]
        for core in cores:
            core.unlink()
        self.assertEqual(cores, [], "a core was written")

    def test_nothing_after_a_kill_and_a_new_start(self):
        self.rig.bot.kill()
        self.rig.bot.start()
        self.hunt.needles.update(Hunt(self.converse()).needles)
        self.assertEqual(self.rig.hooks.delivered(range(1, 1800)), 200)
        self.assertEqual(self.hunt.files(self.rig.server), {})
        self.assertNothingTold(self.memory_or_skip())

    def test_nothing_in_what_it_says(self):
        pages = "".join(self.rig.hooks.admin(path)[1] for path in ("/metrics", "/readyz", "/healthz"))
        self.rig.bot.stop()
        said = "".join(self.rig.bot.output)
        self.assertIn("stopped", said)
        self.assertEqual(self.hunt.names(pages.encode()), set())
        self.assertEqual(self.hunt.names(said.encode()), set())

    def test_nothing_in_its_environment_and_arguments(self):
        for name in ("environ", "cmdline"):
            try:
                content = pathlib.Path(f"/proc/{self.rig.bot.process.pid}/{name}").read_bytes()
            except PermissionError:
                self.skipTest("not run: /proc/PID/environ of a non-dumpable process needs root")
            self.assertTrue(content)
            self.assertEqual(self.hunt.names(content), set())

    def memory_or_skip(self):
        try:
            if sanitized(self.rig.bot.process.pid):
                self.skipTest("not run: the program is built with a sanitizer")
            return self.hunt.memory(self.rig.bot.process.pid)
        except PermissionError:
            return self.skipTest("not run: /proc/PID/mem of a non-dumpable process needs root")

    def test_nothing_told_is_left_in_memory(self):
        found = self.memory_or_skip()
        self.assertNothingTold(found)

    def assertNothingTold(self, found):
        """Of what was told, and of how files were called. Senders are known as long as their conversations are open."""
        print(f"{self.hunt.scanned >> 20} MiB of memory read;", file=sys.stderr, end=" ")
        self.assertGreater(self.hunt.scanned, 16 << 20)
        for name, places in sorted(found.items()):
            labels = sorted({label for label, _, _ in places})
            print(f"\n  {name}: {len(places)} times in {', '.join(labels)}", file=sys.stderr, end="")
            for place in places[:2]:
                print(f"\n      {place}", file=sys.stderr, end="")
        self.assertEqual([name for name in found if "sender" not in name], [])

    # A hunt that finds nothing must be one that can.
    def test_the_hunt_finds_what_is_planted(self):
        words = next(iter(self.hunt.needles))
        planted = self.rig.server / "data/planted"
        planted.write_bytes(b"\0" * 100 + words)
        self.addCleanup(planted.unlink)
        self.assertEqual(list(self.hunt.files(self.rig.server)), [str(planted)])
        self.assertTrue(self.hunt.names(b"{" + words + b"}"))

    def test_the_hunt_finds_what_is_in_memory(self):
        """A sender whose reply still waits for the messenger; and not when it has left."""
        person = Person(self.rig, "whatsapp", next(self.people))
        person.consent()
        self.rig.close_messengers()
        self.addCleanup(lambda: self.rig.listeners or self.rig.open_messengers())
        self.assertEqual(person.post("espera"), 200)
        self.hunt = Hunt({"sender": person.address})
        self.assertIn("sender", self.memory_or_skip())
        before = self.rig.inbox.count(person.address)
        self.rig.open_messengers()
        self.assertIsNotNone(self.rig.inbox.wait(person.address, before, 60))
        person.say("ya no")
        self.assertNotIn("sender", self.memory_or_skip())

    def test_the_words_did_arrive(self):
        told = [part for report in self.rig.read_reports() for part in stories(report)]
        self.assertEqual(len([p for p in told if WORDS[0] in p]) % 2, 0)
        self.assertIn(f"{WORDS[1]} signal", told)


if __name__ == "__main__":
    main()
