# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of a report, with real programs: told, exported, opened and acknowledged by two analysts, and
then erased by the server, which says so in its log. The old bundle still opens where it was carried."""
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, Person, main, stories  # noqa: E402
from servers import Bot  # noqa: E402

DAY = 86400


class RetentionTest(Case):
    def setUp(self):
        super().setUp()
        rig = self.rig
        rig.bot.stop()
        self.config = rig.write_configuration("short.toml", retention={"acknowledged": "1d", "acknowledgements": 2})
        bot, rig.bot = rig.bot, Bot(rig.bin / "resguardo-bot", self.config)
        self.addCleanup(setattr, rig, "bot", bot)
        self.addCleanup(rig.bot.end)
        self.ahead = rig.work / "ahead"
        self.days(0)
        self.clock = {**os.environ, "LD_PRELOAD": str(BIN / "libresguardo_clock_ahead.so"),
                      "RESGUARDO_CLOCK_AHEAD": str(self.ahead)}

    def days(self, days):
        self.ahead.write_text(str(days * DAY))

    def command(self, words, *more):
        return self.rig.run("resguardo-bot", *words.split(), "--config", self.config, *more, env=self.clock)

    def import_as(self, who, bundle):
        rig = self.rig
        done = rig.run("resguardo-analyst", "import", bundle, "--vault", rig.work / f"{who}-vault", "--key",
                       rig.work / who, "--root", rig.work / "root.key.pub", *rig.locked, *rig.key_cost,
                       env=self.clock)
        self.assertEqual(done.returncode, 0, done.stderr)

    def acknowledge(self, who, name):
        rig = self.rig
        done = rig.run("resguardo-analyst", "ack", "--vault", rig.work / f"{who}-vault", "--key", rig.work / who,
                       "--out", rig.work / name, *rig.locked, env=self.clock)
        self.assertEqual(done.returncode, 0, done.stderr)
        return rig.work / name

    def export(self, name):
        done = self.command("export", "--out", self.rig.work / name)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.rig.work / name

    def logged(self):
        """Entries of the log that the first analyst has: the second line of a checkpoint."""
        rig = self.rig
        shown = rig.run("resguardo-analyst", "log", "show", "--vault", rig.work / "analyst-1-vault", *rig.locked,
                        env=self.clock)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return int(shown.stdout.splitlines()[1])

    def plan(self):
        done = self.command("retention", "--dry-run", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["reports"]

    def test_a_report_goes_when_two_members_have_it_and_the_day_has_passed(self):
        rig = self.rig
        rig.bot.start(self.clock)
        Person(rig, "signal", 1).tell_all("lo que se lleva la memoria")
        bundle = self.export("first.bundle")
        for who in ("analyst-1", "analyst-2"):
            self.import_as(who, bundle)
        before = self.logged()
        first = self.acknowledge("analyst-1", "first.ack")
        taken = self.command("ack install", first)
        self.assertEqual(taken.returncode, 0, taken.stderr)
        self.assertIn("has opened 1 reports", taken.stdout)
        again = self.command("ack install", first)
        self.assertEqual(again.returncode, 1, again.stdout)
        self.assertIn("installed before", again.stderr)
        forged = rig.work / "forged.ack"
        forged.write_text(first.read_text().replace("A", "B", 1))
        self.assertEqual(self.command("ack install", forged).returncode, 1)
        self.assertEqual([one["goes"] for one in self.plan()], [None])

        second = self.command("ack install", self.acknowledge("analyst-2", "second.ack"), "--json")
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertEqual(json.loads(second.stdout)["reports"], 1)
        self.assertIsNotNone(self.plan()[0]["goes"])
        early = self.command("retention")
        self.assertEqual(early.returncode, 0, early.stderr)
        self.assertIn("Erased 0 reports", early.stdout)

        self.days(1)
        shown = self.command("retention", "--dry-run")
        self.assertIn("due", shown.stdout)
        rig.bot.stop()
        gone = self.command("retention", "--json")  # with no server, too
        self.assertEqual(gone.returncode, 0, gone.stderr)
        self.assertEqual((json.loads(gone.stdout)["erased"], json.loads(gone.stdout)["reports"]), (1, []))

        later = self.export("later.bundle")
        self.import_as("analyst-1", later)
        vault = rig.work / "analyst-1-vault"
        told = [story for report in rig.reports_of(vault, rig.work / "told.ndjson") for story in stories(report)]
        self.assertIn("lo que se lleva la memoria", told, "what analysts have stays theirs")
        self.assertGreater(self.logged(), before, "its end is in the log")

        self.served(rig)

    def served(self, rig):
        """`serve` does the same by itself, once a day."""
        rig.bot.start(self.clock)
        Person(rig, "whatsapp", 2).tell_all("lo que expira")
        bundle = self.export("served.bundle")
        for who in ("analyst-1", "analyst-2"):
            self.import_as(who, bundle)
            done = self.command("ack install", self.acknowledge(who, f"{who}.served"))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.plan()), 1)
        rig.bot.stop()
        self.days(2)
        rig.bot.start(self.clock)
        limit = time.monotonic() + 60
        while self.plan() and time.monotonic() < limit:
            time.sleep(0.2)
        self.assertEqual(self.plan(), [])


if __name__ == "__main__":
    main()
