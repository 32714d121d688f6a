#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the programs are made of, as CycloneDX 1.5 JSON: for who must know whether a library's hole
is theirs, and for a package's review.

    deploy/sbom.py [--bin build/release/bin] [--out FILE]

Shared libraries are those that the dynamic linker takes on this machine, with the version of the
Debian package that they come from; libraries that are headers only stand in the compiler's place.
The same programs on the same machine give the same bytes: there is no time in it."""
import argparse
import functools
import hashlib
import json
import pathlib
import platform
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ["resguardo-bot", "resguardo-analyst", "resguardo-form"]
# In the programs without a shared library of their own: templates of the compiler's.
HEADERS = ["libboost1.83-dev", "libcli11-dev"]


class Failed(Exception):
    """Told in one line."""


def output(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=120,
                          check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout


def linked(program):
    """Files of the shared libraries that a program is started with."""
    files = re.findall(r"(?:=> )?(/\S+) \(0x[0-9a-f]+\)", output("ldd", program))
    return sorted({pathlib.Path(file).resolve() for file in files})


@functools.cache
def owner(file):
    """The Debian package of a file: its name with its architecture. Where /lib is a link to
    /usr/lib the package may know either name."""
    text = str(file)
    for name in (text, text.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, timeout=60,
                              check=False)
        if done.returncode == 0:
            return done.stdout.split(": ")[0].split(",")[0].strip()
    raise Failed(f"{file}: belongs to no package")


@functools.cache
def distribution():
    facts = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', pathlib.Path("/etc/os-release").read_text(), re.M))
    return facts.get("ID", "debian"), facts.get("VERSION_ID", "")


@functools.cache
def component(package):
    form = "${binary:Package}\t${Version}\t${Architecture}\t${source:Package}\n"
    name, version, architecture, source = output("dpkg-query", "-W", f"-f={form}",
                                                 package).splitlines()[0].split("\t")
    name = name.split(":")[0]
    vendor, release = distribution()
    distro = f"&distro={vendor}-{release}" if release else ""
    purl = f"pkg:deb/{vendor}/{name}@{version.replace('+', '%2B')}?arch={architecture}{distro}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "scope": "required", "properties": [{"name": "debian:source", "value": source}]}


def version_of_tree():
    return re.search(r"project\([^)]*VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)


def application(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"type": "application", "bom-ref": path.name, "name": path.name, "version": version_of_tree(),
            "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
            "hashes": [{"alg": "SHA-256", "content": digest}]}


def known_packages():
    rows = [line.split() for line in (ROOT / "deploy/packages.txt").read_text().splitlines()
            if line and not line.startswith("#")]
    return {row[1] for row in rows if row[0] == "build"}


def bill(folder):
    strangers = set(HEADERS) - known_packages()
    if strangers:
        raise Failed(f"deploy/packages.txt does not name {', '.join(sorted(strangers))}")
    components, dependencies = {}, []
    for name in PROGRAMS:
        path = folder / name
        if not path.is_file():
            raise Failed(f"{path}: is not built")
        packages = {owner(file) for file in linked(path)} | set(HEADERS)
        parts = {one["bom-ref"]: one for one in map(component, sorted(packages))}
        components |= {name: application(path), **parts}
        dependencies.append({"ref": name, "dependsOn": sorted(parts)})
    dependencies += [{"ref": ref, "dependsOn": []} for ref, one in sorted(components.items())
                     if one["type"] == "library"]
    whole = {"ref": "resguardo", "dependsOn": PROGRAMS}
    page = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {"component": {"type": "application", "bom-ref": "resguardo", "name": "resguardo",
                                       "version": version_of_tree()},
                         "properties": [{"name": "machine", "value": platform.machine()}]},
            "components": [components[ref] for ref in sorted(components)],
            "dependencies": [whole, *dependencies]}
    text = json.dumps(page, sort_keys=True)
    page["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_OID, text).urn
    return page


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--out", type=pathlib.Path)
    chosen = parser.parse_args()
    try:
        text = json.dumps(bill(chosen.bin), indent=2, sort_keys=True) + "\n"
    except (Failed, FileNotFoundError) as problem:
        print(f"sbom: {problem}", file=sys.stderr)
        return 1
    if chosen.out:
        chosen.out.write_text(text)
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
