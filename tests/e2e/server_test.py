# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server as its operator knows it: signals, rosters, wrong configurations, many connections."""
import datetime
import json
import os
import pathlib
import shutil
import signal
import ssl
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BEFORE_CONSENT, CONSENT, ENDING, Case, Person, main, stories  # noqa: E402
from servers import Bot  # noqa: E402

CONNECTIONS = 64


class ServerTest(Case):
    rig_options = {"tls": True}

    def setUp(self):
        super().setUp()
        self.hooks = self.rig.hooks

    # Ends and beginnings.
    def test_a_second_server_fails_at_once(self):
        second = self.rig.run("resguardo-bot", "serve", "--config", self.rig.config)
        self.assertEqual(second.returncode, 1)
        self.assertEqual(len(second.stderr.strip().splitlines()), 1, second.stderr)
        Person(self.rig, "whatsapp", 1).say("hola")

    def test_sigterm_lets_turns_in_flight_finish(self):
        people = [Person(self.rig, "whatsapp", 10 + n) for n in range(8)]
        for person in people:
            person.consent()
        answers, begun = {}, threading.Barrier(len(people) + 1)

        def tell(person):
            begun.wait()
            for part in range(50):
                try:
                    answers.setdefault(person, []).append((f"fin {part}", person.post(f"fin {part}")))
                except OSError:
                    return
        threads = [threading.Thread(target=tell, args=(person,)) for person in people]
        for one in threads:
            one.start()
        begun.wait()
        while sum(map(len, list(answers.values()))) < 40:
            threading.Event().wait(0.001)
        self.rig.bot.stop()
        for one in threads:
            one.join()
        self.rig.bot.start()
        for person in people:
            person.say("sigo", *ENDING)
        told = [stories(report) for report in self.rig.read_reports()]
        for person in people:
            kept = [text for text, status in answers[person] if status == 200]
            self.assertIn([*kept, "sigo"], told)

    def test_many_connections_at_once_each_walk_a_conversation(self):
        failures = []

        def walk(number):
            connection = self.hooks.connect(self.rig.public)
            try:
                person = Person(self.rig, "whatsapp", 100 + number, connection)
                person.tell_all(f"a la vez {number}", "y otra")
            except Exception as problem:  # noqa: BLE001 - told below
                failures.append((number, problem))
            finally:
                connection.close()
        threads = [threading.Thread(target=walk, args=(n,)) for n in range(CONNECTIONS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(failures, [])
        reports = self.rig.read_reports()
        for number in range(CONNECTIONS):
            self.assertTold(reports, f"a la vez {number}", "y otra")

    # The messenger is away.
    def test_a_reply_arrives_when_the_messenger_is_back(self):
        for channel in ("whatsapp", "signal"):
            person = Person(self.rig, channel, 200)
            person.consent()
            before = self.rig.inbox.count(person.address)
            self.rig.close_messengers()
            try:
                self.assertEqual(person.post(f"mientras no hay nadie {channel}"), 200)
            finally:
                self.rig.open_messengers()
            self.assertIsNotNone(self.rig.inbox.wait(person.address, before, 60))
            person.say(*ENDING)
        reports = self.rig.read_reports()
        self.assertTold(reports, "mientras no hay nadie whatsapp")
        self.assertTold(reports, "mientras no hay nadie signal")

    def test_a_reply_lost_with_the_process_is_given_at_the_next_message(self):
        person = Person(self.rig, "whatsapp", 210)
        person.consent()
        self.rig.close_messengers()
        try:
            self.assertEqual(person.post("LISTO"), 200)
            self.rig.bot.kill()
        finally:
            self.rig.open_messengers()
        self.rig.bot.start()
        self.assertEqual(self.rig.inbox.wait(person.address, 10**6, 0.5), None)
        owed = person.say("hola")
        self.assertIn("review:send", owed)
        self.assertIn("código", person.say("si"))

    # Certificates.
    def served_certificate(self):
        return ssl.get_server_certificate(("127.0.0.1", self.rig.public))

    def trust_certificate(self, chain):
        self.hooks.tls = ssl.create_default_context(cafile=str(chain))

    def test_a_damaged_certificate_changes_nothing_and_is_told(self):
        chain, key = self.rig.server / "tls.pem", self.rig.server / "secrets/tls.key"
        old, old_key = chain.read_text(), key.read_text()
        kept = "the certificate cannot be used: the one before stays"
        self.addCleanup(self.trust_certificate, chain)
        self.addCleanup(key.write_text, old_key)
        self.addCleanup(chain.write_text, old)  # first
        person = Person(self.rig, "whatsapp", 220)
        person.consent()
        for damaged in ("", "no certificate", old[:len(old) // 2]):
            chain.write_text(damaged)
            self.assertIn(kept, self.hang_up("reloaded what could be read"))
            self.assertEqual(self.served_certificate(), old)
        self.rig.make_certificate()  # another key, and a certificate that is not its
        chain.write_text(old)
        self.assertIn(kept, self.hang_up("reloaded what could be read"))
        self.assertEqual(self.served_certificate(), old)
        key.write_text(old_key)
        self.trust_certificate(chain)
        person.say("con el certificado de antes", *ENDING)
        self.rig.make_certificate()
        self.hang_up("reloaded")
        self.assertEqual(self.served_certificate(), chain.read_text())
        self.trust_certificate(chain)
        self.assertTold(self.rig.read_reports(), "con el certificado de antes")

    # Rosters.
    def hang_up(self, expected):
        begin = len(self.rig.bot.output)
        self.rig.bot.process.send_signal(signal.SIGHUP)
        self.assertTrue(self.rig.bot.heard(expected, begin), self.rig.bot.output[begin:])
        return "".join(self.rig.bot.output[begin:])

    def member_id(self, label):
        shown = json.loads(self.rig.program(
            "resguardo-analyst", "roster", "show", self.rig.server / "roster.signed", "--json"))
        return next(m["member"] for m in shown["members"] if m["label"] == label)

    def test_a_revoked_member_opens_nothing_told_after_the_reload(self):
        rig, roster = self.rig, self.rig.server / "roster.signed"
        person = Person(rig, "whatsapp", 300)
        person.consent()
        person.say("antes del cambio")
        old = rig.work / "roster.old"
        shutil.copy(roster, old)
        new = rig.work / "roster.next"
        rig.sign_roster(new, "--from", old, "--root", rig.work / "root.key.pub", "--revoke",
                        self.member_id("analyst-2"))
        shutil.copy(new, roster)
        self.hang_up("reloaded")
        person.say("después del cambio", *ENDING)
        # An older one is refused, and the one in force stays.
        shutil.copy(old, roster)
        self.hang_up("reloaded what could be read")
        again = Person(rig, "whatsapp", 301)
        again.tell_all("bajo la nueva lista")
        shutil.copy(new, roster)
        first = rig.read_reports("analyst-1")
        report = self.assertTold(first, "antes del cambio", "después del cambio")
        self.assertEqual(len(report["segments"]), 2)
        self.assertNotEqual(*(segment["roster"] for segment in report["segments"]))
        self.assertTold(first, "bajo la nueva lista")
        second = list(self.all_texts(rig.read_reports("analyst-2")))
        self.assertIn("antes del cambio", second)
        self.assertNotIn("después del cambio", second)
        self.assertNotIn("bajo la nueva lista", second)

    def all_texts(self, reports):
        for report in reports:
            yield from stories(report)

    def test_an_older_roster_stops_the_next_start(self):
        rig, roster = self.rig, self.rig.server / "roster.signed"
        kept = rig.work / "roster.kept"
        shutil.copy(roster, kept)
        self.addCleanup(shutil.copy, kept, roster)
        newer = rig.work / "roster.newer"
        rig.sign_roster(newer, "--from", kept, "--root", rig.work / "root.key.pub")
        shutil.copy(newer, roster)
        self.hang_up("reloaded")
        rig.bot.stop()
        shutil.copy(kept, roster)
        started = rig.run("resguardo-bot", "serve", "--config", rig.config)
        self.assertEqual(started.returncode, 1)
        self.assertEqual(len(started.stderr.strip().splitlines()), 1, started.stderr)
        shutil.copy(newer, kept)

    # Configurations.
    def refused(self, status, config, words):
        self.rig.bot.end()
        done = self.rig.run("resguardo-bot", "serve", "--config", config)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)

    def test_wrong_configurations_are_one_line_and_exit_2(self):
        write = self.rig.write_configuration
        key = pathlib.Path("secrets/master.key")
        wrong = {
            "unknown key": (dict(server={"lissen": "x"}), "lissen"),
            "unknown table": (dict(servers={"listen": "x"}), "servers"),
            "open gateway": (dict(server={"gateway_listen": "0.0.0.0:9"}), "gateway_listen"),
            "open admin": (dict(server={"admin_listen": "0.0.0.0:9"}), "admin_listen"),
            "no master key": (dict(store={"master_key_file": None}), "store"),
            "missing file": (dict(store={"master_key_file": f"{key}.gone"}), f"{key}.gone"),
            "missing roster": (dict(roster={"path": "no.roster"}), "no.roster"),
            "missing form": (dict(form={"path": "no.txtpb"}), "no.txtpb"),
            "missing secret": (dict(whatsapp={"app_secret_file": "secrets/none"}), "secrets/none"),
        }
        for name, (change, words) in wrong.items():
            with self.subTest(name):
                self.refused(2, write(f"{name.replace(' ', '-')}.toml", **change), words)
        with self.subTest("no such configuration"):
            self.refused(2, self.rig.server / "none.toml", "none.toml")

    def test_a_secret_that_others_may_read_is_refused(self):
        secret = self.rig.server / "secrets/whatsapp.app"
        secret.chmod(0o644)
        self.addCleanup(secret.chmod, 0o600)
        self.refused(2, self.rig.config, "secrets/whatsapp.app")

    def test_another_master_key_is_refused(self):
        other = self.rig.server / "secrets/other.key"
        other.write_text(os.urandom(32).hex() + "\n")
        other.chmod(0o600)
        self.refused(2, self.rig.write_configuration("key.toml", store={
            "master_key_file": "secrets/other.key"}), "master key")


class ExpiryTest(Case):
    def test_an_expired_roster_takes_no_new_report_and_ends_running_ones(self):
        rig, roster = self.rig, self.rig.server / "roster.signed"
        ahead = rig.work / "ahead"
        ahead.write_text("0")
        rig.bot.stop()
        short = rig.work / "roster.short"
        tomorrow = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
        rig.sign_roster(short, "--from", roster, "--root", rig.work / "root.key.pub", "--expires",
                        tomorrow.isoformat())
        shutil.copy(short, roster)
        environment = {**os.environ, "LD_PRELOAD": str(rig.bin / "libresguardo_clock_ahead.so"),
                       "RESGUARDO_CLOCK_AHEAD": str(ahead)}
        rig.bot.start(environment)
        self.assertEqual(rig.hooks.admin("/readyz")[0], 200)
        running = Person(rig, "signal", 1)
        running.consent()
        running.say("mientras vale")
        ahead.write_text(str(2 * 24 * 3600))
        status, reasons = rig.hooks.admin("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("the roster has expired", reasons)
        late = Person(rig, "signal", 2)
        late.say(*BEFORE_CONSENT)
        before = rig.data_files()
        self.assertIn("no podemos recibir su reporte", late.say(CONSENT))
        self.assertEqual(rig.data_files(), before)
        rig.bot.stop()  # the roster that was accepted while it was valid carries them over a restart
        rig.bot.start(environment)
        self.assertIn("the roster has expired", rig.hooks.admin("/readyz")[1])
        running.say("cuando ya no")
        for text in ENDING * 3:  # two days of silence: the question is asked again first
            if "código" in running.say(text):
                break
        ahead.write_text("0")
        reports = rig.read_reports()
        self.assertEqual(len(reports), 1)
        self.assertEqual(stories(reports[0])[:2], ["mientras vale", "cuando ya no"])


if __name__ == "__main__":
    main()
