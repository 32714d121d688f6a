# SPDX-License-Identifier: AGPL-3.0-or-later
"""People whom the store knows go on while 5,000 connections say nothing, 10,000 strangers write and
bodies of a hundred megabytes come: from their message to our reply p99 stays below a second.

A run that the machine disturbed proves nothing: judged is the median of three. What was measured is
printed. The settings are those of every server, the messengers' rates included."""
import base64
import itertools
import json
import pathlib
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import attacks  # noqa: E402
from rig import ENDING, Case, Person, main  # noqa: E402

LOAD = pathlib.Path(__file__).parent / "siege_load.py"
RUNS, SECONDS = 3, 8
MOST = 1.0               # seconds, of p99
MOST_MEMORY = 400 * 1024 * 1024
STRANGERS = 10_000
PEOPLE = [("whatsapp", 0.2)] * 6 + [("signal", 0.8)] * 2  # and how long they think


class Crowd:
    """A load that goes on until it is ended."""

    def __init__(self, mode, what, connections):
        self.process = subprocess.Popen([sys.executable, "-I", str(LOAD), mode, str(what), str(connections)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def end(self):
        told, _ = self.process.communicate(timeout=120)
        return json.loads(told)


class Known(Person):
    """Somebody with a report open, who comes over a new connection each time, or over one that stays."""

    def __init__(self, rig, channel, number, pause):
        super().__init__(rig, channel, number)
        self.number, self.pause, self.said, self.tries = number, pause, [], 0
        self.stays = number % 2 == 0

    def keep_connection(self):
        if self.stays:
            self.connection = self.rig.hooks.connect(
                self.rig.public if self.channel == "whatsapp" else self.rig.gateway)

    def tell(self, text):
        """How long it took until our reply was there. What was cut is sent again, as messengers do."""
        before, begun = self.rig.inbox.count(self.address), time.monotonic()
        while True:
            try:
                status = self.post(text)
                break
            except (OSError, ValueError):
                self.tries += 1
                self.keep_connection()
        if status != 200 or self.rig.inbox.wait(self.address, before) is None:
            raise AssertionError(f"{status}, and no reply")
        self.said.append(text)
        return time.monotonic() - begun


class SiegeTest(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rig.config = cls.rig.write_configuration(
            limits={"per_sender_per_minute": 30, "conversations": 20_000},
            whatsapp={"messages_per_second": 80}, signal={"messages_per_second": 20})
        cls.rig.bot.command[-1] = str(cls.rig.config)

    numbers = itertools.count(1)  # nobody comes twice

    def setUp(self):
        super().setUp()
        self.people = [Known(self.rig, channel, next(self.numbers), pause) for channel, pause in PEOPLE]
        for person in self.people:
            person.consent()
            person.keep_connection()

    def flood_file(self):
        hooks, lines = self.rig.hooks, []
        for number in range(STRANGERS):
            if number % 5:
                body = json.dumps(hooks.wa_post(hooks.wa_text(f"15557{number:06}", "hola"))).encode()
                request, port = attacks.wa(body)(hooks), self.rig.public
            else:
                post = hooks.signal_post(f"4b6e0f0c-52a1-4d8e-9d3b-0000{number:08x}", "hola")
                request, port = attacks.signal(post)(hooks), self.rig.gateway
            lines.append(f"{port} {base64.b64encode(request).decode()}\n")
        path = self.rig.work / "flood"
        path.write_text("".join(lines))
        return path

    def measure(self):
        """The times of all that was told in SECONDS, sorted."""
        times, failures, until = [], [], time.monotonic() + SECONDS

        def go_on(person):
            try:
                while time.monotonic() < until:
                    times.append(person.tell(f"parte {person.number}.{len(person.said)}"))
                    time.sleep(person.pause)
            except Exception as problem:  # noqa: BLE001 - told below
                failures.append(repr(problem))
        threads = [threading.Thread(target=go_on, args=(person,)) for person in self.people]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(failures, [])
        return sorted(times)

    def memory(self):
        with open(f"/proc/{self.rig.bot.process.pid}/status", encoding="ascii") as status:
            return 1024 * int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])

    def siege(self, name, *crowds):
        runs, told = [], []
        for _ in range(RUNS):
            crowd = [Crowd(*one) for one in crowds]
            try:
                time.sleep(2 if crowd else 0)  # until most of them are there
                times = self.measure()
            finally:
                told = [one.end() for one in crowd]
            runs.append(times[int(len(times) * 0.99)])
            print(f"\n{name}: {len(times)} turns, p50 {1000 * times[len(times) // 2]:.0f} ms, "
                  f"p99 {1000 * runs[-1]:.0f} ms, sent again {sum(one.tries for one in self.people)}; "
                  f"{json.dumps(told)}", file=sys.stderr)
        self.assertLess(sorted(runs)[RUNS // 2], MOST, name)
        return told

    def ends_well(self):
        self.assertEqual(self.rig.hooks.admin("/readyz")[0], 200)
        print(f"most memory: {self.memory() / 2**20:.0f} MiB", file=sys.stderr)
        self.assertLess(self.memory(), MOST_MEMORY)
        for person in self.people:
            if person.connection:
                person.connection.close()
            person.connection = None
            person.say(*ENDING)
        reports = self.rig.read_reports()
        for person in self.people:
            self.assertTold(reports, *person.said)

    def test_5000_connections_that_say_nothing(self):
        self.siege("nobody else")
        told = self.siege("slowloris", ("slowloris", self.rig.public, 5000))
        self.assertGreater(told[0]["connections"], 5000)
        self.ends_well()

    def test_a_flood_of_10000_strangers(self):
        told = self.siege("flood", ("flood", self.flood_file(), 600))
        self.assertGreater(told[0]["answers"].get("200", 0), STRANGERS / RUNS)
        page = self.rig.hooks.admin("/metrics")[1]
        refused = int(re.search(r"^resguardo_strangers_refused_total (\d+)$", page, re.M)[1])
        print(f"strangers not heard: {refused}", file=sys.stderr)
        self.assertGreater(refused, 0)
        self.ends_well()

    def test_bodies_of_100_megabytes(self):
        told = self.siege("bodies", ("bodies", self.rig.public, 40))
        self.assertGreater(told[0]["answers"].get("413", 0), 0)
        self.ends_well()


if __name__ == "__main__":
    main()
