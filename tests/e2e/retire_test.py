# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of a week's key, with real programs: the server seals to it, closes the week in its log, and
the analyst destroys it. Not before; and then nothing but the vault opens the week."""
import datetime
import json
import os
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, Person, main, stories  # noqa: E402

DAY = 86400


class RetireTest(Case):
    def setUp(self):
        super().setUp()
        rig = self.rig
        rig.bot.stop()
        self.ahead = rig.work / "ahead"
        self.days(0)
        self.clock = {**os.environ, "LD_PRELOAD": str(BIN / "libresguardo_clock_ahead.so"),
                      "RESGUARDO_CLOCK_AHEAD": str(self.ahead)}
        self.keys, self.vault = rig.work / "analyst-1", rig.work / "vault"

    def days(self, days):
        self.ahead.write_text(str(days * DAY))

    def serve(self, *numbers_and_stories):
        self.rig.bot.start(self.clock)
        for number, story in numbers_and_stories:
            Person(self.rig, "signal", number).tell_all(story)
        self.rig.bot.stop()

    def export(self, name):
        done = self.rig.run("resguardo-bot", "export", "--config", self.rig.config, "--out", self.rig.work / name,
                            env=self.clock)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.rig.work / name

    def bring(self, bundle, vault=None):
        rig = self.rig
        return rig.run("resguardo-analyst", "import", bundle, "--vault", vault or self.vault, "--key", self.keys,
                       "--root", rig.work / "root.key.pub", *rig.locked, *rig.key_cost, env=self.clock)

    def retire(self, week, *more):
        return self.rig.run("resguardo-analyst", "key", "retire", week, "--key", self.keys, "--vault", self.vault,
                            *self.rig.locked, *more, env=self.clock)

    def told(self, vault):
        return [story for report in self.rig.reports_of(vault, self.rig.work / f"{vault.name}.ndjson")
                for story in stories(report)]

    def test_a_week_is_sealed_to_closed_and_destroyed(self):
        year, number, _ = datetime.datetime.now(datetime.timezone.utc).isocalendar()
        week = f"{year}-W{number:02}"
        key = self.keys / "epochs" / f"{week}.key"
        self.serve((1, "lo de esta semana"))
        first = self.export("first.bundle")
        self.assertEqual(self.bring(first).returncode, 0)
        early = self.retire(week)
        self.assertEqual(early.returncode, 1)
        self.assertIn("is not over, or for less than a day", early.stderr)
        self.serve((2, "lo que aun no llega"))

        self.days(7)  # a message of now is not too old yet
        self.serve((3, "lo de la otra semana"))
        self.days(8)
        open_still = self.retire(week)
        self.assertEqual(open_still.returncode, 1)
        self.assertIn(f"does not say that week {week} is closed", open_still.stderr)
        self.serve()  # closes the week, and says so in its log
        second = self.export("second.bundle")
        shutil.copytree(self.keys, self.rig.work / "stolen-early")
        self.assertEqual(self.bring(second).returncode, 0)
        self.assertTrue(key.exists())
        done = self.retire(week, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout), {"week": week, "destroyed": True})
        self.assertFalse(key.exists())

        self.assertEqual(sorted(self.told(self.vault)),
                         ["lo de esta semana", "lo de la otra semana", "lo que aun no llega"])
        anew = self.bring(second, self.rig.work / "anew")
        self.assertEqual(anew.returncode, 0, anew.stderr)
        self.assertEqual(self.told(self.rig.work / "anew"), ["lo de la otra semana"])
        self.assertEqual(self.bring(first, self.rig.work / "none").returncode, 1)
        # What was copied before is out of reach, and the guide says so.
        self.keys = self.rig.work / "stolen-early"
        self.assertEqual(self.bring(first, self.rig.work / "copied").returncode, 0)
        self.assertEqual(self.told(self.rig.work / "copied"), ["lo de esta semana"])


if __name__ == "__main__":
    main()
