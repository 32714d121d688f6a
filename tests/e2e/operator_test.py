# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator does to a server that serves people: a new roster, a clock after a long absence."""
import datetime
import os
import pathlib
import shutil
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import Case, main  # noqa: E402
from servers import Bot  # noqa: E402

DAY = 24 * 3600


class RosterInstallTest(Case):
    def setUp(self):
        super().setUp()
        self.roster = self.rig.server / "roster.signed"

    def following(self, name, *more):
        out = self.rig.work / name
        self.rig.sign_roster(out, "--from", self.roster, "--root", self.rig.work / "root.key.pub",
                             *more)
        return out

    def fork_of(self, name):
        soon = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=30)
        return self.following(name, "--expires", soon.isoformat())

    def install(self, file):
        return self.rig.run("resguardo-bot", "roster", "install", "--config", self.rig.config, file)

    def assertRefused(self, done, words):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)

    def test_beside_a_running_server_it_is_taken_without_a_signal(self):
        before = self.rig.work / "roster.before"
        shutil.copy(self.roster, before)
        new, fork = self.following("roster.new"), self.fork_of("roster.fork")
        begin = len(self.rig.bot.output)
        done = self.install(new)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("within seconds", done.stdout)
        self.assertTrue(self.rig.bot.heard("is in force", begin), self.rig.bot.output[begin:])
        self.assertEqual(self.roster.read_bytes(), new.read_bytes())
        self.assertRefused(self.install(before), "older than the one accepted last")
        self.assertRefused(self.install(fork), "another roster with this number")
        self.assertRefused(self.install(self.rig.config), "")
        self.assertEqual(self.roster.read_bytes(), new.read_bytes())
        self.rig.bot.stop()
        self.rig.bot.start()  # it accepted what lies there

    def test_without_a_server_it_is_taken_at_once_and_older_ones_are_refused(self):
        before = self.rig.work / "roster.before"
        shutil.copy(self.roster, before)
        self.rig.bot.stop()
        new, fork = self.following("roster.new2"), self.fork_of("roster.fork2")
        self.assertEqual(self.install(new).returncode, 0)
        self.assertRefused(self.install(before), "older than the one accepted last")
        self.assertRefused(self.install(fork), "another roster with this number")
        self.rig.bot.start()

    def test_check_accepts_nothing(self):
        before = self.rig.work / "roster.before"
        shutil.copy(self.roster, before)
        self.rig.bot.stop()
        shutil.copy(self.following("roster.seen"), self.roster)
        done = self.rig.run("resguardo-bot", "check", "--config", self.rig.config)
        self.assertEqual(done.returncode, 0, done.stdout)
        shutil.copy(before, self.roster)
        self.rig.bot.start()  # nobody has accepted the newer one


class MessengerCheckTest(Case):
    """`check` asks the messengers' programs how they are set up."""

    def setUp(self):
        self.rig.close_messengers()
        super().setUp()

    def check(self, **changes):
        config = self.rig.write_configuration("asking.toml", **changes)
        done = self.rig.run("resguardo-bot", "check", "--config", config)
        config.unlink()
        return done

    def test_what_does_not_answer_is_a_warning(self):
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("warning: [signal] api_base: nothing answers there; start signal-cli", done.stdout)
        self.assertIn("warning: [whatsapp] api_base: WhatsApp could not be asked now", done.stdout)

    def test_what_is_set_up_well_is_not_mentioned(self):
        self.rig.standin(self)
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("api_base", done.stdout)

    def test_what_keeps_people_from_an_answer_is_a_problem(self):
        self.rig.standin(self)
        token = self.rig.work / "old.token"
        token.write_text("an-access-token-of-another-day\n")
        token.chmod(0o600)
        done = self.check(whatsapp={"access_token_file": str(token)})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("\n[whatsapp] api_base: the access token is not valid; ", "\n" + done.stdout)

    def test_the_daemon_must_have_our_account(self):
        self.rig.standin(self, "--signal-daemon")
        daemon = {"mode": "jsonrpc", "webhook_token_file": None}
        self.assertNotIn("api_base", self.check(signal=daemon).stdout)
        done = self.check(signal={**daemon, "account": "+15550100077"})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("signal-cli does not have [signal] account", done.stdout)

    def test_what_goes_over_a_network_in_the_clear_is_a_warning(self):
        done = self.check(signal={"api_base": "http://192.0.2.1:8082"})
        self.assertIn("warning: [signal] api_base: is reached in the clear; ", done.stdout)


class SettingsTest(Case):
    """What `serve` would refuse, `check` says before, in the same words and by the setting's name."""

    def both(self, setting, **changes):
        rig = self.rig
        config = rig.write_configuration("wrong.toml", **changes)
        checked = rig.run("resguardo-bot", "check", "--config", config)
        served = rig.run("resguardo-bot", "serve", "--config", config)
        self.assertEqual(checked.returncode, 1, checked.stdout)
        self.assertIn(served.returncode, (1, 2), served.stderr)
        self.assertEqual(len(served.stderr.splitlines()), 1, served.stderr)
        said = served.stderr.removeprefix("resguardo-bot: ")
        self.assertIn(setting, said)
        self.assertIn(said, checked.stdout)

    def test_check_says_before_what_serve_would_refuse(self):
        rig = self.rig
        rig.bot.stop()
        rig.close_messengers()
        tls = {"tls_certificate": "tls.pem", "tls_key": "secrets/tls.key"}
        wrong = [("[server] listen", {"server": {"listen": "localhost:8080"}}),
                 ("[server] admin_listen", {"server": {"admin_listen": "127.0.0.1:x"}}),
                 ("[server] gateway_listen", {"server": {"gateway_listen": f"127.0.0.1:{rig.public}"}}),
                 ("[server] gateway_listen", {"server": {"gateway_listen": "unix:/nowhere/socket"}}),
                 ("[server] trusted_proxies", {"server": {"trusted_proxies": ["0.0.0.0/0"]}}),
                 ("[server] tls_certificate, tls_key", {"server": {**tls, "tls_certificate": "none.pem"}}),
                 ("[store] directory", {"store": {"directory": "elsewhere"}}),
                 ("[roster] path", {"roster": {"path": "none"}}),
                 ("[form] path", {"form": {"path": "none"}}),
                 ("[signal] api_base", {"signal": {"api_base": "http://127.0.0.1:99999"}})]
        for setting, changes in wrong:
            with self.subTest(setting, changes=changes):
                self.both(setting, **changes)
        rig.make_certificate()
        shutil.copy(rig.server / "secrets/tls.key", rig.server / "secrets/old.key")
        rig.make_certificate()
        self.both("is not the certificate's", server={**tls, "tls_key": "secrets/old.key"})
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", rig.public))
            other.listen()
            self.both("[server] listen: the address is in use")
        rig.open_messengers()

    def test_beside_a_running_server_its_addresses_are_its_own(self):
        done = self.rig.run("resguardo-bot", "check", "--config", self.rig.config)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("in use", done.stdout)

    def test_a_certificate_that_ends_soon_is_told_by_all(self):
        rig = self.rig
        rig.bot.stop()
        rig.make_certificate()  # of two days
        config = rig.write_configuration("tls.toml", server={
            "tls_certificate": "tls.pem", "tls_key": "secrets/tls.key"})
        checked = rig.run("resguardo-bot", "check", "--config", config)
        self.assertIn("warning: [server] tls_certificate: ends in 1 day", checked.stdout)
        bot = Bot(rig.bin / "resguardo-bot", config)
        self.addCleanup(bot.end)
        bot.start()
        self.assertIn("the TLS certificate ends tomorrow", rig.hooks.admin("/readyz")[1])
        self.assertIn("\nresguardo_certificate_days 1\n", rig.hooks.admin("/metrics")[1])
        bot.stop()


class ClockTest(Case):
    def test_after_three_weeks_in_a_drawer_a_person_confirms_the_clock(self):
        rig = self.rig
        rig.bot.stop()
        ahead = rig.work / "ahead"
        ahead.write_text(str(21 * DAY))
        env = {**os.environ, "LD_PRELOAD": str(rig.bin / "libresguardo_clock_ahead.so"),
               "RESGUARDO_CLOCK_AHEAD": str(ahead)}
        today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=21)).date()

        def run(*what):
            return rig.run("resguardo-bot", *what, "--config", rig.config, env=env)
        self.assertIn("the clock: says", run("check").stdout)
        rig.bot.start(env)
        status, reasons = rig.hooks.admin("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("more than 8 days ahead", reasons)
        self.assertTrue(rig.bot.heard("no new report is taken"))
        rig.bot.stop()
        looked = run("clock")
        self.assertEqual(looked.returncode, 1)
        self.assertIn("NOT believed", looked.stdout)
        wrong = run("clock", "--today", str(today - datetime.timedelta(days=1)))
        self.assertEqual(wrong.returncode, 1)
        self.assertEqual(len(wrong.stderr.strip().splitlines()), 1, wrong.stderr)
        confirmed = run("clock", "--today", str(today))
        self.assertEqual(confirmed.returncode, 0, confirmed.stderr)
        rig.bot.start(env)
        self.assertEqual(rig.hooks.admin("/readyz")[0], 200)


if __name__ == "__main__":
    main()
