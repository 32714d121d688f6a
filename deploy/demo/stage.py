# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo's stage: two organisations, a server, both messengers, and what is printed of them."""
import hashlib
import os
import subprocess
import textwrap

from installation import ACCOUNT, PHONE_NUMBER_ID, Failed, Installation, whole_form
from servers import Bot, Standin

# Throw-away keys: at the usual cost of a passphrase the demo would wait for keys and for nothing else.
CHEAP_KEYS = ("--memory", "64MiB", "--passes", "1")
HOUSES = {"Casa": ["ana"], "Clinica": ["luis", "eva"]}


def step(text):
    print(f"\n== {text}", flush=True)


def require(holds, otherwise):
    if not holds:
        raise Failed(otherwise)


def indented(text):
    """As somebody sees it on a screen."""
    lines = []
    for line in text.rstrip().splitlines():
        lines += [line] if len(line) < 140 else textwrap.wrap(line, 120, subsequent_indent="  ")
    return "\n".join(f"    {line}" for line in lines)


class Demo(Installation):
    def __init__(self, bin_dir, tls):
        super().__init__(bin_dir, tls, form=whole_form(bin_dir), key_cost=CHEAP_KEYS)
        self.analysts = [name for names in HOUSES.values() for name in names]
        self.bot = None
        self.standin = None
        self.kills = 0
        self.sent = {}   # conversation: SHA-256 of each file in it
        self.daemon = False

    # --- who there is

    def make_keys(self):
        step("Offline: the authority's root key, and the keys of three analysts of two organisations")
        super().make_keys()
        for house, names in HOUSES.items():
            print(f"  {house}: " + ", ".join(names))

    def make_roster(self, log_key):
        """The identity takes one of each organisation; what happened, anybody of either reads."""
        first, both, signed = (self.work / name for name in ("casa.draft", "both.draft", "roster.first"))

        def add(house):
            return [a for name in HOUSES[house] for a in ("--add", self.work / f"{name}.public")]
        create = ["resguardo-analyst", "roster", "create"]
        self.program(*create, "--out", first, *add("Casa"), "--organisation", "Casa")
        print(indented(self.program(
            *create, "--from", first, "--out", both, *add("Clinica"), "--organisation", "Clinica",
            "--identity-quorum", "Casa=1", "--identity-quorum", "Clinica=1",
            "--log-key", log_key, "--log-origin", "demo.invalid/log")))
        self.sign_draft(both, signed)
        signed.rename(self.server / "roster.signed")

    def make_server(self):
        step("Server: resguardo-bot init, the roster of both organisations, a configuration")
        print(super().make_server())

    # --- what runs

    def standin_command(self):
        files = self.work / "server/secrets"
        self.signal_files = self.work / "signal-cli" / "attachments"
        self.signal_files.mkdir(parents=True, exist_ok=True)
        scheme = "https" if self.tls else "http"
        command = [self.bin / "resguardo-standin", "--bot-public", f"{scheme}://127.0.0.1:{self.public}",
                   "--bot-gateway", f"http://127.0.0.1:{self.gateway}",
                   "--graph-listen", f"127.0.0.1:{self.graph}",
                   "--signal-listen", f"127.0.0.1:{self.signal}",
                   "--phone-number-id", PHONE_NUMBER_ID, "--account", ACCOUNT,
                   "--app-secret-file", files / "whatsapp.app",
                   "--access-token-file", files / "whatsapp.access",
                   "--verify-token-file", files / "whatsapp.verify",
                   "--webhook-token-file", files / "signal.token",
                   "--files-folder", self.signal_files]
        return command + (["--ca-file", self.work / "server/tls.pem"] if self.tls else [])

    def open_messengers(self):
        self.standin = Standin(self.standin_command())

    def serve(self):
        self.bot = Bot(self.bin / "resguardo-bot", self.config)
        self.bot.start()

    def speak_to_signal(self, daemon):
        """By signal-cli's own daemon, or by signal-cli-rest-api: the bot begins anew with another configuration."""
        if daemon == self.daemon:
            return
        self.daemon = daemon
        print("  -- the bot begins anew, Signal by " + ("signal-cli's own daemon --" if daemon else "the container --"))
        self.bot.stop()
        more = {"mode": "jsonrpc", "webhook_token_file": None, "attachments_dir": str(self.signal_files)}
        self.config = self.write_configuration(signal=more) if daemon else self.write_configuration()
        self.standin.ask("signal-daemon " + ("on" if daemon else "off"))
        self.serve()

    def end(self):
        for one in (self.standin, self.bot):
            if one:
                one.end()

    # --- what people and tools do

    def make_file(self, conversation, kind, kilobytes):
        """A file that nobody else sends: (media type, path)."""
        begin, media_type = {"photo": (b"\xff\xd8\xff\xe0", "image/jpeg"), "voice": (b"OggS\0\2", "audio/ogg")}[kind]
        content = begin + os.urandom(int(kilobytes) * 1024)
        path = self.work / f"{conversation}-{kind}"
        path.write_bytes(content)
        self.sent.setdefault(conversation, set()).add(hashlib.sha256(content).hexdigest())
        return media_type, path

    def vault(self, name):
        return self.work / f"{name}-vault"

    def of(self, name, *arguments):
        """What an analyst's own program prints, on their own machine."""
        return self.analyst(*arguments, "--vault", self.vault(name)).rstrip()

    def on_screen(self, name, *arguments, fails=False):
        """All that their program says, warnings too; it succeeds, or must not."""
        done = subprocess.run([str(a) for a in (self.bin / "resguardo-analyst", *arguments, "--vault",
                                                self.vault(name), *self.locked)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip()
        require(done.returncode == (1 if fails else 0),
                f"{' '.join(map(str, arguments[:2]))} of {name} ended with {done.returncode}: {said}")
        return said

    def as_member(self, name, *arguments, fails=False):
        return self.on_screen(name, *arguments, "--key", self.work / name, fails=fails)

    def bring(self, name):
        """Imports the newest bundle."""
        cost = [] if self.vault(name).exists() else self.key_cost
        return self.as_member(name, "import", self.bundle, "--root", self.work / "root.key.pub", *cost)

    def read(self, name, what="now"):
        """Every report as that analyst reads it, in their order."""
        return self.reports_of(self.vault(name), self.work / f"{name}-{what}.ndjson")

    def on_the_server(self, needles):
        """Files of the server's disk that hold one of these, and how many there are with how many bytes."""
        files = [f for f in (self.server / "data").rglob("*") if f.is_file()]
        found = [f for f in files if any(needle in f.read_bytes() for needle in needles)]
        return found, len(files), sum(f.stat().st_size for f in files)


def show(text, reply, whole=False):
    """What somebody wrote and what came back."""
    first = text.splitlines()[0]
    print(f"  > {first[:70]}{'…' if len(first) > 70 or chr(10) in text else ''}")
    if not reply:
        return
    if whole:
        print("\n".join(f"      {line}" for line in reply["text"].rstrip().splitlines()))
        return
    line = " ".join(reply["text"].split())
    print(f"      {line[:96]}{'…' if len(line) > 96 else ''}")
