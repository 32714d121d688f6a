# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the end-to-end tests stand on: one installation a file, people who write, reports read."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy/demo"))
from installation import FORM, Installation  # noqa: E402
from messengers import Inbox, Listener, Webhooks  # noqa: E402
from servers import Bot, Standin  # noqa: E402

BIN = pathlib.Path(os.environ.get("RESGUARDO_BIN_DIR", ROOT / "build/release/bin"))
CHEAP_KEYS = ["--memory", "64MiB", "--passes", "1"]
# The shortest conversation of the short questionnaire: the rest is cut out of its text.
TINY = {"start_language", "safety_now", "age_check", "consent_intro", "consent", "story", "review",
        "receipt", "m_end", "m_later", "m_later_kept", "m_danger", "m_danger_kept", "m_consent_faq",
        "m_no_consent", "m_help", "m_health", "wd_code", "wd_what", "wd_confirm", "wd_confirm_all",
        "m_reply", "m_no_reply", "add_story", "m_add_waits", "m_not_kept", "m_added", "m_wd_changed",
        "m_wd_failed", "m_wd_done", "m_add_dropped", "m_wd_left"}
# Beside these: who it is about, with the row for who has a code, and phones that are linked.
LINKED = {"role", "link_phone", "m_linked", "m_not_linked", "linked_what", "m_unlinked"}
BEFORE_CONSENT = ["hola", "1", "si", "si", "entiendo"]
CONSENT = "si a todo"
ENDING = ["LISTO", "si"]


def tiny_form(to, more=frozenset()):
    """A questionnaire of one story, for conversations of nine turns."""
    def node(block):
        return block.group(0) if block.group(1) in TINY | more else ""
    text = re.sub(r'^  nodes \{\n    id: "(\w+)"\n.*?^  \}\n', node, FORM.read_text(), flags=re.S | re.M)
    if "link_phone" not in more:
        text = re.sub(r'^    link_\w+: ".*"\n', "", text, flags=re.M)
    sections = re.compile(r"^sections \{\n.*?^\}\n", re.S | re.M)
    text = sections.sub(lambda s: s.group(0) if "  nodes {" in s.group(0) else "", text)
    to.write_text(text)
    return to


class Rig(Installation):
    """An installation with a bot, both messengers, and people."""

    def __init__(self, nodes=frozenset(), **more):
        super().__init__(BIN, key_cost=CHEAP_KEYS, prefix="resguardo-e2e-", **more)
        self.form = tiny_form(self.work / "tiny.txtpb", nodes)
        self.make_keys()
        self.make_server()
        self.inbox = Inbox()
        self.hooks = Webhooks(self)
        self.hooks.read_secrets()
        self.listeners = []
        self.open_messengers()
        self.bot = Bot(self.bin / "resguardo-bot", self.config)
        self.exports = 0

    def open_messengers(self):
        self.listeners = [Listener(port, self.inbox) for port in (self.graph, self.signal)]

    def close_messengers(self):
        for one in self.listeners:
            one.end()
        self.listeners = []

    def standin(self, case, *more):
        """The stand-in of both messengers, until `case` is over; close_messengers() comes before it."""
        secrets = self.server / "secrets"
        standin = Standin([self.bin / "resguardo-standin", "--bot-public", f"http://127.0.0.1:{self.public}",
                           "--bot-gateway", f"http://127.0.0.1:{self.gateway}",
                           "--graph-listen", f"127.0.0.1:{self.graph}",
                           "--signal-listen", f"127.0.0.1:{self.signal}",
                           "--app-secret-file", secrets / "whatsapp.app",
                           "--access-token-file", secrets / "whatsapp.access",
                           "--verify-token-file", secrets / "whatsapp.verify",
                           "--webhook-token-file", secrets / "signal.token", *more])
        case.addCleanup(standin.end)
        return standin

    def close(self):
        self.bot.end()
        self.close_messengers()
        shutil.rmtree(self.work)

    def run(self, program, *arguments, **more):
        """A program that may fail: its CompletedProcess."""
        return subprocess.run([str(self.bin / program), *map(str, arguments)], text=True, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, **more)

    def data_files(self):
        """Name to content of all that the server keeps, but what SQLite shares between processes."""
        data = self.server / "data"
        return {str(p.relative_to(data)): p.read_bytes() for p in sorted(data.rglob("*"))
                if p.is_file() and p.suffix != ".db-shm"}

    def read_reports(self, analyst="analyst-1"):
        """Stops the bot if it runs; every report as that analyst reads it now."""
        if self.bot.process and self.bot.process.poll() is None:
            self.bot.stop()
        self.exports += 1
        self.export_bundle(f"{self.exports}.bundle")
        vault = self.work / f"{analyst}-vault-{self.exports}"
        self.import_bundle(analyst, vault)
        return self.reports_of(vault, self.work / f"{self.exports}.ndjson")


def stories(report):
    """The parts of the story, in order, as they were written."""
    return [answer["text"] or answer["raw"] for answer in report["answers"] if answer["node"] == "story"]


class Person:
    """Somebody who writes over one messenger, and reads what comes back."""

    def __init__(self, rig, channel, number, connection=None):
        self.rig, self.channel, self.connection = rig, channel, connection
        self.address = (f"1555020{number:04}" if channel == "whatsapp" else
                        f"4b6e0f0c-52a1-4d8e-9d3b-{number:012x}")

    def post(self, text):
        """The webhook's status."""
        hooks = self.rig.hooks
        if self.channel == "whatsapp":
            return hooks.whatsapp(hooks.wa_post(hooks.wa_text(self.address, text)), self.connection)
        return hooks.signal(hooks.signal_post(self.address, text), self.connection)

    def say(self, *texts):
        """Each is answered before the next is written; the last answer."""
        for text in texts:
            before = self.rig.inbox.count(self.address)
            status = self.post(text)
            if status != 200:
                raise AssertionError(f"a message was answered with {status}")
            reply = self.rig.inbox.wait(self.address, before)
            if reply is None:
                raise AssertionError("no reply came")
        return reply

    def consent(self):
        return self.say(*BEFORE_CONSENT, CONSENT)

    def tell_all(self, *parts):
        """A whole conversation with that story; the receipt's message."""
        self.consent()
        return self.say(*parts, *ENDING)


def main():
    """Runs the file's tests, and says how long each takes."""
    unittest.main(verbosity=2)


class Case(unittest.TestCase):
    """One installation for the file; a running bot for each test."""
    rig_options = {}

    @classmethod
    def setUpClass(cls):
        cls.rig = Rig(**cls.rig_options)
        cls.addClassCleanup(cls.rig.close)

    def setUp(self):
        begun = time.monotonic()
        self.addCleanup(lambda: print(f"{time.monotonic() - begun:.1f} s", file=sys.stderr, end=" "))
        self.addCleanup(self.rig.bot.end)
        self.rig.bot.start()

    def assertTold(self, reports, *parts):
        """Exactly one report has exactly these parts as its story."""
        found = [r for r in reports if stories(r) == list(parts)]
        self.assertEqual(len(found), 1, f"{len(found)} reports tell {parts!r}: "
                         f"{[stories(r) for r in reports]!r}"[:2000])
        return found[0]
