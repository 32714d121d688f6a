# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal through signal-cli's own daemon: its stream of events, and what happens when it breaks."""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import ENDING, Case, Person, main  # noqa: E402
from servers import Bot, Failed  # noqa: E402
from signal_daemon import Daemon  # noqa: E402


class Caller(Person):
    """Writes to the daemon, which hands it over when somebody listens."""

    def __init__(self, test, number):
        super().__init__(test.rig, "signal", number)
        self.test = test

    def post(self, text):
        event = self.rig.hooks.signal_post(self.address, text)["params"]
        self.test.daemon.receive(event)
        return 200


class DaemonTest(Case):
    def setUp(self):
        self.rig.close_messengers()
        self.rig.open_messengers()
        self.rig.listeners.pop().end()  # Signal's
        self.daemon = Daemon(self.rig.signal, self.rig.inbox)
        self.addCleanup(lambda: self.daemon.end())
        self.rig.config = self.rig.write_configuration(
            "daemon.toml", signal={"mode": "jsonrpc", "webhook_token_file": None})
        self.rig.bot = Bot(self.rig.bin / "resguardo-bot", self.rig.config)
        super().setUp()

    def again(self, **more):
        """The daemon ends and another begins; what waited there waits on."""
        waiting = self.daemon.waiting
        self.daemon.end()
        self.daemon = Daemon(self.rig.signal, self.rig.inbox, waiting=waiting, **more)

    def ready(self, words="ready", seconds=20):
        """Waits until /readyz says so."""
        until = time.monotonic() + seconds
        while words not in (page := self.rig.hooks.admin("/readyz")[1]):
            self.assertLess(time.monotonic(), until, page)
            time.sleep(0.05)

    def test_a_whole_conversation(self):
        self.assertTrue(self.daemon.heard())
        self.ready()
        self.assertEqual(self.rig.hooks.signal({}), 403)  # nobody can post to it
        Caller(self, 1).tell_all("told to the daemon")
        self.assertTold(self.rig.read_reports(), "told to the daemon")
        self.assertIn("updateContact", {method for method, _ in self.daemon.calls})

    def test_a_contact_is_forgotten_when_the_session_ends(self):
        caller = Caller(self, 9)
        caller.consent()
        self.assertNotIn("removeContact", {method for method, _ in self.daemon.calls})
        caller.say("salir")
        until = time.monotonic() + 20
        while not (told := [given for method, given in self.daemon.calls if method == "removeContact"]):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        self.assertEqual(told, [{"account": "+15550100000", "recipient": [caller.address], "forget": True}])

    def test_what_people_write_while_nobody_listens_waits(self):
        caller = Caller(self, 2)
        caller.consent()
        self.rig.bot.stop()
        self.assertTrue(self.daemon.heard(0))
        before = self.rig.inbox.count(caller.address)
        caller.post("written while the bot was down")
        self.rig.bot.start()
        self.assertIsNotNone(self.rig.inbox.wait(caller.address, before))
        caller.say(*ENDING)
        self.assertTold(self.rig.read_reports(), "written while the bot was down")

    def test_it_connects_again_when_the_daemon_was_away(self):
        caller = Caller(self, 3)
        caller.consent()
        waiting = self.daemon.waiting
        self.daemon.end()
        self.ready("no connection to signal-cli: messages wait with Signal")
        self.daemon = Daemon(self.rig.signal, self.rig.inbox, waiting=waiting)
        before = self.rig.inbox.count(caller.address)
        caller.post("written while the daemon was away")
        self.assertIsNotNone(self.rig.inbox.wait(caller.address, before, 30))
        self.ready()
        caller.say(*ENDING)
        self.assertTold(self.rig.read_reports(), "written while the daemon was away")

    def test_nothing_is_read_while_nothing_can_be_stored(self):
        self.rig.bot.stop()
        self.assertTrue(self.daemon.heard(0))
        full = self.rig.work / "full"
        self.rig.bot.start({**os.environ, "LD_PRELOAD": str(self.rig.bin / "libresguardo_write_fault.so"),
                            "RESGUARDO_FAULT_UNDER": str(self.rig.server / "data"),
                            "RESGUARDO_FAULT_KIND": "full", "RESGUARDO_FAULT_AT": "1",
                            "RESGUARDO_FAULT_WHILE": str(full)})
        caller = Caller(self, 4)
        caller.consent()
        before = self.rig.inbox.count(caller.address)
        full.touch()
        caller.post("one")
        caller.post("two")
        self.ready("nothing can be stored")
        self.assertEqual(self.rig.inbox.count(caller.address), before)
        full.unlink()
        self.assertIsNotNone(self.rig.inbox.wait(caller.address, before))  # one may answer both
        self.ready()
        caller.say(*ENDING)
        self.assertIn("\nresguardo_lost_inbound_total 0", self.rig.hooks.admin("/metrics")[1])
        self.assertTold(self.rig.read_reports(), "one", "two")

    def test_a_stop_stores_what_was_on_its_way(self):
        callers = [Caller(self, 100 + n) for n in range(40)]
        for caller in callers:
            caller.consent()
        for caller in callers:
            for part in range(5):
                caller.post(f"{caller.address} {part}")
        while self.daemon.waiting:
            time.sleep(0.01)
        self.rig.bot.stop()
        self.rig.bot.start()
        for caller in callers:
            caller.say(*ENDING)
        reports = self.rig.read_reports()
        for caller in callers:
            self.assertTold(reports, *(f"{caller.address} {part}" for part in range(5)))

    def test_a_captcha_is_told_with_its_command(self):
        self.daemon.challenge = "4c0f-token"
        Caller(self, 5).post("hola")
        self.ready("signal: Signal wants a captcha solved; run: curl ")
        self.ready('"challenge":"4c0f-token","captcha":"signalcaptcha://…"')
        status = self.rig.run("resguardo-bot", "status", "--config", self.rig.config).stdout
        self.assertIn('"challenge":"4c0f-token"', status)

    def test_another_account_is_told(self):
        self.again(account="+15550199999")
        self.ready("signal-cli does not give this account's messages")

    def test_the_configuration_fits_the_mode(self):
        for changes, said in (({"mode": "jsonrpc"}, "have no use"),
                              ({"mode": "rest-api", "webhook_token_file": None}, "is missing"),
                              ({"mode": "carrier pigeon"}, "is not a mode")):
            bot = Bot(self.rig.bin / "resguardo-bot",
                      self.rig.write_configuration("wrong.toml", signal=changes))
            with self.assertRaisesRegex(Failed, said):
                bot.start()


if __name__ == "__main__":
    main()
