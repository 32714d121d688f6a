# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log as analysts see it, with real programs: a hostile operator goes back to an old copy of the
server's data and signs on from there, with the real log key (protocol.md §6). And proofs."""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, ROOT, Case, Person, main, stories  # noqa: E402

DAY = 86400


class LogTest(Case):
    def setUp(self):
        super().setUp()
        self.work = self.rig.work
        self.data = self.rig.server / "data"
        self.ahead = self.work / "ahead"
        self.ahead.write_text("0")
        self.root = self.work / "root.key.pub"

    def tell(self, number, story):
        self.rig.bot.start() if self.rig.bot.process.poll() is not None else None
        Person(self.rig, "whatsapp", number).tell_all(story)
        self.rig.bot.stop()

    def export(self, name, days, *more):
        """A bundle made so many days from now."""
        self.ahead.write_text(str(days * DAY))
        out = self.work / name
        shim = {"LD_PRELOAD": str(BIN / "libresguardo_clock_ahead.so"), "RESGUARDO_CLOCK_AHEAD": str(self.ahead)}
        done = self.rig.run("resguardo-bot", "export", "--config", self.rig.config, "--out", out, *more,
                            env={**os.environ, **shim})
        self.assertEqual(done.returncode, 0, done.stderr)
        return out

    def bring(self, bundle, vault, analyst="analyst-1", *more):
        self.rig.bundle = bundle
        return self.rig.run("resguardo-analyst", "import", bundle, "--vault", self.work / vault, "--key",
                            self.work / analyst, "--root", self.root, *self.rig.locked, *self.rig.key_cost, *more)

    def vault_command(self, vault, *arguments):
        return self.rig.run("resguardo-analyst", *arguments, "--vault", self.work / vault, *self.rig.locked)

    def back_to(self, copy):
        shutil.rmtree(self.data)
        shutil.copytree(copy, self.data)

    def test_later_an_old_copy_signed_on_is_a_fork_or_a_shrunk_log(self):
        self.tell(1, "lo primero")
        first = self.export("first.bundle", 1)
        came = self.bring(first, "a-vault")
        self.assertEqual(came.returncode, 0, came.stderr)
        self.assertIn("log: 5 entries, checkpoint of ", came.stdout)
        self.assertEqual(self.bring(first, "b-vault", "analyst-2").returncode, 0)
        old = self.work / "old"
        shutil.copytree(self.data, old)
        self.tell(2, "lo segundo")
        second = self.export("second.bundle", 2)
        came = self.bring(second, "a-vault")
        self.assertEqual(came.returncode, 0, came.stderr)
        self.assertIn("consistent with what was seen before", came.stdout)
        # Only what came after the first checkpoint, whose note `log show` prints.
        old_note = self.work / "b.note"
        old_note.write_text(self.vault_command("b-vault", "log", "show").stdout)
        since = self.export("since.bundle", 2, "--since", old_note)
        self.assertLess(since.stat().st_size, second.stat().st_size)
        alone = self.rig.run("resguardo-analyst", "verify", since, "--root", self.root)
        self.assertEqual(alone.returncode, 0, alone.stderr)
        self.assertIn("consistent with the earlier checkpoint that it goes on from", alone.stdout)
        early = self.bring(since, "c-vault")
        self.assertEqual(early.returncode, 1)
        self.assertIn("import the bundles before it first", early.stderr)
        both = self.bring(since, "c-vault", "analyst-1", first)
        self.assertEqual(both.returncode, 0, both.stderr)
        self.assertEqual(self.vault_command("c-vault", "log", "show").stdout,
                         self.vault_command("a-vault", "log", "show").stdout)
        old_note.write_text(old_note.read_text().replace("\n", "\n\n", 1))
        foreign = self.rig.run("resguardo-bot", "export", "--config", self.rig.config, "--out", self.work / "none",
                               "--since", old_note)
        self.assertEqual(foreign.returncode, 1)
        self.assertFalse((self.work / "none").exists())

        note = self.work / "a.note"
        note.write_text(self.vault_command("a-vault", "log", "show").stdout)

        self.back_to(old)  # what the second person told never was
        shrunk = self.bring(self.export("shrunk.bundle", 3), "a-vault")
        self.assertEqual(shrunk.returncode, 1)
        self.assertIn("the log shrank: from 6 entries (checkpoint of ", shrunk.stderr)
        said = [line for line in shrunk.stderr.splitlines() if "warning" not in line]
        self.assertEqual(len(said), 1, shrunk.stderr)

        self.back_to(old)
        self.tell(3, "otra historia")
        other = self.export("other.bundle", 2)
        forked = self.bring(other, "a-vault")
        self.assertEqual(forked.returncode, 1)
        self.assertIn("the log forked: entry 5 was altered", forked.stderr)
        despite = self.bring(other, "a-vault", "analyst-1", "--despite-log")
        self.assertEqual(despite.returncode, 0, despite.stderr)
        self.assertIn("taking its reports and nothing of its log", despite.stderr)

        # Two analysts were shown two histories; each is consistent in itself.
        self.assertEqual(self.bring(other, "b-vault", "analyst-2").returncode, 0)
        compared = self.vault_command("b-vault", "log", "compare", note)
        self.assertEqual(compared.returncode, 1)
        self.assertIn("THE LOG FORKED", compared.stderr)
        compared = self.vault_command("a-vault", "log", "compare", note)
        self.assertIn("consistent: their 6 entries are the first of the 6 here", compared.stdout)

    def test_a_proof_stands_alone(self):
        self.tell(11, "que conste")
        bundle = self.export("proof.bundle", 0)
        self.assertEqual(self.bring(bundle, "p-vault").returncode, 0)
        read = self.rig.reports_of(self.work / "p-vault", self.work / "p.ndjson")
        report = next(one["report"] for one in read if stories(one) == ["que conste"])
        out = self.work / "proof"
        made = self.vault_command("p-vault", "prove", report, "--out", out, *(
            part for row in range(1, 9) for part in ("--record", str(row))))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertFalse(list(out.glob("*identity*")), "identity only by name")
        self.assertEqual(self.vault_command("p-vault", "prove", report, "--out", out).returncode, 1)
        root = self.rig.root_public
        checks = (["resguardo-analyst", "prove", "--check", out, "--root", root],)
        for command in checks:
            held = self.rig.run(*command)
            self.assertEqual(held.returncode, 0, held.stderr)
            self.assertIn("holds: report " + report, held.stdout)
        self.assertIn("que conste", self.python(out, root).stdout)
        for file in sorted(out.iterdir()):
            if file.name == "README.txt":
                continue
            whole = file.read_bytes()
            for at in (0, len(whole) // 2, len(whole) - 1):
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                self.assertEqual(self.rig.run(*checks[0]).returncode, 1, f"{file.name}, byte {at}")
                if file.name != "roster.bin":  # it asks nothing of the lists of keys in there
                    self.assertEqual(self.python(out, root).returncode, 1, f"{file.name}, byte {at}")
            file.write_bytes(whole)
        self.assertEqual(self.python(out, "0" * 64).returncode, 1)
        self.assertEqual(self.python(out, root).returncode, 0)

    def python(self, folder, root):
        return subprocess.run(["/usr/bin/python3", "-B", str(ROOT / "analyst/recover/check_proof.py"), str(folder), root],
                              capture_output=True, text=True, check=False, timeout=60)


if __name__ == "__main__":
    main()
