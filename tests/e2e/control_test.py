# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands beside a running server: it alone holds the store, and does what they ask."""
import fcntl
import json
import os
import pathlib
import socket
import stat
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, Person, main  # noqa: E402

# The second: built with a sanitizer, whose own calls no filter lets through.
READY = {"ready", "system calls are not filtered: this program is built for tests"}


class ControlTest(Case):
    def command(self, *arguments):
        return self.rig.run("resguardo-bot", arguments[0], "--config", self.rig.config, *arguments[1:])

    def socket(self):
        return self.rig.server / "data/control.sock"

    def imported(self, name):
        vault = self.rig.work / f"{name}-vault"
        self.rig.bundle = self.rig.work / name
        self.rig.import_bundle("analyst-1", vault)
        return self.rig.reports_of(vault, self.rig.work / f"{name}.ndjson")

    def test_a_bundle_is_written_while_people_write(self):
        Person(self.rig, "whatsapp", 1).tell_all("told before the export")
        midway = Person(self.rig, "signal", 2)
        midway.consent()
        done = self.command("export", "--out", self.rig.work / "live.bundle")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Ciphertext only", done.stdout)
        self.assertEqual(stat.S_IMODE((self.rig.work / "live.bundle").stat().st_mode), 0o600)
        self.assertTold(self.imported("live.bundle"), "told before the export")
        midway.say("told across the export", "LISTO", "si")
        self.assertTold(self.rig.read_reports(), "told across the export")

    def test_in_parts_and_with_its_own_errors(self):
        Person(self.rig, "whatsapp", 3).tell_all("in parts")
        few = self.command("export", "--out", self.rig.work / "few", "--split", "1KiB")
        self.assertEqual(few.returncode, 2, few.stderr)
        self.assertIn("give at least", few.stderr)
        done = self.command("export", "--out", self.rig.work / "parts", "--split", "1MiB", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in json.loads(done.stdout)["files"]:
            self.assertGreater(pathlib.Path(part).stat().st_size, 1000)
        there = self.command("export", "--out", self.rig.config)
        self.assertEqual(there.returncode, 1, there.stderr)
        self.assertIn("exists already", there.stderr)
        wrong = self.rig.work / "no.checkpoint"
        wrong.write_text("not a checkpoint\n")
        since = self.command("export", "--out", self.rig.work / "since", "--since", wrong)
        self.assertEqual(since.returncode, 1, since.stderr)
        self.assertIn(str(wrong), since.stderr)
        self.assertFalse((self.rig.work / "since").exists())
        self.assertEqual([p for p in self.rig.work.glob(".*")], [], "a draft was left")

    def test_the_server_waits_for_a_command_that_holds_the_store(self):
        self.rig.bot.stop()
        bot, before, begin = self.rig.bot, self.rig.bot.process, len(self.rig.bot.output)
        with (self.rig.server / "data/lock").open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            starting = threading.Thread(target=bot.start)
            starting.start()
            while bot.process is before:
                time.sleep(0.01)
            self.assertTrue(bot.heard("waiting for a command", begin))
            self.assertFalse(any("serving" in line for line in bot.output[begin:]))
        starting.join()
        second = self.command("serve")
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertIn("another process", second.stderr)

    def test_status_says_what_to_look_after_with_and_without_a_server(self):
        Person(self.rig, "whatsapp", 4).tell_all("counted tomorrow")
        for serving in (True, False):
            done = self.command("status", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            page = json.loads(done.stdout)
            lines = {line["name"]: line["value"] for line in page["lines"]}
            self.assertEqual(page["serving"], serving)
            self.assertIn(lines["server"], READY if serving else {"is not running"})
            self.assertRegex(lines["reports"], r"^\d+ closed before today$")
            self.assertIn("believed", lines["clock"])
            self.assertNotIn("1555", done.stdout)
            self.rig.bot.stop()
        self.assertIn("roster", self.command("status").stdout)

    def test_a_backup_beside_people_is_read_back_and_shares_one_file_of_slots(self):
        Person(self.rig, "whatsapp", 5).tell_all("kept in the backup")
        folder = self.rig.work / "backups"
        folder.mkdir()
        for name in ("first.backup", "second.backup"):
            done = self.command("backup", "--out", folder / name, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
        slots = pathlib.Path(json.loads(done.stdout)["slots"])
        self.assertEqual(sorted(p.name for p in folder.iterdir()),
                         ["first.backup", slots.name, "second.backup"])
        for path in folder.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
            content = path.read_bytes()
            for secret in (b"kept in the backup", b"1555020", (self.rig.server / "secrets/master.key").read_bytes()):
                self.assertNotIn(secret, content)
        self.assertEqual(slots.read_bytes(), (self.rig.server / "data/slots").read_bytes())
        again = self.command("backup", "--out", folder / "first.backup")
        self.assertEqual(again.returncode, 1)
        self.assertIn("exists already", again.stderr)
        nowhere = self.command("backup", "--out", self.rig.work / "no-such-folder/backup")
        self.assertEqual(nowhere.returncode, 1)
        self.assertEqual(len(nowhere.stderr.splitlines()), 1, nowhere.stderr)

    def test_the_stores_key_is_replaced_while_people_write_and_after_a_kill(self):
        Person(self.rig, "whatsapp", 40).tell_all("told under the first key")
        midway = Person(self.rig, "signal", 41)
        midway.consent()
        key = self.rig.server / "data/keys/store.key"
        before = key.read_bytes()
        for _ in range(2):
            done = self.command("rekey", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(json.loads(done.stdout)["server_running"])
        self.assertNotEqual(key.read_bytes(), before)
        self.assertIn("another key", self.command("rekey").stdout)
        midway.say("told across the keys", "LISTO", "si")
        out = self.rig.work / "rekeyed.backup"
        self.assertEqual(self.command("backup", "--out", out).returncode, 0)
        self.rig.bot.kill()
        self.assertEqual(self.command("check", "--deep").returncode, 0)
        self.assertEqual(self.command("rekey").returncode, 0, "without a server")
        self.rig.bot.start()
        reports = self.rig.read_reports()
        for story in ("told under the first key", "told across the keys"):
            self.assertTold(reports, story)
        self.assertNotIn("reports-next.db", [p.name for p in (self.rig.server / "data").iterdir()])

    def test_only_its_own_user_and_root_are_answered(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to be somebody else")
        folder = self.rig.server / "data"
        above = [p for p in (folder, *folder.parents) if p != pathlib.Path("/")]
        modes = [(p, stat.S_IMODE(p.stat().st_mode)) for p in above]
        self.addCleanup(lambda: [p.chmod(mode) for p, mode in modes])
        for path, mode in modes:
            path.chmod(mode | 0o111)
        self.socket().chmod(0o666)
        told = subprocess.run(
            ["setpriv", "--reuid", "65534", "--clear-groups", sys.executable, "-I", "-c",
             "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
             "s.sendall(b'\\x02\\x12\\x00'); sys.stdout.buffer.write(s.recv(100))", str(self.socket())],
            capture_output=True, timeout=60, check=False)
        self.assertEqual(told.stdout, b"", told.stderr)
        ours = socket.socket(socket.AF_UNIX)
        self.addCleanup(ours.close)
        ours.connect(str(self.socket()))
        ours.sendall(b"\x02\x12\x00")  # the same question: a status
        self.assertNotEqual(ours.recv(100), b"")

    def test_the_socket_of_a_killed_server_hinders_nobody(self):
        self.rig.bot.kill()
        self.assertTrue(self.socket().exists())
        self.assertEqual(self.command("status").returncode, 0, "by itself")
        self.rig.bot.start()
        done = self.command("status", "--json")
        self.assertTrue(json.loads(done.stdout)["serving"], done.stderr)
        self.rig.bot.stop()
        self.assertFalse(self.socket().exists())

    def test_while_another_command_holds_the_store_it_says_so(self):
        self.rig.bot.stop()
        with open(self.rig.server / "data/lock", "r+b") as lock:
            import fcntl
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.command("status")
        self.assertEqual(done.returncode, 1)
        self.assertIn("answers no commands", done.stderr)


if __name__ == "__main__":
    assert BIN.is_dir(), BIN
    main()
