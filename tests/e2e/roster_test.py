# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rosters that change while somebody tells: who reads which part, and how it is told to the operator."""
import datetime
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import ENDING, Case, Person, main, stories  # noqa: E402
from servers import Bot  # noqa: E402

DAY = 24 * 3600


class RosterCase(Case):
    def setUp(self):
        super().setUp()
        self.roster = self.rig.server / "roster.signed"

    def next_roster(self, change, *what):
        """The roster that follows the one in place, with one change made to it, signed."""
        rig = self.rig
        draft, out = rig.work / "change.draft", rig.work / "change.signed"
        for old in (draft, out):
            old.unlink(missing_ok=True)
        rig.program("resguardo-analyst", "roster", change, "--from", self.roster, "--root",
                    rig.work / "root.key.pub", "--out", draft, *what)
        rig.analyst("roster", "sign", draft, "--root-key", rig.work / "root.key", "--out", out)
        return out

    def member_id(self, label):
        shown = json.loads(self.rig.program("resguardo-analyst", "roster", "show", self.roster, "--json"))
        return next(m["member"] for m in shown["members"] if m["label"] == label)

    def install(self, file):
        done = self.rig.run("resguardo-bot", "roster", "install", "--config", self.rig.config, file)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def install_beside_the_server(self, file):
        begin = len(self.rig.bot.output)
        done = self.install(file)
        self.assertTrue(self.rig.bot.heard("is in force", begin), self.rig.bot.output[begin:])
        return done

    def install_and_restart(self, file):
        self.rig.bot.stop()
        self.install(file)
        self.rig.bot.start()


class ChangeTest(RosterCase):
    def test_who_is_suspended_added_and_restored_reads_only_what_was_told_for_them(self):
        rig = self.rig
        rig.make_analyst("analyst-3")
        person = Person(rig, "whatsapp", 1)
        person.consent()
        person.say("uno, para las dos")
        self.install_beside_the_server(self.next_roster("suspend", self.member_id("analyst-2")))
        person.say("dos, sin la segunda")
        self.install_and_restart(self.next_roster("add", rig.work / "analyst-3.public",
                                                  "--organisation", "Demo"))
        person.say("tres, con la tercera")
        self.install_beside_the_server(self.next_roster("restore", rig.work / "analyst-2.public"))
        person.say("cuatro, para las tres", *ENDING)
        told = {}
        for analyst in ("analyst-1", "analyst-2", "analyst-3"):
            reports = rig.read_reports(analyst)
            self.assertEqual(len(reports), 1)
            told[analyst] = stories(reports[0])
            rosters = [segment["roster"] for segment in reports[0]["segments"]]
            self.assertEqual(len(rosters), {"analyst-1": 4}.get(analyst, 2))
            self.assertEqual(len(set(rosters)), len(rosters))
        self.assertEqual(told["analyst-1"], ["uno, para las dos", "dos, sin la segunda",
                                             "tres, con la tercera", "cuatro, para las tres"])
        self.assertEqual(told["analyst-2"], ["uno, para las dos", "cuatro, para las tres"])
        self.assertEqual(told["analyst-3"], ["tres, con la tercera", "cuatro, para las tres"])



class NewsTest(RosterCase):
    def test_an_import_tells_who_reads_since_the_last_one(self):
        rig = self.rig
        vault = rig.work / "news-vault"

        def bring(name, words):
            if rig.bot.process.poll() is None:
                rig.bot.stop()
            rig.export_bundle(name)
            told = rig.import_bundle("analyst-1", vault)
            self.assertIn(words, told)
            rig.bot.start()
            return [line for line in told.splitlines() if line.startswith("roster ")]
        Person(rig, "whatsapp", 21).tell_all("antes")
        # The log: a roster, two lists, a report; then two rosters, each once, and a report.
        self.assertEqual(bring("news-1.bundle", "log: 4 entries,"), [])
        before = json.loads(rig.program("resguardo-analyst", "roster", "show", self.roster, "--json"))["number"]
        self.install_beside_the_server(self.next_roster("reads", self.member_id("analyst-2"), "--reads", "testimony"))
        self.install_and_restart(self.next_roster("revoke", self.member_id("analyst-2")))
        Person(rig, "whatsapp", 22).tell_all("después")
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        self.assertEqual(bring("news-2.bundle", "3 wait for the next"), [
            f"roster {before + 1}, in force since {today}: analyst-2 reads testimony",
            f"roster {before + 2}, in force since {today}: analyst-2 reads nothing"])
        self.assertEqual(bring("news-3.bundle", "3 wait for the next"), [])


class RotationTest(RosterCase):
    def signed_by(self, name, root, *keys):
        """The roster that follows the one in place, signed by these roots, one after another."""
        rig = self.rig
        file = rig.work / f"{name}.draft"
        rig.program("resguardo-analyst", "roster", "create", "--from", self.roster, "--root",
                    rig.work / f"{root}.key.pub", "--out", file)
        for number, key in enumerate(keys):
            out = rig.work / f"{name}.{number}"
            rig.analyst("roster", "sign", file, "--root-key", rig.work / f"{key}.key", "--out", out)
            file = out
        return file

    def test_a_root_is_replaced_beside_a_running_server(self):
        rig = self.rig
        rig.analyst("root", "create", "--out", rig.work / "new.key", *rig.key_cost)
        self.install_beside_the_server(self.next_roster("create", "--next-root", rig.work / "new.key.pub"))
        self.install_beside_the_server(self.signed_by("both", "root", "root", "new"))
        alone = self.signed_by("alone", "new", "new")
        self.install_beside_the_server(alone)
        Person(rig, "whatsapp", 31).tell_all("bajo la raíz nueva")
        self.assertEqual([stories(r) for r in rig.read_reports()], [["bajo la raíz nueva"]])
        rig.bot.start()  # the pin is still the old root's


class WarningTest(RosterCase):
    def test_check_and_readyz_warn_before_the_roster_and_the_keys_run_out(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        soon = (today + datetime.timedelta(days=20)).isoformat()
        words = "the roster expires in 20 days: a new roster is needed this month"
        installed = self.install_beside_the_server(self.next_roster("create", "--expires", soon))
        self.assertIn("warning: " + words, installed.stderr)
        status, page = self.rig.hooks.admin("/readyz")
        self.assertEqual(status, 200)
        self.assertEqual(page.splitlines(), ["ready", words])
        self.assertIn("resguardo_roster_days 20", self.rig.hooks.admin("/metrics")[1])
        self.rig.bot.stop()
        done = self.rig.run("resguardo-bot", "check", "--config", self.rig.config)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(words + "; ask whoever holds the root key", done.stdout)
        done = self.rig.run("resguardo-bot", "check", "--config", self.rig.config, "--json")
        self.assertIn(words, [one["what"] for one in json.loads(done.stdout)["warnings"]])


class WeekTest(RosterCase):
    def test_a_report_goes_on_in_a_new_segment_when_the_week_changes(self):
        rig = self.rig
        rig.bot.stop()
        ahead = rig.work / "ahead"
        ahead.write_text("0")
        now = datetime.datetime.now(datetime.timezone.utc)
        to_monday = (7 - now.weekday()) * DAY - (now.hour * 60 + now.minute) * 60 - now.second
        config = rig.write_configuration("patient.toml", retention={"idle_timeout": "240h"})
        bot, rig.bot = rig.bot, Bot(rig.bin / "resguardo-bot", config)
        self.addCleanup(setattr, rig, "bot", bot)
        self.addCleanup(rig.bot.end)
        rig.bot.start({**os.environ, "LD_PRELOAD": str(rig.bin / "libresguardo_clock_ahead.so"),
                       "RESGUARDO_CLOCK_AHEAD": str(ahead)})
        person = Person(rig, "signal", 1)
        person.consent()
        person.say("antes del lunes")
        ahead.write_text(str(to_monday + 3600))
        # The server moves to the new week within a minute, and before it serves again.
        rig.bot.stop()
        rig.bot.start({**os.environ, "LD_PRELOAD": str(rig.bin / "libresguardo_clock_ahead.so"),
                       "RESGUARDO_CLOCK_AHEAD": str(ahead)})
        # After the silence: safe to write, yes, go on.
        for text in ("hola", "1", "1", "desde el lunes", *ENDING, *ENDING):
            if "código" in person.say(text):
                break
        rig.bot.stop()
        report, = rig.read_reports()
        self.assertEqual(stories(report)[0], "antes del lunes")
        self.assertIn("desde el lunes", stories(report))
        weeks = [segment["week"] for segment in report["segments"]]
        self.assertEqual(len(set(weeks)), 2, weeks)


if __name__ == "__main__":
    main()
