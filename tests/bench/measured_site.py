# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bot under load: an installation on throw-away keys, the ceiling beside it, the generator."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "deploy/demo"))
from installation import Installation, whole_form  # noqa: E402
from servers import Bot, free_ports  # noqa: E402

CHEAP_KEYS = ["--memory", "64MiB", "--passes", "1"]


def say(text):
    print(f"run.py: {text}", file=sys.stderr, flush=True)


class Site(Installation):
    """A bot on throw-away keys, the ceiling beside it, and what counts their pages."""

    def __init__(self, bin_dir, threads=2, conversations=20_000):
        super().__init__(bin_dir, form=whole_form(bin_dir), key_cost=CHEAP_KEYS,
                         prefix="resguardo-bench-")
        self.make_keys()
        self.make_server()
        self.config = self.write_configuration(limits={"conversations": conversations},
                                               server={"threads": threads},
                                               whatsapp={"mark_as_read": False})  # no second call for a turn
        self.bot = Bot(self.bin / "resguardo-bot", self.config)
        self.ceiling = None

    def pages(self, name):
        path = self.work / f"{name}.pages"
        path.write_bytes(bytes(64))
        return path

    def counting(self, pages):
        shim = self.bin / "libresguardo_page_count.so"
        return dict(os.environ, LD_PRELOAD=str(shim), RESGUARDO_PAGES=str(pages))

    def start_bot(self):
        """Seconds until it serves."""
        self.bot_pages = self.pages("bot")
        begun = time.monotonic()
        self.bot.start(self.counting(self.bot_pages))
        return time.monotonic() - begun

    def start_ceiling(self):
        folder = self.work / "ceiling"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        self.ceiling_port, = free_ports(1)
        self.ceiling_pages = self.pages("ceiling")
        self.ceiling = subprocess.Popen(
            [self.bin / "ceiling", folder, str(self.ceiling_port), self.server / "secrets/whatsapp.app"],
            stdout=subprocess.PIPE, text=True, env=self.counting(self.ceiling_pages))
        if self.ceiling.stdout.readline() != "serving\n":
            raise SystemExit("run.py: the ceiling did not start")

    def turns(self, *stages, people=10_000, **options):
        """What `turns` says of each stage, and of the ledger."""
        options = {"form": self.form, "secrets": self.server / "secrets", "people": people,
                   "graph": self.graph, "signal": self.signal, "bot-public": self.public,
                   "bot-gateway": self.gateway, "bot-process": self.bot.process.pid,
                   "bot-pages": self.bot_pages, **options}
        if self.ceiling:
            options.update({"ceiling": self.ceiling_port, "ceiling-process": self.ceiling.pid,
                            "ceiling-pages": self.ceiling_pages})
        command = [self.bin / "turns", *stages]
        for name, value in options.items():
            command += [] if value is None else [f"--{name}", str(value)]
        done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode != 0:
            raise SystemExit(f"run.py: turns ended with {done.returncode}: {done.stdout}")
        return lines

    def store(self, what, **options):
        """What `bench_store` says of a stopped bot's store."""
        command = [self.bin / "bench_store", what, "--config", self.config]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        return json.loads(self.program_output(command))

    @staticmethod
    def program_output(command):
        return subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True,
                              check=True).stdout

    def check_ledger(self, ledger):
        """Stops the bot. Every row of every turn that was acknowledged is in its store."""
        self.bot.stop()
        held = self.store("count")
        wanted = {key: ledger[key] for key in held}
        if held != wanted or ledger["unsure"]:
            raise SystemExit(f"run.py: the store holds {held}, acknowledged was {ledger}")
        return held

    def close(self):
        self.bot.end()
        if self.ceiling:
            self.ceiling.kill()
            self.ceiling.wait()
        shutil.rmtree(self.work, ignore_errors=True)


def resident_mb(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def processor_seconds(process):
    after_name = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
