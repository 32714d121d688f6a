# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plays the whole line with real programs and throw-away keys; deploy/demo.sh calls it.

Exit 0 only if every report came back word for word to both analysts."""
import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from installation import ACCOUNT, PHONE_NUMBER_ID, Installation, strings, whole_form  # noqa: E402
from servers import Bot, Failed, Standin, run  # noqa: E402

HERE = pathlib.Path(__file__).parent


def step(text):
    print(f"\n== {text}", flush=True)


class Demo(Installation):
    def __init__(self, bin_dir, tls):
        super().__init__(bin_dir, tls, form=whole_form(bin_dir))
        self.bot = None
        self.standin = None
        self.kills = 0
        self.sent = {}   # conversation: SHA-256 of each file in it
        self.daemon = False

    def make_keys(self):
        step("Offline: the authority's root key and two analysts' keys")
        super().make_keys()
        print("root.key, " + ", ".join(f"{name}/" for name in self.analysts))

    def make_server(self):
        step("Server: resguardo-bot init, the signed roster, a configuration")
        print(super().make_server())

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

    def make_file(self, conversation, kind, kilobytes):
        """A file that nobody else sends: (media type, path)."""
        begin, media_type = {"photo": (b"\xff\xd8\xff\xe0", "image/jpeg"), "voice": (b"OggS\0\2", "audio/ogg")}[kind]
        content = begin + os.urandom(int(kilobytes) * 1024)
        path = self.work / f"{conversation}-{kind}"
        path.write_bytes(content)
        self.sent.setdefault(conversation, set()).add(hashlib.sha256(content).hexdigest())
        return media_type, path

    def refusals(self):
        step("Webhooks refuse what is not signed")
        good = self.standin.ask("handshake good")
        wrong = self.standin.ask("handshake wrong")
        post = self.work / "post.json"
        post.write_text('{"object":"whatsapp_business_account","entry":[]}')
        seen = {"handshake": good["posted"], "wrong verify token": wrong["posted"]}
        for proof in ("good", "wrong", "none"):
            seen[f"WhatsApp post, signature {proof}"] = self.standin.ask(f"post-raw whatsapp {post} {proof}")["posted"]
            seen[f"Signal post, credentials {proof}"] = self.standin.ask(f"post-raw signal {post} {proof}")["posted"]
        for what, status in seen.items():
            print(f"  {status}  {what}")
        expected = [200, 403] + [200, 200, 403, 403, 403, 403]
        if list(seen.values()) != expected:
            raise Failed("a webhook took what it must refuse, or refused what it must take")

    def converse(self, file):
        """Plays one conversation, the bot killed in its middle; the words that must come back."""
        told, channel, address, kills = [], None, None, 0
        for line in file.read_text().splitlines():
            verb, _, rest = line.partition(" ")
            if not line or verb == "#":
                continue
            if verb == "channel":
                channel, address, *how = rest.split()
                step(f"{file.stem}: somebody writes over {channel}")
                self.speak_to_signal("daemon" in how)
                continue
            if verb == "kill":
                print("  -- the bot is killed (SIGKILL) and started again --")
                self.bot.kill()
                self.bot.start()
                kills += 1
                continue
            if verb == "long":
                count, _, piece = rest.partition(" ")
                rest = (piece * (int(count) // len(piece) + 1))[:int(count)]
            text = rest.replace("\\n", "\n")
            if verb in ("tell", "long"):
                told.append(text)
            if verb in ("photo", "voice"):
                media_type, path = self.make_file(file.stem, verb, rest)
                command, words, text = "attach", f"{media_type} {path}", f"({verb}, {rest} KiB)"
            elif verb == "locate":
                command, words = "locate", text
            else:
                command = "tap" if verb == "tap" else "say"
                words = text if verb == "tap" else json.dumps(text)
            answer = self.standin.ask(f"{command} {channel} {address} {words}")
            if answer["posted"] != 200:
                raise Failed(f"{file.name}: “{line[:60]}” was answered with {answer['posted']}")
            show(text, answer.get("reply"))
        if kills == 0:
            raise Failed(f"{file.name}: nothing was killed in its middle")
        self.kills += kills
        return told

    def hunt(self, words):
        step("What lies on the server's disk holds none of it")
        needles = [w.encode() for w in words] + [b"1555010000", b"4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f30"]
        files = [f for f in (self.work / "server/data").rglob("*") if f.is_file()]
        for file in files:
            content = file.read_bytes()
            if any(needle in content for needle in needles):
                raise Failed(f"{file} holds what somebody wrote, or who")
        print(f"  {len(files)} files, {sum(f.stat().st_size for f in files)} bytes: no word, no sender")

    def files_have_left(self):
        step("No messenger has a copy of a file any more")
        until = time.monotonic() + 30
        while any((left := self.standin.ask("files")["files"]).values()):
            if time.monotonic() > until:
                raise Failed(f"files are left with the messengers: {left}")
            time.sleep(0.1)
        kept = [f for f in (self.work / "server/data/media").iterdir()]
        print(f"  {sum(map(len, self.sent.values()))} were sent, {len(kept)} lie sealed on the server's disk")

    def compare_files(self, folders, reports, conversations):
        """Every file is in the report of whoever sent it, bit for bit, with both analysts."""
        for folder in folders:
            here = {}
            for file in folder.rglob("*"):
                if file.is_file():
                    here.setdefault(hashlib.sha256(file.read_bytes()).hexdigest(), []).append(file)
            for name, sent in self.sent.items():
                lacking = sent - set(here)
                if lacking:
                    raise Failed(f"{name}: {len(lacking)} of {len(sent)} files did not come back")
            if len(here) != sum(map(len, self.sent.values())):
                raise Failed("the analyst has files that nobody sent")
        print(f"  {sum(map(len, self.sent.values()))} files from {len(self.sent)} conversations, bit for bit")

    def analyse(self, conversations):
        step("The operator exports a sealed bundle")
        print(self.export_bundle())
        step("Offline: two analysts open it, each alone")
        root = self.work / "root.key.pub"
        print(self.program("resguardo-analyst", "verify", self.bundle, "--root", root).strip())
        exports, folders = [], []
        for name in self.analysts:
            vault = self.work / f"{name}-vault"
            print(self.import_bundle(name, vault))
            exports.append(self.reports_of(vault, self.work / f"{name}.ndjson"))
            folders.append(self.work / f"{name}-files")
            self.program("resguardo-analyst", "export", "--format", "ndjson", "--out", self.work / f"{name}-again.ndjson",
                         "--media", folders[-1], "--vault", vault, *self.locked)
        self.csv = self.work / "reports.csv"
        self.program("resguardo-analyst", "export", "--format", "csv", "--out", self.csv, "--vault", vault,
                     *self.locked)
        step("The table")
        print(self.program("resguardo-analyst", "list", "--vault", vault, *self.locked).rstrip())
        self.compare(exports, conversations)
        self.compare_files(folders, exports[0], conversations)
        self.prove(vault, exports[-1][0]["report"])

    def prove(self, vault, report):
        step("A proof that one report was logged, checked by our program and by one Python file")
        proof = self.work / "proof"
        print(self.program("resguardo-analyst", "prove", report, "--vault", vault, "--out", proof, *self.locked)
              .rstrip())
        held = self.program("resguardo-analyst", "prove", "--check", proof, "--root", self.root_public)
        python = run("/usr/bin/python3", "-B", HERE.parent.parent / "analyst/recover/check_proof.py", proof,
                     self.root_public)
        if not held.startswith("holds") or not python.startswith("holds"):
            raise Failed("the proof of the log does not hold")
        print(python.rstrip())

    def compare(self, exports, conversations):
        step("Word for word")
        if exports[0] != exports[1]:
            raise Failed("the two analysts read different things")
        reports = exports[0]
        if len(reports) != len(conversations):
            raise Failed(f"{len(conversations)} people told something, {len(reports)} reports came back")
        texts = [set(strings(report)) for report in reports]
        for name, told in conversations.items():
            if not any(all(words in found for words in told) for found in texts):
                raise Failed(f"{name}: not every word came back")
            print(f"  {name}: {len(told)} answers, {sum(map(len, told))} characters, exactly as written")
        print(f"  the bot was killed {self.kills} times (SIGKILL), in the middle of each of {len(conversations)} conversations")

    def play(self):
        self.make_keys()
        self.make_server()
        step("The bot serves; the stand-in plays both messengers" + (", over TLS" if self.tls else ""))
        self.standin = Standin(self.standin_command())
        self.serve()
        self.refusals()
        told = {f.stem: self.converse(f) for f in sorted((HERE / "conversations").glob("*.txt"))}
        self.hunt([words for each in told.values() for words in each])
        self.files_have_left()
        self.bot.stop()
        self.analyse(told)
        step(f"All of it is in {self.work}")
        print(f"  bundle  {self.bundle}\n  table   {self.csv}\n  keys    throw-away: delete the folder when done")

    def chat(self, channel):
        self.make_keys()
        self.make_server()
        self.serve()
        address = "15550100001" if channel == "whatsapp" else "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"
        print(f"\nYou write to the bot over {channel}. /2 taps the second choice, /quit ends.\n")
        try:
            subprocess.run([str(c) for c in self.standin_command()] +
                           ["chat", "--channel", channel, "--address", address], check=False)
        except KeyboardInterrupt:
            pass
        self.bot.stop()
        print(self.export_bundle())
        vault = self.work / "vault"
        print(self.import_bundle(self.analysts[0], vault))
        print(self.analyst("list", "--vault", vault).rstrip())
        listed = json.loads(self.program("resguardo-analyst", "list", "--vault", vault, "--json", *self.locked))
        for report in listed if isinstance(listed, list) else listed.get("reports", []):
            print("\n" + self.program("resguardo-analyst", "show", report["report"], "--vault", vault, *self.locked))
        print(f"\nAll of it is in {self.work}; the keys are throw-away.")

    def end(self):
        for one in (self.standin, self.bot):
            if one:
                one.end()



def show(text, reply):
    first = text.splitlines()[0]
    print(f"  > {first[:70]}{'…' if len(first) > 70 or chr(10) in text else ''}")
    if reply:
        line = " ".join(reply["text"].split())
        print(f"      {line[:96]}{'…' if len(line) > 96 else ''}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--chat", choices=("whatsapp", "signal"))
    arguments = parser.parse_args()
    demo = Demo(arguments.bin, arguments.tls)
    try:
        if arguments.chat:
            demo.chat(arguments.chat)
        else:
            demo.play()
    except Failed as failure:
        print(f"\ndemo: FAILED: {failure}\n  what there is lies in {demo.work}", file=sys.stderr)
        return 1
    finally:
        demo.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
