# SPDX-License-Identifier: AGPL-3.0-or-later
"""`check --deep`: what a disk has changed is told, with and without a server; the rest goes on."""
import json
import pathlib
import shutil
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import BIN, Case, Person, main  # noqa: E402
from servers import Failed  # noqa: E402

PAGE = 4096


class DamageTest(Case):
    def check(self, *more):
        return self.rig.run("resguardo-bot", "check", "--config", self.rig.config, *more)

    def data(self, name):
        return self.rig.server / "data" / name

    def flip(self, name, *places):
        with open(self.data(name), "r+b") as file:
            for place in places:
                file.seek(place)
                byte = file.read(1)[0] ^ 0x10
                file.seek(place)
                file.write(bytes([byte]))

    def ready(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.rig.admin}/readyz", timeout=30) as page:
            return page.read().decode()

    def soon(self, what):
        limit = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), limit, "it did not come")
            time.sleep(0.2)

    def setUp(self):
        super().setUp()
        whole = self.rig.work / "whole"
        if not whole.exists():
            for n in range(1, 4):
                Person(self.rig, "whatsapp", n).tell_all(f"story {n}")
            self.rig.bot.stop()
            shutil.copytree(self.rig.server / "data", whole)
            self.rig.bot.start()

    def broken(self, name, *places):
        """The store as it was at first, with these bytes changed, and no server."""
        self.rig.bot.end()
        shutil.rmtree(self.rig.server / "data")
        shutil.copytree(self.rig.work / "whole", self.rig.server / "data")
        self.flip(name, *places)

    def check_without_every_fourth_page(self, pages):
        """From one on such that the store opens: without the pages of the log, or that list its tables, it does not."""
        for first in range(12, 16):
            self.broken("reports.db", *(page * PAGE + 700 for page in range(first, pages, 4)))
            done = self.check("--deep")
            if "pages do not authenticate" in done.stdout:
                return done, first
        return self.fail("no fourth of the pages can be missing")

    def start_without_one_page(self, pages):
        """Most pages hold rows; without some, such as those of the log, no server starts."""
        for page in range(pages // 2, pages, 3):
            self.broken("reports.db", page * PAGE + 700)
            try:
                return self.rig.bot.start()
            except Failed:
                continue
        return self.fail("no server starts without any one of the pages")

    def test_a_whole_store_beside_a_server_and_without_one(self):
        midway = Person(self.rig, "whatsapp", 20)
        midway.consent()
        for serving in (True, False):
            done = self.check("--deep", "--json")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            page = json.loads(done.stdout)
            self.assertEqual(page["problems"], [])
            self.assertGreater(page["read"]["pages"], 20)
            self.assertGreaterEqual(page["read"]["reports"], 3)
            self.assertGreaterEqual(page["read"]["rows"], 3 * 16)
            if serving:
                self.assertIn("`serve` runs", self.check().stdout)
                midway.say("still heard", "LISTO", "si")
            self.rig.bot.stop()

    def test_pages_are_named_and_the_server_goes_on(self):
        size = (self.rig.work / "whole/reports.db").stat().st_size
        done, first = self.check_without_every_fourth_page(size // PAGE)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout, rf"reports.db: pages do not authenticate: {first + 1}, {first + 5}")
        self.assertRegex(done.stdout, r"\nreport [0-9a-f]{32}: ")
        self.assertNotIn("story", done.stdout + done.stderr)
        self.start_without_one_page(size // PAGE)
        self.soon(lambda: "damaged" in self.ready())
        self.assertTrue(self.ready().startswith("ready\n"))
        status = self.rig.run("resguardo-bot", "status", "--config", self.rig.config)
        self.assertIn("damaged", status.stdout)
        problems = json.loads(self.check("--json").stdout)["problems"]
        self.assertIn("check --deep", problems[0]["mend"])
        Person(self.rig, "whatsapp", 21).consent()  # people are heard

    def test_cells_are_counted_and_their_reports_named(self):
        size = (self.rig.work / "whole/slots").stat().st_size
        self.broken("slots", *range(512 + 40, size, 512))
        done = self.check("--deep", "--json")
        self.assertEqual(done.returncode, 1)
        problems = json.loads(done.stdout)["problems"]
        cells = [p for p in problems if p["where"] == "slots"]
        self.assertEqual(len(cells), 1, problems)
        self.assertGreaterEqual(cells[0]["what"].count(",") + 1, 3)  # free ones are written anew at the start
        reports = [p for p in problems if p["where"].startswith("report ")]
        self.assertGreaterEqual(len(reports), 3)
        for one in reports:
            self.assertIn("restore", one["mend"])

    def test_a_journal_whose_wal_lost_commits_is_noticed(self):
        self.rig.bot.stop()
        self.rig.bot.start()
        for n in range(30, 33):
            Person(self.rig, "whatsapp", n).consent()
        self.rig.bot.kill()
        wal = next(self.data("").glob("journal-*.db-wal"))
        self.assertGreater(wal.stat().st_size, 3 * PAGE)
        self.flip(wal.name, 32 + 24 + 5)
        done = self.check("--deep")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout, r"the journal: \d+ commits that were on disk could not be read")


if __name__ == "__main__":
    assert BIN.is_dir(), BIN
    main()
