# SPDX-License-Identifier: AGPL-3.0-or-later
"""`backup`, then the machine is gone, then `restore`: what comes back, what does not, and what
analysts see of it."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, Person, main  # noqa: E402


class RestoreTest(Case):
    def command(self, *arguments, **more):
        return self.rig.run("resguardo-bot", arguments[0], "--config", self.rig.config, *arguments[1:], **more)

    def ok(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, done, *words):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for one in words:
            self.assertIn(one, done.stderr)
        self.assertFalse(self.data().exists(), "nothing half restored")
        self.assertFalse(self.draft().exists(), "no draft stays")

    def analyst(self, *arguments):
        return self.rig.run("resguardo-analyst", *arguments, "--passphrase-file", self.rig.passphrase)

    def data(self):
        return self.rig.server / "data"

    def draft(self):
        return self.rig.server / "data.restoring"

    def import_into(self, bundle, vault):
        return self.rig.run("resguardo-analyst", "import", bundle, "--vault", vault, "--key",
                            self.rig.work / "analyst-1", "--root", self.rig.work / "root.key.pub",
                            "--passphrase-file", self.rig.passphrase, *self.rig.key_cost)

    @classmethod
    def setUpClass(cls):
        """Two reports in a backup, one of which is erased after it; one more after it; then no machine."""
        super().setUpClass()
        rig = cls.rig
        cls.vault = rig.work / "vault"
        rig.bot.start()
        for n in (1, 2):
            Person(rig, "whatsapp", n).tell_all(f"before the backup {n}")
        run = lambda *a: rig.program("resguardo-bot", a[0], "--config", rig.config, *a[1:])  # noqa: E731
        run("export", "--out", rig.work / "first.bundle")
        rig.bundle = rig.work / "first.bundle"
        rig.import_bundle("analyst-1", cls.vault)
        (rig.work / "first.checkpoint").write_text(cls.show(rig))
        cls.backups = rig.work / "backups"
        cls.backups.mkdir()
        run("backup", "--out", cls.backups / "b")
        cls.slots = next(cls.backups.glob("resguardo-slots-*"))
        rig.bot.stop()
        shutil.copytree(rig.server / "data", rig.work / "at-backup")
        # The day after: a report more, an export, and a checkpoint that the backup does not have.
        (rig.work / "ahead").write_text(str(24 * 3600))
        shim = {**os.environ, "LD_PRELOAD": str(BIN / "libresguardo_clock_ahead.so"),
                "RESGUARDO_CLOCK_AHEAD": str(rig.work / "ahead")}
        cls.tomorrow = shim
        rig.bot.start(shim)
        Person(rig, "whatsapp", 3).tell_all("after the backup")
        rig.bot.stop()
        subprocess.run([rig.bin / "resguardo-bot", "export", "--config", rig.config, "--out",
                        rig.work / "second.bundle"], env=shim, check=True, capture_output=True, timeout=60)
        rig.bundle = rig.work / "second.bundle"
        rig.import_bundle("analyst-1", cls.vault)
        (rig.work / "second.checkpoint").write_text(cls.show(rig))
        shutil.move(rig.server / "data", rig.work / "gone")
        cls.roster = (rig.server / "roster.signed").read_bytes()

    @classmethod
    def show(cls, rig, *more):
        return rig.analyst("log", "show", "--vault", cls.vault, *more)

    def setUp(self):
        shutil.rmtree(self.data(), ignore_errors=True)
        (self.rig.server / "roster.signed").write_bytes(self.roster)
        self.addCleanup(self.rig.bot.end)

    def restore(self, *more, **options):
        return self.command("restore", "--backup", self.backups / "b", *more, env=self.tomorrow, **options)

    def proven(self):
        first = self.refused_size()
        note = self.rig.work / "extended.checkpoint"
        note.write_text(self.show(self.rig, "--extends", str(first)))
        return note

    def refused_size(self):
        done = self.restore("--checkpoint", self.rig.work / "second.checkpoint")
        self.refused(done, "log show --extends ")
        return int(done.stderr.split("--extends ")[1].split("`")[0])

    def test_the_whole_way(self):
        told = json.loads(self.ok(self.restore("--checkpoint", self.proven(), "--json")))
        self.assertEqual((told["reports"], told["erased"], told["damaged"]), (2, 0, 0))
        self.assertEqual(told["log_before"], "demo.invalid/log")
        self.assertGreaterEqual(told["log_entries_lost"], 1)
        checked = self.command("check", "--deep", env=self.tomorrow)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertIn(told["log_key"], checked.stdout)
        early = self.command("export", "--out", self.rig.work / "early.bundle", env=self.tomorrow)
        self.assertEqual(early.returncode, 1)
        self.assertIn(told["log_key"], early.stderr)
        self.rig.sign_roster(self.rig.work / "roster.next", "--from", self.rig.server / "roster.signed",
                             "--root", self.rig.work / "root.key.pub", "--log-key", told["log_key"],
                             "--log-origin", "demo.invalid/log-2")
        self.ok(self.rig.run("resguardo-bot", "roster", "install", "--config", self.rig.config,
                             self.rig.work / "roster.next", env=self.tomorrow))
        self.rig.bot.start(self.tomorrow)
        Person(self.rig, "whatsapp", 4).tell_all("after the restore")
        bundle = self.rig.work / "third.bundle"
        self.ok(self.command("export", "--out", bundle, env=self.tomorrow))
        known = self.import_into(bundle, self.vault)
        self.assertEqual(known.returncode, 0, known.stderr)
        self.assertIn("restored from a backup", known.stderr)
        self.assertIn("as this vault has it", known.stderr)
        fresh = self.import_into(bundle, self.rig.work / "fresh-vault")
        self.assertEqual(fresh.returncode, 0, fresh.stderr)
        self.assertIn("nothing of that one is known here", fresh.stderr)
        checked = self.rig.run("resguardo-analyst", "verify", bundle, "--root", self.rig.work / "root.key.pub")
        self.assertIn("3 reports fit, 0 are not in it, 0 differ", checked.stdout + checked.stderr)
        self.assertIn("began anew", checked.stdout)
        reports = self.rig.reports_of(self.rig.work / "fresh-vault", self.rig.work / "fresh.ndjson")
        for story in ("before the backup 1", "before the backup 2", "after the restore"):
            self.assertTold(reports, story)
        everything = self.rig.reports_of(self.vault, self.rig.work / "known.ndjson")
        self.assertTold(everything, "after the backup")
        old = self.analyst("log", "show", "--vault", self.vault, "--origin", "demo.invalid/log")
        self.assertIn("demo.invalid/log\n", old.stdout)

    def test_a_checkpoint_that_is_older_missing_or_another_servers_is_refused(self):
        self.refused(self.restore(), "--checkpoint", "--none-newer")
        first = self.rig.work / "first.checkpoint"
        strange = self.rig.work / "strange.checkpoint"
        strange.write_text(first.read_text().replace("demo.invalid/log", "other.invalid/log"))
        self.refused(self.restore("--checkpoint", strange), "not signed by the log key")
        strange.write_text("no checkpoint\n")
        self.refused(self.restore("--checkpoint", strange), str(strange))
        proven = self.proven().read_text().splitlines(keepends=True)
        self.assertGreater(proven.index("\n"), 1, "there is a proof to damage")
        strange.write_text(proven[0] + ("B" if proven[1][0] == "A" else "A") + "".join(proven[1:])[1:])
        self.refused(self.restore("--checkpoint", strange), "two histories of one log")
        # Of the backup's own day: nothing is lost by what anybody knows.
        self.ok(self.restore("--checkpoint", first))

    def test_an_older_checkpoint_needs_a_word(self):
        """A backup that is newer than what the analysts hold."""
        shutil.copytree(self.rig.work / "gone", self.data())
        newer = self.rig.work / "newer"
        newer.mkdir()
        self.ok(self.rig.run("resguardo-bot", "backup", "--config", self.rig.config, "--out", newer / "b",
                             env=self.tomorrow))
        shutil.rmtree(self.data())
        old = ["restore", "--backup", newer / "b", "--checkpoint", self.rig.work / "first.checkpoint"]
        self.refused(self.command(*old, env=self.tomorrow), "the backup is newer", "--none-newer")
        told = json.loads(self.ok(self.command(*old, "--none-newer", "--json", env=self.tomorrow)))
        self.assertEqual((told["reports"], told["log_entries_lost"]), (3, 0))
        shutil.rmtree(self.data())
        self.ok(self.command("restore", "--backup", newer / "b", "--none-newer", env=self.tomorrow))

    def test_what_is_damaged_foreign_or_incomplete_is_refused(self):
        good = (self.backups / "b").read_bytes()
        given = ["--checkpoint", self.rig.work / "first.checkpoint", "--slots", self.slots]
        bad = self.rig.work / "bad.backup"

        def attempt(content, *words):
            bad.write_bytes(content)
            self.refused(self.command("restore", "--backup", bad, *given, env=self.tomorrow), str(bad), *words)

        attempt(good[:-10])
        attempt(good[:len(good) // 2])
        attempt(good[:1000] + bytes([good[1000] ^ 1]) + good[1001:])
        attempt(good + b"more")
        attempt(good.replace(b"resguardo backup 1", b"resguardo backup 2", 1))
        attempt(b"")
        self.refused(self.command("restore", "--backup", self.rig.work / "none", *given), "cannot be read")
        self.refused(self.restore("--checkpoint", given[1], "--slots", self.rig.work / "no-slots"), "is missing")
        master = self.rig.server / "secrets/master.key"
        right = master.read_text()
        self.addCleanup(master.write_text, right)
        master.write_text("ab" * 32 + "\n")
        self.refused(self.restore("--checkpoint", given[1]), "not made under this master key")
        master.write_text(right)
        self.data().mkdir()
        (self.data() / "something").write_text("somebody's")
        done = self.restore("--checkpoint", given[1])
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds something already", done.stderr)
        self.assertEqual([p.name for p in self.data().iterdir()], ["something"])

    def test_a_roster_below_the_backups_is_refused_and_newer_ones_are_taken_in_order(self):
        rig = self.rig
        names = [rig.server / "roster.signed"]
        for n in (2, 3):
            names.append(rig.work / f"roster-{n}")
            if not names[-1].exists():
                rig.sign_roster(names[-1], "--from", names[-2], "--root", rig.work / "root.key.pub")
        given = ["--checkpoint", rig.work / "first.checkpoint"]
        self.refused(self.restore(*given, "--roster", names[2]), "in their order")
        rig.server.joinpath("roster.signed").write_bytes(names[2].read_bytes())
        self.refused(self.restore(*given), "roster")
        self.ok(self.restore(*given, "--roster", names[1], "--roster", names[2]))
        rig.server.joinpath("roster.signed").write_bytes(names[1].read_bytes())
        self.assertIn("older than the one accepted last", self.command("check", env=self.tomorrow).stdout)
        shutil.rmtree(self.data())
        self.refused(self.restore(*given, "--roster", names[1], "--roster", names[2]), "older than the one")
        rig.server.joinpath("roster.signed").unlink()
        self.ok(self.restore(*given, "--roster", names[1]))
        self.assertTrue(rig.server.joinpath("roster.signed").exists(), "the newest that was accepted")

    def test_what_was_erased_since_is_erased_again_before_anybody_is_served(self):
        rig = self.rig
        shutil.copytree(rig.work / "at-backup", self.data())
        vault = rig.work / "early-vault"
        self.ok(self.import_into(rig.work / "first.bundle", vault))
        rig.analyst("ack", "--vault", vault, "--key", rig.work / "analyst-1", "--out", rig.work / "ack")
        short = rig.write_configuration("short.toml", retention={"acknowledged": "24h", "acknowledgements": 1})
        self.ok(rig.run("resguardo-bot", "ack", "install", "--config", short, rig.work / "ack"))
        erased = self.ok(rig.run("resguardo-bot", "retention", "--config", short, env=self.tomorrow))
        self.assertIn("2", erased)
        later = rig.work / "later"
        later.mkdir()
        self.ok(rig.run("resguardo-bot", "backup", "--config", short, "--out", later / "b", env=self.tomorrow))
        shutil.rmtree(self.data())
        given = ["--checkpoint", rig.work / "first.checkpoint", "--slots", later / self.slots.name]
        self.refused(self.restore(*given), "2 of 2 reports", "older copy", "--erased 2")
        self.refused(self.restore(*given, "--erased", "1"), "--erased 2")
        told = json.loads(self.ok(self.restore(*given, "--erased", "2", "--json")))
        self.assertEqual((told["reports"], told["erased"], told["damaged"]), (0, 2, 0))
        checked = json.loads(self.command("check", "--deep", "--json", env=self.tomorrow).stdout)
        self.assertEqual((checked["problems"], checked["read"]["reports"], checked["read"]["rows"]), ([], 0, 0))
        # A name alone is not enough: analysts believe no checkpoint that the roster's keys did not sign.
        rig.sign_roster(rig.work / "roster.unkeyed", "--from", rig.server / "roster.signed", "--root",
                        rig.work / "root.key.pub", "--log-origin", "demo.invalid/early")
        self.ok(rig.run("resguardo-bot", "roster", "install", "--config", rig.config, rig.work / "roster.unkeyed",
                        env=self.tomorrow))
        unkeyed = self.command("export", "--out", rig.work / "empty.bundle", env=self.tomorrow)
        self.assertEqual(unkeyed.returncode, 1, unkeyed.stdout)
        self.assertIn("does not name the log", unkeyed.stderr)
        self.assertIn(told["log_key"], unkeyed.stderr)
        rig.sign_roster(rig.work / "roster.after", "--from", rig.work / "roster.unkeyed", "--root",
                        rig.work / "root.key.pub", "--log-key", told["log_key"], "--log-origin", "demo.invalid/3")
        self.ok(rig.run("resguardo-bot", "roster", "install", "--config", rig.config, rig.work / "roster.after",
                        env=self.tomorrow))
        self.ok(self.command("export", "--out", rig.work / "empty.bundle", env=self.tomorrow))
        seen = rig.run("resguardo-analyst", "verify", rig.work / "empty.bundle", "--root", rig.work / "root.key.pub")
        self.assertEqual(seen.returncode, 0, seen.stderr)
        self.assertIn("0 that it names are not in this file", seen.stdout)

    def test_damage_in_the_slots_erases_nothing(self):
        content = bytearray(self.slots.read_bytes())
        for at in range(512 + 100, len(content), 512):
            content[at] ^= 1
        slots = self.rig.work / "damaged-slots"
        slots.write_bytes(content)
        given = ["--checkpoint", self.rig.work / "first.checkpoint", "--slots", slots]
        self.refused(self.restore(*given), "2 of 2 reports", "--damaged 2")
        told = json.loads(self.ok(self.restore(*given, "--damaged", "2", "--json")))
        self.assertEqual((told["reports"], told["erased"], told["damaged"]), (2, 0, 2))
        problems = json.loads(self.command("check", "--deep", "--json", env=self.tomorrow).stdout)["problems"]
        self.assertEqual(sum(p["where"].startswith("report ") for p in problems), 2, problems)

    def test_killed_on_the_way_nothing_is_there_and_the_next_one_succeeds(self):
        given = ["--checkpoint", self.rig.work / "first.checkpoint"]
        command = [self.rig.bin / "resguardo-bot", "restore", "--config", self.rig.config, "--backup",
                   self.backups / "b", *given]
        begun = time.monotonic()
        self.ok(self.restore(*given))
        whole = time.monotonic() - begun
        drafts = 0
        for part in range(12):
            shutil.rmtree(self.data(), ignore_errors=True)
            process = subprocess.Popen(command, env=self.tomorrow, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(whole * part / 12)
            process.send_signal(signal.SIGKILL)
            process.wait()
            drafts += self.draft().exists()
            if self.data().exists():
                self.assertEqual(self.command("check", "--deep", env=self.tomorrow).returncode, 0)
        self.assertGreater(drafts, 2, "it was killed in the middle")
        shutil.rmtree(self.data(), ignore_errors=True)
        self.ok(self.restore(*given))
        self.assertFalse(self.draft().exists())


if __name__ == "__main__":
    assert BIN.is_dir(), BIN
    main()
