# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9: what was acknowledged after consent is never missing; before it nothing is on disk.

RESGUARDO_EVERY_WRITE=1 kills at each write of the short conversation instead of at every k-th."""
import os
import pathlib
import random
import re
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BEFORE_CONSENT, CONSENT, ENDING, Case, Person, main, stories  # noqa: E402
from servers import Failed  # noqa: E402

SEED = 20261121
RANDOM_KILLS = 40
WRITE_KILLS = 1_000_000 if os.environ.get("RESGUARDO_EVERY_WRITE") else 40
PARTS = 3
RECEIPT = re.compile(r"\d{4}(?: \d{4}){5}")


class Teller:
    """Somebody whose messenger repeats a post that was not answered, as both services' do."""

    def __init__(self, rig, number):
        self.rig, self.number = rig, number
        self.person = Person(rig, "whatsapp", number)
        self.acknowledged = []

    def make(self, text):
        return text, self.rig.hooks.wa_post(self.rig.hooks.wa_text(self.person.address, text))

    def deliver(self, message):
        """Whether it was acknowledged. If not, the bot is dead. A 503 is repeated, as Meta does:
        a report does not close while too many replies wait for the receipt to find room."""
        text, post = message
        until = time.monotonic() + 30
        while (status := self.post(post)) == 503 and time.monotonic() < until:
            time.sleep(0.1)
        if status not in (None, 200):
            raise AssertionError(f"a message was answered with {status}")
        if status:
            self.acknowledged.append(text)
        return status is not None

    def post(self, post):
        try:
            return self.rig.hooks.whatsapp(post)
        except OSError:
            return None

    def insist(self, message):
        """Until it is acknowledged; how often the bot had died."""
        deaths = 0
        while not self.deliver(message):
            self.rig.bot.wait()
            self.rig.bot.start()
            deaths += 1
            if deaths > 2:
                raise AssertionError("the bot dies again and again")
        return deaths

    def consent(self):
        """What was said before consent is forgotten when the bot dies, by promise: once more."""
        for _ in range(3):
            if not any([self.insist(self.make(text)) for text in [*BEFORE_CONSENT, CONSENT]]):
                return
        raise AssertionError("consent never came through")

    def finish(self):
        """Ends the report, whatever the bot asks for first after it was killed."""
        for turn, text in enumerate(ENDING * 6):
            before = self.rig.inbox.count(self.person.address)
            deaths = self.insist(self.make(text))
            reply = self.wait(before, 1 if deaths else 30)
            # Replies may lag: the first here may be to a part of the story.
            if RECEIPT.search(reply) or (turn > 1 and "Elija su idioma" in reply):
                return
        raise AssertionError(f"the report did not end: {reply}")

    def wait(self, before, seconds):
        """The reply; nothing if the bot dies first, or if it may have: what was stored before it
        died is a duplicate after, and a duplicate is answered with silence."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            reply = self.rig.inbox.wait(self.person.address, before, 0.1)
            if reply or self.rig.bot.process.poll() is not None:
                return reply or ""
        if seconds == 1:
            return ""
        raise AssertionError("the bot lives and does not reply")


class KillTest(Case):
    def told(self, number):
        return [part for report in self.reports for part in stories(report)
                if part.startswith(f"{number}:")]

    def check(self, tellers):
        """Every acknowledged part is in its person's report, once and in its place."""
        self.reports = self.rig.read_reports()
        for teller in tellers:
            told = [p for p in teller.acknowledged if p.startswith(f"{teller.number}:")]
            self.assertTrue(told)
            self.assertEqual(self.told(teller.number), told)

    def test_before_consent_nothing_is_on_disk(self):
        before = self.rig.data_files()
        for number, channel in enumerate(("whatsapp", "signal")):
            Person(self.rig, channel, 900 + number).say(*BEFORE_CONSENT)
        self.rig.bot.kill()
        self.assertEqual(self.rig.data_files(), before)
        # The comparison can fail: the turn that carries the consent does change it.
        self.rig.bot.start()
        Person(self.rig, "whatsapp", 902).say(*BEFORE_CONSENT, CONSENT)
        self.rig.bot.kill()
        self.assertNotEqual(self.rig.data_files(), before)

    def test_killed_at_random_moments_nothing_acknowledged_is_missing(self):
        chance = random.Random(SEED)
        tellers, unanswered = [], 0
        for number in range(RANDOM_KILLS):
            teller = Teller(self.rig, number)
            unanswered += self.tell_through_a_kill(teller, chance)
            teller.finish()
            tellers.append(teller)
        print(f"seed {SEED}: {RANDOM_KILLS} kills, {unanswered} of them before a 200;", file=sys.stderr,
              end=" ")
        self.check(tellers)

    def tell_through_a_kill(self, teller, chance):
        """1 if the kill came before the 200 of the post it was aimed at."""
        teller.consent()
        victim = chance.randrange(-1, 4)  # -1: right after the consent's 200
        delay = chance.choice([None, chance.uniform(0, 0.006)])  # None: right after its 200
        if victim < 0:
            self.again()
        deaths = 0
        for place in range(4):
            message = teller.make(f"{teller.number}:{place}")
            if place == victim and delay is not None:
                killer = threading.Timer(delay, self.rig.bot.process.kill)
                killer.start()
                deaths = teller.insist(message)
                killer.join()
                if not deaths:
                    self.again()
            else:
                teller.insist(message)
                if place == victim:
                    self.again()
        return deaths

    def again(self):
        self.rig.bot.kill()
        self.rig.bot.start()

    def test_killed_at_every_write(self):
        self.rig.bot.stop()
        total = self.count_writes()
        places = range(1, total + 1, max(1, total // WRITE_KILLS))
        print(f"killed at {len(places)} of {total} writes, whole and torn;", file=sys.stderr, end=" ")
        tellers, died = [], 0
        for count, at in enumerate(places):
            for kind in ("kill", "torn"):
                teller = Teller(self.rig, 1000 + 2 * count + (kind == "torn"))
                died += self.tell_through_a_write(teller, kind, at)
                tellers.append(teller)
        print(f"died {died} times in {len(tellers)} runs;", file=sys.stderr, end=" ")
        self.assertGreater(died, len(tellers) // 2)
        self.check(tellers)

    def test_a_disk_that_is_full_for_a_while_costs_nothing(self):
        self.nothing_is_lost_on_a_disk_that_is("full", 9000)

    def test_a_disk_that_is_remounted_read_only_for_a_while_costs_nothing(self):
        self.nothing_is_lost_on_a_disk_that_is("readonly", 9010)

    def test_a_disk_that_fails_for_a_while_costs_nothing(self):
        self.nothing_is_lost_on_a_disk_that_is("failing", 9020)

    def nothing_is_lost_on_a_disk_that_is(self, kind, number):
        self.rig.bot.stop()
        fault = self.rig.work / kind
        self.rig.bot.start(self.environment(kind=kind, at=1, **{"while": fault}))
        whatsapp, signal = Person(self.rig, "whatsapp", number), Person(self.rig, "signal", number + 1)
        for person in (whatsapp, signal):
            person.consent()
        self.assertEqual(self.rig.hooks.admin("/readyz")[0], 200)
        fault.touch()
        words = [f"{kind}: por WhatsApp", f"{kind}: por Signal"]
        post = self.rig.hooks.wa_post(self.rig.hooks.wa_text(whatsapp.address, words[0]))
        self.assertEqual(self.rig.hooks.whatsapp(post), 503)  # and Meta repeats
        status, page = self.rig.hooks.admin("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("nothing can be stored", page)
        answers = []
        patient = threading.Thread(target=lambda: answers.append(
            self.rig.hooks.signal(self.rig.hooks.signal_post(signal.address, words[1]))))
        patient.start()  # Signal does not: it waits
        patient.join(1)
        self.assertEqual(answers, [])
        fault.unlink()
        patient.join(20)
        self.assertEqual(answers, [200])
        self.assertEqual(self.rig.hooks.admin("/readyz")[0], 200)
        self.assertEqual(self.rig.hooks.whatsapp(post), 200)
        for person in (whatsapp, signal):
            person.say(*ENDING)
        reports = self.rig.read_reports()
        for each in words:
            self.assertTold(reports, each)
        self.rig.bot.stop()
        self.rig.bot.start()

    def environment(self, **faults):
        chosen = {f"RESGUARDO_FAULT_{name.upper()}": str(value) for name, value in faults.items()}
        return {**os.environ, "LD_PRELOAD": str(self.rig.bin / "libresguardo_write_fault.so"),
                "RESGUARDO_FAULT_UNDER": str(self.rig.server / "data"), **chosen}

    def converse(self, teller):
        teller.consent()
        for place in range(PARTS):
            teller.insist(teller.make(f"{teller.number}:{place}"))
        teller.finish()

    def count_writes(self):
        """From a start after a crash to its end: what each run below begins with, too."""
        self.rig.bot.start()
        self.converse(Teller(self.rig, 998))
        self.rig.bot.kill()
        with tempfile.TemporaryDirectory() as scratch:
            counts = pathlib.Path(scratch) / "counts"
            self.rig.bot.start(self.environment(counts=counts))
            self.converse(Teller(self.rig, 999))
            self.rig.bot.stop()
            return int(dict(line.split() for line in counts.read_text().splitlines())["total"])

    def tell_through_a_write(self, teller, kind, at):
        """Whether the bot died at that write: at its start, in a turn, or at its stop."""
        try:
            self.rig.bot.start(self.environment(kind=kind, at=at))
        except Failed:
            self.rig.bot.start()
            self.converse(teller)
            self.rig.bot.stop()
            return True
        first = self.rig.bot.process
        self.converse(teller)
        if self.rig.bot.process.poll() is None:
            self.rig.bot.process.terminate()
        self.rig.bot.wait()
        return first.returncode != 0 or self.rig.bot.process is not first


if __name__ == "__main__":
    main()
