# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the running server may ask of the system, what it says in its log, and what it shows to who
watches over it."""
import ctypes
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import ssl
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import ROOT, Case, Person, main  # noqa: E402
from servers import Bot  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
LANDLOCK, SECCOMP = 444, {"x86_64": 317, "aarch64": 277}.get(platform.machine())
IPC_LOCK = 1 << 14
NOBODY = 65534
LINE = re.compile(r'level=(info|warning|error) event="([^"\\]|\\.)*"'
                  r'( (because|see|listener)="([^"\\]|\\.)*"| [a-z]+=\d{1,6})*\n')


def landlock_version():
    return max(0, LIBC.syscall(LANDLOCK, None, 0, 1))


def without(*calls):
    """Runs in the child before it becomes the server: the kernel has these system calls no more, as
    in a container that forbids them."""
    allow, errno = 0x7fff0000, 0x00050000 | 38
    code = [(0x20, 0, 0, 0)]  # the call's number
    for at, number in enumerate(calls):
        code.append((0x15, len(calls) - at, 0, number))
    code += [(0x06, 0, 0, allow), (0x06, 0, 0, errno)]
    program = b"".join(struct.pack("HBBI", *one) for one in code)

    def enter():
        buffer = ctypes.create_string_buffer(program)
        head = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(buffer))
        LIBC.prctl(38, 1, 0, 0, 0)
        if LIBC.prctl(22, 2, head, 0, 0) != 0:
            os._exit(99)
    return enter


def lock_nothing():
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    LIBC.prctl(24, 14, 0, 0, 0)  # CAP_IPC_LOCK does not come back with the program


class ConfinedBot(Bot):
    """A server that is started with less than this test has."""
    before = None

    def start(self, environment=None):
        popen = subprocess.Popen

        def with_less(*arguments, **more):
            return popen(*arguments, preexec_fn=self.before, **more)
        subprocess.Popen = with_less
        try:
            super().start(environment)
        finally:
            subprocess.Popen = popen


class ProcessTest(Case):
    def statuses(self):
        """Of each thread, as proc(5) has them."""
        pid = self.rig.bot.process.pid
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            lines = (task / "status").read_text().splitlines()
            yield dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def status(self):
        told = json.loads(self.rig.program("resguardo-bot", "status", "--config", self.rig.config, "--json"))
        return {line["name"]: line for line in told["lines"]}

    def is_filtered(self):
        return "system calls are filtered" in self.status()["sandbox"]["value"]

    def metrics(self):
        status, page = self.rig.hooks.admin("/metrics")
        self.assertEqual(status, 200)
        return dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))

    def started(self, config, before=None):
        """A server of its own, which ends with the test."""
        self.rig.bot.end()
        bot = ConfinedBot(self.rig.bin / "resguardo-bot", config)
        bot.before = before
        self.addCleanup(bot.end)
        bot.start()
        return bot

    def refused(self, config, before=None):
        self.rig.bot.end()
        done = self.rig.run("resguardo-bot", "serve", "--config", config, preexec_fn=before)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done

    def test_every_thread_is_in_the_sandbox(self):
        Person(self.rig, "whatsapp", 10).consent()
        threads = list(self.statuses())
        self.assertGreater(len(threads), 4)
        for one in threads:
            self.assertEqual(one["NoNewPrivs"], "1", one["Name"])
            for rights in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
                self.assertEqual(int(one[rights], 16) & ~IPC_LOCK, 0, (one["Name"], rights))
        told = self.status()["sandbox"]["value"]
        if landlock_version() > 0:
            self.assertIn(f"confined (Landlock {landlock_version()})", told)
        else:
            print("not run: this kernel has no Landlock", end=" ")
            self.assertIn("files are not confined", told)
        if not self.is_filtered():
            self.skipTest("not run in whole: no filter of system calls here, or a sanitizer's build")
        self.assertEqual({one["Seccomp"] for one in threads}, {"2"})
        mine = dict(line.split(":\t", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
        if "Seccomp_filters" in mine:  # one before the first thread, another when everything was open
            more = {int(one["Seccomp_filters"]) - int(mine["Seccomp_filters"]) for one in threads}
            self.assertEqual(more, {2})

    def test_where_all_of_it_is_there_the_strict_server_works_on(self):
        if landlock_version() == 0 or not self.is_filtered():
            self.skipTest("not run: this machine or build has no whole sandbox")
        rig = self.rig
        rig.make_certificate()
        config = rig.write_configuration("strict.toml", server={
            "sandbox": "require", "locked_memory": "require", "tls_certificate": "tls.pem",
            "tls_key": "secrets/tls.key"})
        bot = self.started(config)
        person = Person(rig, "signal", 20)
        person.consent()
        begin = len(bot.output)
        shutil.copy(rig.server / "roster.signed", rig.server / "roster.next")
        os.replace(rig.server / "roster.next", rig.server / "roster.signed")
        first = ssl.get_server_certificate(("127.0.0.1", rig.public))
        for file in ("tls.pem", "secrets/tls.key"):  # another file to the kernel
            (rig.server / file).unlink()
        rig.make_certificate()
        bot.process.send_signal(signal.SIGHUP)
        self.assertTrue(bot.heard('"reloaded"', begin), bot.output[begin:])
        self.assertNotEqual(ssl.get_server_certificate(("127.0.0.1", rig.public)), first)
        person.say("dentro de la caja", *["LISTO", "si"])
        for command in (("export", "--out", rig.work / "strict.bundle"),
                        ("backup", "--out", rig.work / "strict.backup"), ("check", "--deep"), ("rekey",)):
            done = rig.run("resguardo-bot", *command, "--config", config)
            self.assertEqual(done.returncode, 0, (command, done.stderr, done.stdout))
        self.assertIn("Locked memory: up to", rig.run("resguardo-bot", "check", "--config", config).stdout)
        bot.stop()

    def test_a_kernel_that_lacks_it_stops_the_start_or_is_told(self):
        rig, lacking = self.rig, without(LANDLOCK, *([SECCOMP] if SECCOMP else []))
        strict = rig.write_configuration("strict.toml", server={"sandbox": "require"})
        done = self.refused(strict, lacking)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("no Landlock", done.stderr)
        bot = self.started(rig.config, lacking)
        said = "".join(bot.output)
        self.assertIn("files and connections are not confined", said)
        self.assertIn("system calls are not filtered", said)
        Person(rig, "whatsapp", 30).consent()
        self.assertIn("files are not confined", self.status()["sandbox"]["value"])
        self.assertEqual(self.metrics()["resguardo_sandbox_landlock_version"], "0")
        self.assertIn("not confined", rig.hooks.admin("/readyz")[1])
        bot.stop()

    def test_keys_that_cannot_be_locked_stop_the_start(self):
        rig = self.rig
        strict = rig.write_configuration("strict.toml", server={"locked_memory": "require"})
        done = self.refused(strict, lock_nothing)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("lock", done.stderr)
        checked = rig.run("resguardo-bot", "check", "--config", strict, preexec_fn=lock_nothing)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("0 MiB may be locked", checked.stdout)

    def test_keys_that_cannot_be_locked_are_told_where_that_is_asked_for(self):
        bot = self.started(self.rig.config, lock_nothing)
        self.assertIn("may be swapped", "".join(bot.output))
        Person(self.rig, "whatsapp", 40).consent()
        self.assertEqual(self.metrics()["resguardo_unlocked_memory"], "1")
        self.assertIn("may be swapped", self.rig.hooks.admin("/readyz")[1])
        self.assertIn("LimitMEMLOCK", self.status()["locked memory"]["mend"])
        bot.stop()
        for line in bot.output:  # SQLCipher's complaints are nowhere
            self.assertRegex(line, LINE)

    def test_started_as_root_it_becomes_the_owner_of_the_data(self):
        if os.geteuid() != 0:
            self.skipTest("not run: that takes root")
        rig = self.rig
        rig.bot.stop()

        def give(to):
            for path in [rig.work, *rig.work.rglob("*")]:
                os.chown(path, to, to, follow_symlinks=False)
        give(NOBODY)
        self.addCleanup(give, 0)
        rig.bot.start()
        self.assertEqual({one["Uid"] for one in self.statuses()}, {"\t".join([str(NOBODY)] * 4)})
        self.assertEqual({int(one["CapPrm"], 16) & ~IPC_LOCK for one in self.statuses()}, {0})
        self.assertEqual(rig.run("resguardo-bot", "status", "--config", rig.config).returncode, 0)
        Person(rig, "whatsapp", 50).consent()
        self.assertEqual({path.stat().st_uid for path in (rig.server / "data").rglob("*")}, {NOBODY})
        rig.bot.stop()

    def test_every_line_of_the_log_has_its_form(self):
        Person(self.rig, "whatsapp", 60).tell_all("una historia")
        (self.rig.server / "roster.kept").write_bytes((self.rig.server / "roster.signed").read_bytes())
        (self.rig.server / "roster.signed").write_bytes(b"nothing")
        begin = len(self.rig.bot.output)
        self.rig.bot.process.send_signal(signal.SIGHUP)
        self.assertTrue(self.rig.bot.heard("reloaded what could be read", begin))
        os.replace(self.rig.server / "roster.kept", self.rig.server / "roster.signed")
        self.rig.bot.stop()
        for line in self.rig.bot.output:
            self.assertRegex(line, LINE)
            self.assertEqual(LINE.fullmatch(line).group(0), line)

    def test_every_metric_that_wakes_somebody_is_there(self):
        rules = ROOT / "deploy/alerts/resguardo.rules.yml"
        text, page = rules.read_text(), self.metrics()
        named = set(re.findall(r"\bresguardo_\w+", "\n".join(re.findall(r"expr: (.*)", text))))
        self.assertGreater(len(named), 15)
        self.assertEqual(named - set(page), set())
        operations = (ROOT / "docs/operations.md").read_text()
        for alert in re.findall(r"alert: (\w+)", text):
            self.assertIn(f"| {alert} |", operations)
        for name in re.findall(r"`(resguardo_\w+)`", operations):
            self.assertIn(name, page)
        if shutil.which("promtool") is None:
            print("promtool: not run, it is not here", end=" ")
            return
        done = subprocess.run(["promtool", "check", "rules", rules], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_nothing_alarms_on_a_server_that_is_well(self):
        page = self.metrics()
        for name in ("store_unwritable", "store_full", "store_damaged", "reports_stuck", "files_stopped",
                     "gateways_stopped", "signal_disconnected", "outbox_backlog_percent"):
            self.assertEqual(page[f"resguardo_{name}"], "0", name)
        self.assertEqual(page["resguardo_roster_valid"], "1")
        self.assertEqual(int(page["resguardo_disk_free_mebibytes"]) % 256, 0)


if __name__ == "__main__":
    main()
