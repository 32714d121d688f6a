# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bill of materials names every library that the programs link, with this machine's versions,
and has the form that CycloneDX 1.5 asks for. Argument: the tree. RESGUARDO_BIN_DIR: the programs."""
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

TREE = pathlib.Path(sys.argv.pop())
BIN = pathlib.Path(os.environ["RESGUARDO_BIN_DIR"])
PROGRAMS = {"resguardo-bot", "resguardo-analyst", "resguardo-form"}
PURL = re.compile(r"pkg:deb/[a-z]+/[a-z0-9.+-]+@[\w.:%~-]+\?arch=\w+(&distro=[\w.-]+)?")
# Of what the programs are known to do: a bill that lacks one of these is wrong whatever ldd says.
EXPECTED = {"resguardo-bot": {"libsodium", "libsqlcipher", "libssl", "libprotobuf", "libseccomp", "libicu"},
            "resguardo-analyst": {"libsodium", "libsqlcipher", "libprotobuf", "libqrencode", "libxlsxwriter"},
            "resguardo-form": {"libprotobuf", "libicu"}}


def make(*more):
    return subprocess.run(["/usr/bin/python3", "-I", "-B", str(TREE / "deploy/sbom.py"), *more],
                          capture_output=True, text=True, timeout=120, check=False)


def versions():
    rows = subprocess.run(["dpkg-query", "-W", "-f=${Package}\t${Version}\t${Status}\n"], check=True,
                          capture_output=True, text=True, timeout=60).stdout.splitlines()
    return {tuple(row.split("\t")[:2]) for row in rows if "installed" in row}


class SbomTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = make("--bin", str(BIN))
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.text, cls.page = done.stdout, json.loads(done.stdout)
        cls.parts = {one["bom-ref"]: one for one in cls.page["components"]}
        cls.needs = {one["ref"]: one["dependsOn"] for one in cls.page["dependencies"]}

    def test_every_library_that_a_program_links_is_in_it(self):
        for program in PROGRAMS:
            # By the linker's own words, without the script's reading of them.
            loaded = subprocess.run([str(BIN / program), "--version"], capture_output=True, text=True,
                                    timeout=60, check=False,
                                    env={"LD_TRACE_LOADED_OBJECTS": "1", "PATH": "/usr/bin"}).stdout
            files = [word for word in loaded.split() if word.startswith("/")]
            self.assertGreater(len(files), 5, loaded)
            named = {self.parts[ref]["name"] for ref in self.needs[program]}
            for file in files:
                package = self.package_of(file)
                self.assertIn(package, named, f"{program} links {file}")
            for start in EXPECTED[program]:
                self.assertTrue(any(name.startswith(start) for name in named), (program, start, named))

    @staticmethod
    @functools.cache
    def package_of(file):
        for name in (os.path.realpath(file), os.path.realpath(file).removeprefix("/usr")):
            found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, timeout=60,
                                   check=False).stdout
            if found:
                return found.split(":")[0]
        raise AssertionError(f"{file} belongs to no package")

    def test_versions_are_those_of_this_machine(self):
        installed = versions()
        for one in self.page["components"]:
            if one["type"] == "library":
                self.assertIn((one["name"], one["version"]), installed)

    def test_programs_are_known_by_their_bytes(self):
        for program in PROGRAMS:
            digest = hashlib.sha256((BIN / program).read_bytes()).hexdigest()
            self.assertEqual(self.parts[program]["hashes"], [{"alg": "SHA-256", "content": digest}])

    def test_has_the_form_of_cyclonedx(self):
        page = self.page
        self.assertEqual((page["bomFormat"], page["specVersion"], page["version"]), ("CycloneDX", "1.5", 1))
        self.assertLessEqual(set(page), {"bomFormat", "specVersion", "serialNumber", "version", "metadata",
                                         "components", "dependencies"})
        self.assertRegex(page["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(len(self.parts), len(page["components"]), "references are unique")
        for one in page["components"]:
            self.assertIn(one["type"], {"application", "library"})
            self.assertTrue(one["name"] and one["version"], one)
            if one["type"] == "library":
                self.assertRegex(one["purl"], PURL)
                self.assertEqual(one["purl"], one["bom-ref"])
        known = set(self.parts) | {page["metadata"]["component"]["bom-ref"]}
        for ref, parts in self.needs.items():
            self.assertIn(ref, known)
            self.assertLessEqual(set(parts), known)
        self.assertEqual(set(self.needs), known)

    def test_the_same_programs_give_the_same_bytes(self):
        self.assertEqual(make("--bin", str(BIN)).stdout, self.text)

    def test_programs_that_are_not_there_are_told(self):
        done = make("--bin", "/nonexistent")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
