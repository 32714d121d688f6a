# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that people send: fetched, sealed and with the analyst, and gone where they came from."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import files  # noqa: E402
from rig import ENDING, Case, Person, main  # noqa: E402
from servers import Bot  # noqa: E402
from signal_daemon import Daemon  # noqa: E402

MEBIBYTE = 1 << 20


def content_of(number, size=100_000):
    return random.Random(number).randbytes(size)


class Sender(Person):
    """Sends files too, and knows what it sent."""

    def __init__(self, test, channel, number):
        super().__init__(test.rig, channel, number)
        self.test, self.sent = test, []

    def service(self):
        return self.test.whatsapp if self.channel == "whatsapp" else self.test.signal

    def post_file(self, content, faults=(), kind="image/jpeg", words=None, **more):
        """The id that the service has it under."""
        hooks, name = self.rig.hooks, self.service().put(content, faults)
        if self.channel == "whatsapp":
            said = "video" if kind.startswith("video") else "audio" if kind.startswith("audio") else "image"
            post = hooks.wa_post(hooks.wa_file(self.address, said, files.media(name, content, kind, **more)))
            status = hooks.whatsapp(post)
        else:
            status = self.take(hooks.signal_post(
                self.address, words, attachments=[files.attachment(name, content, kind, **more)]))
        if status != 200:
            raise AssertionError(f"a file was answered with {status}")
        self.sent.append(content)
        return name

    def take(self, post):
        return self.rig.hooks.signal(post)

    def send_file(self, content, faults=(), **more):
        before = self.rig.inbox.count(self.address)
        name = self.post_file(content, faults, **more)
        if self.rig.inbox.wait(self.address, before) is None:
            raise AssertionError("no reply came")
        return name


class Caller(Sender):
    """Over signal-cli's own daemon, whose files lie in a folder."""

    def post(self, text):
        return self.take(self.rig.hooks.signal_post(self.address, text))

    def take(self, post):
        for one in post["params"]["envelope"]["dataMessage"].get("attachments", ()):
            (self.test.folder / one["id"]).write_bytes(self.test.signal.kept.pop(one["id"]))
        self.test.daemon.receive(post["params"])
        return 200


class Media(Case):
    def setUp(self):
        self.rig.close_messengers()
        self.rig.open_messengers()
        self.whatsapp, self.signal = (one.files for one in self.rig.listeners)
        super().setUp()

    def data(self):
        return self.rig.server / "data"

    def assertBrought(self, reports, *senders):
        """Each one's report has exactly the files that were sent, whole, and has no other."""
        found = {}
        for report in reports:
            whole = sorted(one["sha256"] for one in report["media"] if one["sha256"])
            found[tuple(whole)] = report
        for sender in senders:
            wanted = tuple(sorted(hashlib.sha256(one).hexdigest() for one in sender.sent))
            self.assertTrue(wanted in found, f"no report has just these files: {wanted}; "
                            f"there are {sorted(found)}")

    def assertNoPlaintext(self, *senders):
        kept = b"".join(content for _, content in sorted(self.rig.data_files().items()))
        for sender in senders:
            for content in sender.sent:
                self.assertNotIn(content[:64], kept)

    def sealed_files(self):
        return {one.name for one in (self.data() / "media").glob("*")}

    def memory(self, what):
        """The bot's VmRSS or VmHWM, in bytes."""
        status = pathlib.Path(f"/proc/{self.rig.bot.process.pid}/status").read_text()
        return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith(what)))

    def forget_peak(self):
        """From here on VmHWM is what is used at most from here on (proc(5), clear_refs)."""
        pathlib.Path(f"/proc/{self.rig.bot.process.pid}/clear_refs").write_text("5")


class MediaTest(Media):
    def test_files_of_both_messengers_reach_the_analyst(self):
        senders = [Sender(self, "whatsapp", 1), Sender(self, "signal", 2)]
        for number, sender in enumerate(senders):
            sender.consent()
            photo = sender.send_file(content_of(number), words="mi mano")
            voice = sender.send_file(content_of(number + 10, 7_001), kind="audio/ogg")
            sender.say(*ENDING)
            for name in (photo, voice):
                self.assertTrue(sender.service().wait_gone(name), "the copy is still there")
        self.assertNoPlaintext(*senders)
        self.assertBrought(self.rig.read_reports(), *senders)

    def test_a_backup_says_what_of_them_the_disk_lost(self):
        before = self.sealed_files()
        sender = Sender(self, "whatsapp", 9)
        sender.consent()
        for number in range(3):
            self.assertTrue(sender.service().wait_gone(sender.send_file(content_of(number + 90))))
        sender.say(*ENDING)
        self.rig.read_reports()
        gone, flipped, _ = (self.data() / "media" / name for name in sorted(self.sealed_files() - before))
        whole = {path: path.read_bytes() for path in (gone, flipped)}

        def backup(name, *more):
            done = self.rig.run("resguardo-bot", "backup", "--config", self.rig.config, "--out",
                                self.rig.work / name, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        self.assertIn("read back and whole", backup("all.backup"))
        gone.unlink()
        flipped.write_bytes(bytes([whole[flipped][0] ^ 1]) + whole[flipped][1:])
        told = backup("less.backup")
        self.assertNotIn("and whole", told)
        self.assertIn("WARNING: of the files that reporters sent 1 are missing", told)
        self.assertIn("keep the older backup that has them", told)
        page = json.loads(backup("least.backup", "--json"))
        self.assertEqual((page["media_missing"], page["media_changed"], len(page["warnings"])), (1, 1, 1))
        for path, content in whole.items():
            path.write_bytes(content)

    def test_every_fault_that_passes_costs_nothing(self):
        faults = [500, 404, "page", "cut"]
        senders = []
        for number, channel in enumerate(("whatsapp", "signal")):
            sender = Sender(self, channel, 20 + number)
            sender.consent()
            service = sender.service()
            # Signal's container tells no digest: a page with status 200 would be the file.
            names = [sender.send_file(content_of(30 + n + 10 * number), faults=[fault])
                     for n, fault in enumerate(faults)
                     if channel == "whatsapp" or fault != "page"]
            if channel == "whatsapp":
                names += [sender.send_file(content_of(50 + n), faults=[fault])
                          for n, fault in enumerate(("wrong", "longer"))]
            sender.say(*ENDING)
            for name in names:
                self.assertTrue(service.wait_gone(name), "the copy is still there")
            senders.append(sender)
        self.assertBrought(self.rig.read_reports(), *senders)

    def test_a_lost_file_is_asked_for_again_and_the_report_says_so(self):
        sender = Sender(self, "signal", 60)
        sender.consent()
        before = self.rig.inbox.count(sender.address) + 1
        name = sender.send_file(content_of(60), faults=[404, 404, 404, 404])
        told = self.rig.inbox.wait(sender.address, before)
        self.assertIn("no se pudo guardar", told or "nothing came")
        self.assertTrue(sender.service().wait_gone(name))
        sender.sent.clear()
        again = sender.send_file(content_of(61))
        self.assertTrue(sender.service().wait_gone(again))
        sender.say("la segunda vez llegó", *ENDING)
        reports = self.rig.read_reports()
        self.assertBrought(reports, sender)
        report = self.assertTold(reports, "la segunda vez llegó")
        self.assertEqual([one["lost"] for one in report["media"]].count(True), 1)

    def test_too_large_a_program_and_too_early(self):
        sender = Sender(self, "signal", 70)
        early = sender.send_file(content_of(70))
        sender.consent()
        large = sender.send_file(b"x", size=101_000_000)
        self.assertIn("demasiado grande", self.rig.inbox.messages[sender.address][-1])
        program = sender.send_file(b"MZ", kind="application/x-msdownload")
        self.assertIn("este tipo de archivo", self.rig.inbox.messages[sender.address][-1])
        for name in (early, large, program):
            self.assertTrue(self.signal.wait_gone(name), "the copy is still there")
            self.assertNotIn(name, self.signal.asked)
        sender.sent.clear()
        sender.say("nada llegó", *ENDING)
        report = self.assertTold(self.rig.read_reports(), "nada llegó")
        self.assertEqual(report["media"], [])

    def test_a_kill_while_files_come_brings_each_once(self):
        senders = [Sender(self, "whatsapp", 80), Sender(self, "signal", 81)]
        names = []
        for number, sender in enumerate(senders):
            sender.consent()
            names.append(sender.send_file(content_of(80 + number, 2 * MEBIBYTE), faults=["slow"] * 3))
        for sender, name in zip(senders, names):
            self.assertTrue(sender.service().wait(lambda files, name=name: name in files.asked))
        for _ in range(2):
            time.sleep(0.5)  # any moment of the transfer will do
            self.rig.bot.kill()
            self.rig.bot.start()
        for sender, name in zip(senders, names):
            sender.service().faults[name] = []
            self.assertTrue(sender.service().wait_gone(name), "the copy is still there")
            sender.say("sigo", *ENDING)
        self.assertEqual([str(one) for one in self.data().rglob("*.part")], [])
        self.assertBrought(self.rig.read_reports(), *senders)

    def test_a_report_that_is_erased_leaves_no_file(self):
        others = self.sealed_files()
        sender = Sender(self, "signal", 90)
        sender.consent()
        name = sender.send_file(content_of(90))
        self.assertTrue(self.signal.wait_gone(name))
        slow = sender.send_file(content_of(91, 4 * MEBIBYTE), faults=["slow"])
        self.assertTrue(self.signal.wait(lambda files: slow in files.asked))
        sender.say("borrar")
        self.assertTrue(self.signal.wait_gone(slow), "the copy is still there")
        until = time.monotonic() + 30
        while self.sealed_files() != others:
            self.assertLess(time.monotonic(), until, "a sealed file stayed")
            time.sleep(0.05)

    def test_a_full_disk_waits(self):
        self.rig.bot.stop()
        full = self.rig.work / "full"
        self.rig.bot.start({**os.environ, "LD_PRELOAD": str(self.rig.bin / "libresguardo_write_fault.so"),
                            "RESGUARDO_FAULT_UNDER": str(self.data() / "media"),
                            "RESGUARDO_FAULT_KIND": "full", "RESGUARDO_FAULT_AT": "1",
                            "RESGUARDO_FAULT_WHILE": str(full)})
        sender = Sender(self, "whatsapp", 95)
        sender.consent()
        full.touch()
        name = sender.send_file(content_of(95))
        self.assertTrue(self.whatsapp.wait(lambda files: files.asked.count(name) >= 2))
        self.assertIn("files wait: ", self.rig.hooks.admin("/readyz")[1])
        self.assertIn(name, self.whatsapp.kept)
        full.unlink()
        self.assertTrue(self.whatsapp.wait_gone(name), "the copy is still there")
        sender.say("sigo", *ENDING)
        self.assertBrought(self.rig.read_reports(), sender)

    def test_a_hundred_megabytes_in_constant_memory(self):
        for number, channel in enumerate(("whatsapp", "signal")):
            with self.subTest(channel):
                sender = Sender(self, channel, 97 + number)
                sender.consent()
                warm = sender.send_file(content_of(96 + number))
                self.assertTrue(sender.service().wait_gone(warm))
                self.forget_peak()
                before = self.memory("VmRSS")
                begun = time.monotonic()
                name = sender.send_file(content_of(98 + number, 100_000_000), kind="video/mp4")
                self.assertTrue(sender.service().wait_gone(name, 300), "it did not come")
                grown = self.memory("VmHWM") - before
                print(f"\n{channel}: 100 MB in {time.monotonic() - begun:.1f} s, "
                      f"memory {before / MEBIBYTE:.1f} MiB, at its peak "
                      f"{grown / MEBIBYTE:.2f} MiB more",
                      file=sys.stderr)
                self.assertLess(grown, 8 * MEBIBYTE)
                sender.say("sigo", *ENDING)
                self.assertBrought(self.rig.read_reports(), sender)
                self.rig.bot.start()


class DaemonMediaTest(Media):
    """Through signal-cli's own daemon: base64 in one answer, and a folder that nobody else tidies."""

    def setUp(self):
        super().setUp()
        self.rig.bot.stop()
        self.rig.listeners.pop().end()  # Signal's
        self.folder = self.rig.work / "attachments"
        self.folder.mkdir(exist_ok=True)
        self.addCleanup(shutil.rmtree, self.folder)
        self.daemon = Daemon(self.rig.signal, self.rig.inbox, folder=self.folder)
        self.addCleanup(lambda: self.daemon.end())
        config, self.rig.config = self.rig.config, self.rig.write_configuration(
            "daemon.toml", signal={"mode": "jsonrpc", "webhook_token_file": None,
                                   "attachments_dir": str(self.folder)})
        self.addCleanup(setattr, self.rig, "config", config)
        self.addCleanup(setattr, self.rig, "bot", self.rig.bot)
        self.rig.bot = Bot(self.rig.bin / "resguardo-bot", self.rig.config)
        self.addCleanup(self.rig.bot.end)
        self.rig.bot.start()

    def wait_deleted(self, seconds=60):
        until = time.monotonic() + seconds
        while any(self.folder.iterdir()):
            self.assertLess(time.monotonic(), until, "a file stayed in the clear")
            time.sleep(0.02)

    def test_files_come_and_leave_the_folder(self):
        caller = Caller(self, "signal", 110)
        caller.consent()
        caller.send_file(content_of(110, 3_000_001))
        caller.send_file(content_of(111, 0))
        caller.send_file(content_of(112), kind="audio/aac")
        self.wait_deleted()
        caller.say("sigo", *ENDING)
        self.assertBrought(self.rig.read_reports(), caller)

    def test_what_is_too_much_for_the_daemon_is_refused(self):
        caller = Caller(self, "signal", 113)
        caller.consent()
        caller.send_file(b"x", size=25 * MEBIBYTE + 1, kind="video/mp4")
        self.assertIn("demasiado grande", self.rig.inbox.messages[caller.address][-1])
        self.wait_deleted()
        self.assertNotIn("getAttachment", {method for method, _ in self.daemon.calls})

    def test_check_says_what_the_folder_is_for(self):
        bare = self.rig.write_configuration(
            "bare.toml", signal={"mode": "jsonrpc", "webhook_token_file": None})
        self.assertIn("stay in the clear", self.rig.run("resguardo-bot", "check", "--config", bare).stdout)
        fine = self.rig.run("resguardo-bot", "check", "--config", self.rig.config).stdout
        self.assertNotIn("attachments_dir", fine)
        none = self.rig.write_configuration("none.toml", limits={"media_bytes": 0}, signal={
            "mode": "jsonrpc", "webhook_token_file": None})
        self.assertIn("stay in the clear", self.rig.run("resguardo-bot", "check", "--config", none).stdout)
        wrong = self.rig.write_configuration(
            "wrong.toml", signal={"mode": "jsonrpc", "webhook_token_file": None,
                                  "attachments_dir": str(self.rig.work / "nowhere/attachments")})
        checked = self.rig.run("resguardo-bot", "check", "--config", wrong)
        self.assertIn("is no folder", checked.stdout)
        self.assertEqual(checked.returncode, 1)

    def test_a_folder_of_others_is_refused(self):
        self.rig.bot.stop()
        ours = self.rig.server / "data"
        for folder in (ours, self.rig.server / "secrets", ours / "attachments", self.rig.work):
            config = self.rig.write_configuration("others.toml", signal={
                "mode": "jsonrpc", "webhook_token_file": None, "attachments_dir": str(folder)})
            for command in ("check", "serve"):
                done = self.rig.run("resguardo-bot", command, "--config", config)
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertIn("[signal] attachments_dir", done.stdout + done.stderr)
            config.unlink()
        for name in ("data/reports.db", "data/slots", "secrets/master.key"):
            self.assertTrue((self.rig.server / name).exists(), name)


if __name__ == "__main__":
    main()
