# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody comes back with nothing but the digits, on another phone and the other messenger."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import Case, Person, main  # noqa: E402

MENU = "¿Qué quiere hacer con su reporte? Respuestas para usted: "
READ, ADD, DELETE, STOP_PUBLISH, NOTHING = "1", "2", "3", "4", "7"


def texts(report):
    return {answer["text"] or answer["raw"] for answer in report["answers"]}


class ReturnTest(Case):
    def tell(self, number, story):
        """A whole report over WhatsApp; the digits of its receipt."""
        told = Person(self.rig, "whatsapp", number).tell_all(story)
        return re.search(r"\d{4}( \d{4}){5}", told).group(0)

    def come_back(self, number, digits):
        """On Signal, as somebody new; the menu."""
        back = Person(self.rig, "signal", number)
        return back, back.say(digits.replace(" ", ""), "1", "si")

    def report_with(self, story, reports):
        found = [one for one in reports if story in texts(one)]
        self.assertEqual(len(found), 1, f"{story}: {len(found)} reports")
        return found[0]

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
        kept = self.rig.reports_of(vault, self.rig.work / "kept.ndjson")
        self.assertEqual([one for one in kept if "una historia que se retira" in texts(one)], [])
        self.rig.bot.start()
        _, menu = self.come_back(506, digits)
        self.assertNotIn(MENU, menu)


if __name__ == "__main__":
    main()
