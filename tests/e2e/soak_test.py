# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many people at once over both messengers, where things go wrong: what the bot took is with the analyst exactly
once, and everybody who goes on writing reaches the receipt.

    RESGUARDO_SOAK=2000 python3 -I tests/e2e/soak_test.py    the long form: so many conversations a messenger mode
"""
import collections
import hashlib
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, main  # noqa: E402
from servers import Bot  # noqa: E402

PEOPLE = int(os.environ.get("RESGUARDO_SOAK", "150"))
KILLS = 10 if PEOPLE >= 1000 else 3
AT_ONCE = 50
SEED = int(os.environ.get("RESGUARDO_SOAK_SEED", "7"))
SILENCE = 4.0  # seconds without an answer, and somebody writes again
PARTS = 3
LIMIT = 240 if PEOPLE < 1000 else 3000  # seconds in all
# What is asked, and what everybody answers.
ASKED = (("Elija su idioma", "1"), ("sin que otra persona vea", "si"), ("¿Tiene usted 18 años", "si"),
         ("Ahora le preguntamos para qué", "entiendo"), ("¿Para qué podemos usar", "si a todo"),
         ("Esto es lo que va a enviar", "si"))
TELLS = ("Cuente lo que quiera", "Siga cuando quiera")
RECEIPT = "Su código es:"


class Somebody:
    """Tells a story of some parts, each with a word that nobody else writes."""

    def __init__(self, number, channel):
        self.number, self.channel = number, channel
        self.address = (f"1555020{number:04}" if channel == "whatsapp" else f"4b6e0f0c-52a1-4d8e-9d3b-{number:012x}")
        self.told = 0           # parts that were written
        self.taken = []         # words whose delivery was confirmed
        self.unsure = []        # words that may or may not have arrived
        self.done = False
        self.wrote = 0.0
        self.said = collections.deque(maxlen=6)  # the last of what was written (>) and heard (<)

    def next_part(self):
        """Words, or for every third person at first a file."""
        self.told += 1
        word = f"palabra{self.number}x{self.told}z"
        if self.told == 1 and self.number % 3 == 0:
            return word, None
        return word, f"{word} y lo que sigue"

    def answer_to(self, text):
        for asked, answer in ASKED:
            if asked in text:
                return answer
        if any(words in text for words in TELLS):
            return "LISTO" if len(self.taken) >= PARTS else None
        return "hola"


class SoakTest(Case):
    of_every_test = {}  # words by the SHA-256 of their files; an export has them all

    def setUp(self):
        self.random = random.Random(SEED)
        self.rig.close_messengers()
        self.ahead = self.rig.work / "ahead"
        self.ahead.write_text("0")
        self.environment = {**os.environ, "LD_PRELOAD": str(self.rig.bin / "libresguardo_clock_ahead.so"),
                            "RESGUARDO_CLOCK_AHEAD": str(self.ahead)}
        super().setUp()

    def write(self, person, text):
        """Says it; nothing: the next part of the story."""
        person.wrote = time.monotonic()
        word, command = None, f"say {person.channel} {person.address} {text}"
        if text is None:
            word, text = person.next_part()
            command = f"say {person.channel} {person.address} {text}"
            if text is None:
                command = f"attach {person.channel} {person.address} image/jpeg {self.file_of(word)}"
        posted = self.messengers.ask("async " + command)["posted"]
        person.said.append(f"> {text or word}: {posted}")
        if word:
            person.unsure.append(word)
            if posted == 200 and not (self.daemon and person.channel == "signal"):
                self.confirm(person)

    def file_of(self, word):
        """A file that only this person sends."""
        path = self.rig.work / f"{word}.jpg"
        content = b"\xff\xd8\xff\xe0" + word.encode() + self.random.randbytes(self.random.randrange(1, 200_000))
        path.write_bytes(content)
        self.files[hashlib.sha256(content).hexdigest()] = word
        self.of_every_test[hashlib.sha256(content).hexdigest()] = word
        return path

    def confirm(self, person):
        person.taken += person.unsure
        person.unsure = []

    def hear(self, person, text):
        if person.done:
            return
        if self.daemon and person.channel == "signal":
            if TELLS[1] in text:
                self.confirm(person)  # the next question is the confirmation
            elif TELLS[0] in text:
                person.unsure = []  # asked once more: what was on its way may be lost, and is told anew
        if RECEIPT in text:
            person.done = True
            return
        self.write(person, person.answer_to(text))

    def converse(self, people, kills):
        """Everybody until the receipt; the bot is killed as often as `kills` says, at random moments."""
        waiting, active = collections.deque(people), {}
        moments = sorted(self.random.sample(range(PARTS * len(people)), kills), reverse=True)
        heard, until = 0, time.monotonic() + LIMIT
        while waiting or active:
            self.assertLess(time.monotonic(), until, f"{len(active)} people still wait: "
                            f"{[(p.channel, p.address, p.told, p.taken, *p.said) for p in active.values()]}")
            self.assertIsNone(self.rig.bot.process.poll(), "".join(self.rig.bot.output[-8:]))
            while waiting and len(active) < AT_ONCE:
                person = waiting.popleft()
                active[person.channel, person.address] = person
                self.write(person, "hola")
            reply = self.messengers.ask("any 50")["reply"]
            if reply:
                heard += 1
                person = active.get((reply["channel"], reply["to"]))
                if person:
                    person.said.append("< " + reply["text"][:60])
                    self.hear(person, reply["text"])
                    if person.done:
                        del active[person.channel, person.address]
            if moments and heard >= 3 * moments[-1]:
                moments.pop()
                self.rig.bot.kill()
                self.rig.bot.start(self.environment)
                self.killed += 1
            self.messengers.ask("redeliver")
            for person in list(active.values()):
                if time.monotonic() - person.wrote > SILENCE:
                    self.write(person, "hola")

    def told_once(self, people, reports):
        """Every confirmed word is in exactly one place of one report, every other one in at most one."""
        found = collections.Counter()
        for report in reports:
            for place in places(report):
                found.update({word for text in place for word in text.split() if word.startswith("palabra")})
        taken = [word for person in people for word in person.taken if word not in self.files.values()]
        self.assertEqual([word for word in taken if found[word] != 1], [], "not there, or more than once")
        twice = [word for word, count in found.items() if count > 1]
        self.assertEqual(twice, [])
        return len(taken)

    def files_came(self, people):
        """Every confirmed file is there once, bit for bit; no messenger has one any more. What the bot was never told
        of, because it was killed at that moment, goes an hour after the bot has seen it there."""
        until = time.monotonic() + (300 if PEOPLE < 1000 else 1200)  # after a limit waits are long
        hours, next_hour = 0, time.monotonic() + 20
        while any((left := self.messengers.ask("files")["files"]).values()):
            self.assertLess(time.monotonic(), until, f"left with the messengers: {left}")
            self.messengers.ask("redeliver")
            if time.monotonic() > next_hour:
                hours, next_hour = hours + 1, next_hour + 20
                self.ahead.write_text(str(hours * 3700))
            time.sleep(0.2)
        reports = self.rig.read_reports()
        folder = self.rig.work / f"files-{self.rig.exports}"
        vault = self.rig.work / f"analyst-1-vault-{self.rig.exports}"
        self.rig.analyst("export", "--format", "ndjson", "--despite-consent", "--vault", vault, "--media", folder,
                         "--out", self.rig.work / f"{folder.name}.ndjson")
        here = collections.Counter(self.of_every_test.get(hashlib.sha256(file.read_bytes()).hexdigest(), "nobody's")
                                   for file in folder.rglob("*") if file.is_file())
        taken = {word for person in people for word in person.taken if word in self.files.values()}
        self.assertEqual({word: here[word] for word in taken if here[word] != 1}, {}, "files that are not there once")
        self.assertEqual(here["nobody's"], 0)
        return reports, len(taken)

    def resources(self):
        """(resident KiB, descriptors) of the bot: the least of four seconds, in which the receipts that are
        made ahead, each in 16 MiB that go back at once, have been made."""
        looks = []
        for _ in range(40):
            looks.append(self.resources_now())
            time.sleep(0.1)
        return min(looks)

    def resources_now(self):
        folder = pathlib.Path(f"/proc/{self.rig.bot.process.pid}")
        status = (folder / "status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        return resident, len(list((folder / "fd").iterdir()))

    def soak(self, first, daemon):
        self.daemon, self.killed, self.files = daemon, 0, {}
        limits = "limits" if PEOPLE >= 1000 else "quick"
        people = [Somebody(first + n, "whatsapp" if n % 2 else "signal") for n in range(PEOPLE)]
        third = len(people) // 3
        self.messengers.ask(f"mishaps 5 {SEED} {limits}")
        self.converse(people[:third], KILLS)
        self.converse(people[third:2 * third], 0)  # what a process takes at first it takes here
        before = self.resources()
        self.converse(people[2 * third:], 0)
        after = self.resources()
        mishaps = self.messengers.ask("mishaps")["mishaps"]
        self.assertGreater(sum(mishaps.values()), 0)
        self.assertLess(after[1], before[1] + 16, "descriptors grow")
        self.assertLess(after[0], before[0] + 8 * 1024, "memory grows")
        self.messengers.ask(f"mishaps 0 {SEED}")
        reports, files = self.files_came(people)
        taken = self.told_once(people, reports)
        self.assertGreater(files, 0)
        print(f"{len(people)} people, {taken} words and {files} files confirmed and each there once, {self.killed} kills, "
              f"mishaps {mishaps}, resident {before[0]} -> {after[0]} KiB, descriptors {before[1]} -> {after[1]};",
              file=sys.stderr, end=" ")

    def test_over_webhooks(self):
        self.messengers = self.rig.standin(self)
        self.rig.bot.end()
        self.rig.bot.start(self.environment)
        self.soak(1, daemon=False)

    def test_over_the_daemon(self):
        self.rig.bot.end()
        folder = self.rig.work / "signal-cli" / "attachments"
        folder.mkdir(parents=True)
        self.messengers = self.rig.standin(self, "--signal-daemon", "--files-folder", folder)
        config = self.rig.write_configuration("daemon.toml", signal={
            "mode": "jsonrpc", "webhook_token_file": None, "attachments_dir": str(folder)})
        by_webhooks = self.rig.bot
        self.addCleanup(lambda: setattr(self.rig, "bot", by_webhooks))
        self.rig.bot = Bot(BIN / "resguardo-bot", config)
        self.addCleanup(self.rig.bot.end)
        self.rig.bot.start(self.environment)
        self.soak(PEOPLE + 1, daemon=True)


def places(value):
    """Every set of texts that stand side by side in one object."""
    if isinstance(value, dict):
        yield {text for text in value.values() if isinstance(text, str)}
        for one in value.values():
            yield from places(one)
    elif isinstance(value, list):
        yield {text for text in value if isinstance(text, str)}
        for one in value:
            yield from places(one)


if __name__ == "__main__":
    main()
