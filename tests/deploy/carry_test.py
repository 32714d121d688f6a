# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folder for a machine without a network: it runs alone, names what was changed, and a key ceremony works with it."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parent.parent.parent
BIN = pathlib.Path(os.environ.get("RESGUARDO_BIN_DIR", ROOT / "build/release/bin"))
SYSTEM = ("libc.so", "libm.so", "libpthread.so", "libdl.so", "librt.so", "ld-linux", "libstdc++.so", "libgcc_s.so", "linux-vdso")


def run(*command, **more):
    return subprocess.run([str(c) for c in command], text=True, capture_output=True, check=False, timeout=120,
                          stdin=subprocess.DEVNULL, **more)


class CarryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="resguardo-carry-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.made = run(ROOT / "deploy/carry.sh", "--bin", BIN, cls.work / "made")

    def setUp(self):
        self.assertEqual(self.made.returncode, 0, self.made.stderr)
        self.stick = self.work / self.id().rsplit(".", 1)[1]
        shutil.copytree(self.work / "made", self.stick)

    def alone(self, *command, **more):
        """Without this machine's environment, and from another folder."""
        return run(self.stick / "resguardo-analyst", *command, env={}, cwd=self.work, **more)

    def check(self):
        return run("sh", self.stick / "check")

    def test_it_runs_alone_with_its_own_libraries(self):
        self.assertIn("resguardo-analyst", self.alone("--version").stdout)
        form = run(self.stick / "resguardo-form", "--version", env={}, cwd=self.work)
        self.assertIn("resguardo-form", form.stdout)
        loaded = run("ldd", self.stick / "bin/resguardo-analyst", env={**os.environ, "LD_LIBRARY_PATH": str(self.stick / "lib")})
        lines = [line.split() for line in loaded.stdout.splitlines()]
        self.assertGreater(len(lines), 8)
        for line in lines:
            if not any(name in line[0] for name in SYSTEM):
                self.assertTrue(line[2].startswith(str(self.stick / "lib")), line)

    def test_it_is_what_was_made(self):
        self.assertEqual(self.check().returncode, 0, self.check().stdout)
        said = [line for line in self.made.stdout.splitlines() if line.startswith("the list: ")]
        self.assertEqual(self.check().stdout.splitlines()[0], said[0])

    def test_what_was_changed_is_named(self):
        library = next((self.stick / "lib").glob("libsodium*"))
        content = bytearray(library.read_bytes())
        content[len(content) // 2] ^= 1
        library.write_bytes(content)
        checked = self.check()
        self.assertEqual(checked.returncode, 1)
        self.assertIn(library.name, checked.stdout + checked.stderr)

    def test_what_was_added_is_named(self):
        (self.stick / "lib/libevil.so").write_text("x")
        checked = self.check()
        self.assertEqual(checked.returncode, 1)
        self.assertIn("lib/libevil.so", checked.stdout)

    def test_nothing_is_overwritten_and_nothing_half_is_left(self):
        again = run(ROOT / "deploy/carry.sh", "--bin", BIN, self.stick)
        self.assertEqual(again.returncode, 1)
        self.assertIn("nothing is overwritten", again.stderr)
        without = run(ROOT / "deploy/carry.sh", "--bin", self.work / "none", self.work / "other")
        self.assertEqual(without.returncode, 1)
        self.assertEqual(run(ROOT / "deploy/carry.sh").returncode, 2)
        self.assertEqual([p.name for p in self.work.iterdir() if p.name.startswith("other") or p.suffix == ".part"], [])

    def test_the_ceremony_of_the_guide(self):
        """docs/key-ceremony.md: split, printed, joined from two of three, the same fingerprint."""
        words = self.work / "words"
        words.write_text("seven random words of a ceremony\n")
        secret = ["--passphrase-file", words]
        cheap = ["--memory", "64MiB", "--passes", "1"]
        here = self.stick / "ceremony"
        here.mkdir()
        made = self.alone("root", "create", "--out", here / "root.key", *secret, *cheap)
        self.assertEqual(made.returncode, 0, made.stderr)
        fingerprint = next(line for line in made.stdout.splitlines() if line.startswith("fingerprint")).split(maxsplit=1)[1]
        split = self.alone("root", "split", "--root-key", here / "root.key", "--shares", "3", "--threshold", "2",
                           "--out", here / "share", *secret)
        self.assertIn(fingerprint, split.stdout)
        page = self.alone("key", "paper", here / "share-1.txt", "--out", here / "share-1.html")
        self.assertEqual(page.returncode, 0, page.stderr)
        alone = self.alone("root", "join", here / "share-2.txt", "--out", here / "one.key", *secret, *cheap)
        self.assertNotEqual(alone.returncode, 0)
        joined = self.alone("root", "join", here / "share-1.txt", here / "share-3.txt", "--out", here / "tried.key",
                            *secret, *cheap)
        self.assertEqual(joined.returncode, 0, joined.stderr)
        self.assertIn(fingerprint, self.alone("key", "fingerprint", here / "tried.key.pub").stdout + joined.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
