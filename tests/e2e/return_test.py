# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody comes back with nothing but the digits, on another phone and the other messenger."""
import datetime
import json
import os
import pathlib
import re
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from media_test import Media, Sender, content_of  # noqa: E402
from rig import BEFORE_CONSENT, BIN, CONSENT, ENDING, LINKED, Case, Person, main  # noqa: E402

RECEIPT = re.compile(r"\d{4}(?: \d{4}){5}")
MENU = "¿Qué quiere hacer con su reporte? Respuestas para usted: "
READ, ADD, DELETE, STOP_PUBLISH, NOTHING = "1", "2", "3", "4", "7"


def texts(report):
    return {answer["text"] or answer["raw"] for answer in report["answers"]}


class ReturnCase(Case):
    def tell(self, number, story):
        """A whole report over WhatsApp; the digits of its receipt."""
        told = Person(self.rig, "whatsapp", number).tell_all(story)
        return RECEIPT.search(told).group(0)

    def come_back(self, number, digits):
        """On Signal, as somebody new; the menu."""
        back = Person(self.rig, "signal", number)
        return back, back.say(digits.replace(" ", ""), "1", "si")

    def report_with(self, story, reports):
        found = [one for one in reports if story in texts(one)]
        self.assertEqual(len(found), 1, f"{story}: {len(found)} reports")
        return found[0]

    def ok(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def is_kept(self, vault, story):
        """Whether that analyst's vault still shows it."""
        kept = self.rig.reports_of(vault, self.rig.work / "kept.ndjson")
        for file in self.rig.work.glob("kept.ndjson*"):
            file.unlink()
        return any(story in texts(one) for one in kept)


class ReturnTest(ReturnCase):
    def test_adds_to_the_report(self):
        digits = self.tell(1, "lo que pasó ayer")
        back, menu = self.come_back(501, digits)
        self.assertIn(MENU + "0", menu)
        back.say(ADD, "lo que se me había olvidado", "LISTO", NOTHING)
        report = self.report_with("lo que pasó ayer", self.rig.read_reports())
        self.assertIn("lo que se me había olvidado", texts(report))
        self.assertEqual(len(report["segments"]), 2)

    def test_wrong_digits_open_nothing(self):
        digits = self.tell(2, "otra historia")
        wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
        _, answer = self.come_back(502, wrong)
        self.assertNotIn(MENU, answer)

    def test_reads_what_an_analyst_answered_once(self):
        digits = self.tell(3, "una historia con pregunta")
        report = self.report_with("una historia con pregunta", self.rig.read_reports())
        vault, words, replies = (self.rig.work / name for name in
                                 (f"analyst-1-vault-{self.rig.exports}", "words.txt", "replies"))
        words.write_text("Gracias por escribirnos. ¿Recuerda la hora?")
        self.rig.analyst("reply", report["report"], "--text-file", words, "--out", replies, "--vault", vault,
                         "--key", self.rig.work / "analyst-1")
        self.assertNotIn(b"Gracias", replies.read_bytes())
        self.rig.bot.start()
        for _ in range(2):  # the stick comes twice
            done = self.rig.run("resguardo-bot", "deliver", "--config", self.rig.config, replies)
            self.assertEqual(done.returncode, 0, done.stderr)
        for name, content in self.rig.data_files().items():
            self.assertNotIn("Gracias por escribirnos".encode(), content, name)
        back, menu = self.come_back(503, digits)
        self.assertIn(MENU + "1", menu)
        self.assertIn("¿Recuerda la hora?", back.say(READ))
        again, menu = self.come_back(504, digits)
        self.assertIn(MENU + "0", menu)
        self.assertNotIn("¿Recuerda la hora?", again.say(READ))

    def test_withdraws_all_and_it_is_gone_everywhere(self):
        digits = self.tell(4, "una historia que se retira")
        self.report_with("una historia que se retira", self.rig.read_reports())
        vault = self.rig.work / f"analyst-1-vault-{self.rig.exports}"
        self.rig.bot.start()
        back, _ = self.come_back(505, digits)
        back.say(DELETE, "1")
        after = self.rig.read_reports()
        self.assertEqual([one for one in after if "una historia que se retira" in texts(one)], [])
        self.rig.import_bundle("analyst-1", vault)  # who had it before
        listed = self.rig.analyst("withdrawals", "--vault", vault)
        self.assertIn("all of it", listed)
        self.assertIn("signed by the reporter", listed)
        self.assertFalse(self.is_kept(vault, "una historia que se retira"))
        self.rig.bot.start()
        _, menu = self.come_back(506, digits)
        self.assertNotIn(MENU, menu)

    def test_killed_while_adding_goes_on_where_it_was(self):
        digits = self.tell(7, "una historia interrumpida")
        back, _ = self.come_back(507, digits)
        back.say(ADD, "antes del golpe")
        self.rig.bot.kill()
        self.rig.bot.start()
        back.say("después del golpe", "LISTO")
        report = self.report_with("una historia interrumpida", self.rig.read_reports())
        self.assertIn("antes del golpe", texts(report))
        self.assertIn("después del golpe", texts(report))

    def test_two_phones_add_and_each_word_is_kept(self):
        digits = self.tell(8, "una historia de dos teléfonos")
        one, _ = self.come_back(508, digits)
        other, _ = self.come_back(509, digits)
        one.say(ADD, "desde el primero")
        other.say(ADD, "desde el segundo", "LISTO")
        self.assertNotIn("LISTO", one.say("esto llega tarde"))
        report = self.report_with("una historia de dos teléfonos", self.rig.read_reports())
        self.assertIn("desde el primero", texts(report))
        self.assertIn("desde el segundo", texts(report))

    def receipt_that_never_arrives(self, person, story):
        """Its digits, which only the messenger has seen; the bot is killed then."""
        inbox = self.rig.inbox
        inbox.refuses = RECEIPT
        person.consent()
        person.say(story, *ENDING[:-1])
        self.assertEqual(person.post(ENDING[-1]), 200)
        digits = RECEIPT.search(inbox.wait_refused()).group(0)
        self.rig.bot.kill()
        inbox.refuses = None
        return digits

    def test_a_receipt_that_did_not_arrive_gives_way_to_another(self):
        person = Person(self.rig, "whatsapp", 17)
        first = self.receipt_that_never_arrives(person, "una historia sin código")
        self.rig.bot.start()
        told = person.say("hola")
        second = RECEIPT.search(told).group(0)
        self.assertIn("reemplaza", told)
        self.assertNotEqual(first, second)
        _, menu = self.come_back(517, first)
        self.assertNotIn(MENU, menu)
        _, menu = self.come_back(518, second)
        self.assertIn(MENU, menu)
        report = self.report_with("una historia sin código", self.rig.read_reports())
        vault = self.rig.work / f"analyst-1-vault-{self.rig.exports}"
        self.rig.bot.start()
        back, _ = self.come_back(519, second)
        back.say(DELETE, "1")
        self.rig.bot.stop()
        self.rig.export_bundle("replaced.bundle")
        self.rig.import_bundle("analyst-1", vault)
        lines = [line for line in self.rig.analyst("withdrawals", "--vault", vault).splitlines() if line.startswith(report["report"][:8])]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("signed by the reporter", lines[0])
        kept = self.rig.reports_of(vault, self.rig.work / "replaced.ndjson")
        self.assertEqual([one for one in kept if "una historia sin código" in texts(one)], [])


class LinkedTest(ReturnCase):
    """Replies without the digits, from the phone that told, for thirty days (docs/adr/162)."""
    rig_options = {"nodes": LINKED}
    HELLO = ["hola", "1", "si", "tengo un código"]

    def setUp(self):
        super().setUp()
        rig = self.rig
        rig.bot.stop()
        self.ahead = rig.work / "ahead"
        self.clock = {**os.environ, "LD_PRELOAD": str(BIN / "libresguardo_clock_ahead.so"),
                      "RESGUARDO_CLOCK_AHEAD": str(self.ahead)}
        self.addCleanup(setattr, rig.hooks, "ahead", 0)
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        self.start(0)

    def key(self, days):
        return self.rig.server / "data" / "keys" / f"link-{self.today + datetime.timedelta(days)}.key"

    def start(self, days):
        """The bot, on a later day, when it has swept what is over."""
        self.ahead.write_text(str(days * 86400))
        self.rig.hooks.ahead = days * 86400
        self.rig.bot.start(self.clock)
        end = time.monotonic() + 60
        while not self.key(days).exists():
            self.assertLess(time.monotonic(), end, "the day's key was not made")
            time.sleep(0.05)

    def answer(self, report, vault, text):
        rig = self.rig
        words, replies = rig.work / "words.txt", rig.work / f"{abs(hash(text))}.reply"
        words.write_text(text)
        rig.analyst("reply", report["report"], "--text-file", words, "--out", replies, "--vault", vault,
                    "--key", rig.work / "analyst-1")
        return replies

    def deliver(self, replies):
        self.ok(self.rig.run("resguardo-bot", "deliver", "--config", self.rig.config, replies, env=self.clock))

    def test_the_phone_that_told_reads_replies_for_thirty_days(self):
        rig = self.rig
        person, other = Person(rig, "signal", 21), Person(rig, "whatsapp", 22)
        person.say(*BEFORE_CONSENT[:3], "a mí", *BEFORE_CONSENT[3:], CONSENT)
        self.assertRegex(person.say("una historia con teléfono", *ENDING), RECEIPT)
        self.assertIn("unido durante 30 días", person.say("gracias"))
        self.assertIn("Hecho", person.say("1"))
        report = self.report_with("una historia con teléfono", rig.read_reports())
        vault = rig.work / f"analyst-1-vault-{rig.exports}"
        first, second = (self.answer(report, vault, text) for text in ("¿Recuerda la hora?", "Gracias por todo."))
        self.start(0)
        self.assertIn("Escriba su código", person.say(*self.HELLO))
        self.deliver(first)
        self.assertIn("Escriba su código", other.say(*self.HELLO))
        self.assertIn("Respuestas para usted: 1", person.say("atras", "tengo un código"))
        self.assertIn("¿Recuerda la hora?", person.say("1"))
        self.assertIn("No hay más respuestas", person.say("seguir"))
        self.deliver(second)
        for days in (7, 14, 21, 28):
            rig.bot.stop()
            self.start(days)
        self.assertIn("Respuestas para usted: 1", person.say(*self.HELLO))
        self.assertTrue(self.key(0).exists())
        rig.bot.stop()
        self.start(30)
        self.assertFalse(self.key(0).exists(), "a key that finds the phone is still there")
        self.assertIn("Escriba su código", person.say(*self.HELLO))


class ReturnMediaTest(Media):
    def test_a_voice_note_that_is_added_arrives_bit_for_bit(self):
        told = Person(self.rig, "whatsapp", 1).tell_all("lo que pasó")
        digits = re.search(r"\d{4}( \d{4}){5}", told).group(0)
        back = Sender(self, "signal", 601)
        back.say(digits.replace(" ", ""), "1", "si", ADD)
        voice = back.send_file(content_of(7, 41_003), kind="audio/ogg")
        back.say("LISTO")
        self.assertTrue(back.service().wait_gone(voice), "the copy is still there")
        self.assertNoPlaintext(back)
        self.assertBrought(self.rig.read_reports(), back)


class RestoredTest(ReturnCase):
    STORY, STAYS = "una historia de antes del respaldo", "otra que se queda"

    def command(self, *arguments):
        return self.rig.run("resguardo-bot", *arguments, "--config", self.rig.config)

    def restored(self, backup):
        """What `restore` brings when the machine is gone, and its log's new key is in the roster."""
        rig = self.rig
        shutil.move(rig.server / "data", rig.work / "gone")
        command = ["restore", "--backup", backup, "--checkpoint", rig.work / "checkpoint"]
        unasked = self.command(*command)
        self.assertIn("--erased 1", unasked.stderr)
        self.assertFalse((rig.server / "data").exists())
        told = json.loads(self.ok(self.command(*command, "--erased", "1", "--json")))
        rig.sign_roster(rig.work / "roster.next", "--from", rig.server / "roster.signed", "--root",
                        rig.work / "root.key.pub", "--log-key", told["log_key"], "--log-origin", "demo.invalid/log-2")
        self.ok(self.command("roster", "install", rig.work / "roster.next"))
        return told

    def test_a_backup_of_before_does_not_bring_back_what_was_withdrawn(self):
        rig = self.rig
        digits = self.tell(11, self.STORY)
        self.tell(12, self.STAYS)
        self.report_with(self.STORY, rig.read_reports())
        vault, before = rig.work / f"analyst-1-vault-{rig.exports}", rig.bundle
        (rig.work / "checkpoint").write_text(rig.analyst("log", "show", "--vault", vault))
        backups = rig.work / "backups"
        backups.mkdir()
        self.ok(self.command("backup", "--out", backups / "before"))
        rig.bot.start()
        back, _ = self.come_back(511, digits)
        back.say(DELETE, "1")
        rig.bot.stop()
        rig.export_bundle("withdrawn.bundle")
        rig.import_bundle("analyst-1", vault)
        self.assertFalse(self.is_kept(vault, self.STORY))
        self.ok(self.command("backup", "--out", backups / "after"))  # all share the newest slots
        told = self.restored(backups / "before")
        self.assertEqual((told["reports"], told["erased"]), (1, 1))
        rig.bot.start()
        _, menu = self.come_back(512, digits)
        self.assertNotIn(MENU, menu)
        after = rig.read_reports()
        self.report_with(self.STAYS, after)
        self.assertFalse(any(self.STORY in texts(one) for one in after))
        # Nor do the restored server's bundle, or an old one, unlock it where it was locked.
        for bundle in (rig.bundle, before):
            rig.bundle = bundle
            rig.import_bundle("analyst-1", vault)
            self.assertFalse(self.is_kept(vault, self.STORY))
            self.assertTrue(self.is_kept(vault, self.STAYS))
        self.assertIn("signed by the reporter", rig.analyst("withdrawals", "--vault", vault))


if __name__ == "__main__":
    main()
