#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds the tree and what was built from it to rules.toml.

    check.py includes RULES SOURCE_DIR
    check.py symbols  RULES BUILD_DIR NM [--require NAME…]
    check.py names    RULES BUILD_DIR
    check.py types    RULES SOURCE_DIR

`symbols` looks at the archives and programs that are there: a partial build is checked as far as it
goes, but the archives named by --require must exist. `names` looks at the presets that join the
sources of a target: two functions of one name in unnamed namespaces would become overloads there,
and a call could mean the other file's. `types`: two types of one name in one namespace, in files that
do not see each other, share their functions when they are linked, and one of them works on the other's
bytes; no compiler says so. Prints what was checked; exit 1 and one line per violation
otherwise."""

import argparse
import fnmatch
import pathlib
import re
import subprocess
import sys
import tomllib

SOURCES = {".h", ".cpp", ".cc", ".hpp"}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
SKIPPED = {"build", ".git"}
# As clang-format leaves it: a function at file scope begins its line, and is no bare declaration.
FUNCTION = re.compile(r"^(?!TEST|MATCHER|class|struct|enum|using|namespace|template|return|static_assert)"
                      r"[A-Za-z_][\w:<>,&*\[\] .]*[ &*](\w+)\((?!.*\);$)")
TYPE = re.compile(r"^(?:class|struct|union) (\w+)(?: final)?(?: :.*)?(?: \{.*)?$")
NAMESPACE = re.compile(r"^namespace ([\w:]*) ?\{$")
# A printer for GoogleTest is meant to be an overload.
OVERLOADS = {"PrintTo"}


def inside(path, folder):
    """Whether `path` (relative) lies in `folder`, whose parts may hold *."""
    return folder == "." or fnmatch.fnmatch(path, f"{folder}/*")


def source_files(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.suffix in SOURCES and not SKIPPED & set(relative.parts) and path.is_file():
            yield relative.as_posix(), path


def applies(rule, name):
    if rule.get("headers_only") and not name.endswith((".h", ".hpp")):
        return False
    return inside(name, rule["folder"]) and not any(inside(name, e) for e in rule.get("except", []))


def check_includes(rules, root):
    files, violations = 0, []
    for name, path in source_files(root):
        files += 1
        held = [rule for rule in rules["includes"] if applies(rule, name)]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            for rule in held if found else []:
                if re.match(rule["forbidden"], found[1]):
                    violations.append(f"{name}:{number}: includes {found[1]}: {rule['why']}")
    return f"{files} files, {len(rules['includes'])} rules on includes", violations


def symbols_of(nm, path, *options):
    output = subprocess.run([nm, "-P", *options, str(path)], check=True, capture_output=True, text=True)
    return {line.split()[0] for line in output.stdout.splitlines() if len(line.split()) > 1}


def archives_of(build):
    found = build.rglob("libresguardo_*.a")
    return {path.name.removeprefix("libresguardo_").removesuffix(".a"): path for path in sorted(found)}


def matches(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def offences(symbols, rule, name):
    hits = sorted(symbol for symbol in symbols if re.match(rule["forbidden"], symbol))
    return [f"{name}: uses {symbol}: {rule['why']}" for symbol in hits]


def check_symbols(rules, build, nm, required):
    archives = archives_of(build)
    violations = [f"{name}: was not built" for name in required if name not in archives]
    for name, path in archives.items():
        undefined = symbols_of(nm, path, "--undefined-only")
        for rule in rules["symbols"]:
            if matches(name, rule["archives"]) and not matches(name, rule.get("except", [])):
                violations += offences(undefined, rule, path.name)
    programs = 0
    for rule in rules["programs"]:
        path = build / "bin" / rule["program"]
        if path.exists():
            programs += 1
            symbols = symbols_of(nm, path)
            # A sanitizer's runtime brings interceptors of its own, for sockets too; the archives
            # are held to the same rule in every build.
            if rule.get("unless_sanitized") and symbols & {"__asan_init", "__tsan_init"}:
                continue
            violations += offences(symbols, rule, path.name)
    return f"{len(archives)} archives ({', '.join(archives)}), {programs} programs", violations


def hidden_functions(path):
    """The names of the functions that a source keeps in its unnamed namespace."""
    hidden = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line == "namespace {":
            hidden = True
        elif line == "}  // namespace":
            hidden = False
        elif found := FUNCTION.match(line) if hidden else None:
            yield found[1]


def check_names(build):
    targets, violations = 0, []
    for folder in sorted(build.rglob("*.dir/Unity")):
        targets += 1
        owners = {}
        for unit in sorted(folder.glob("*.cxx")):
            for source in re.findall(r'#include "([^"]+)"', unit.read_text(encoding="utf-8")):
                for name in set(hidden_functions(pathlib.Path(source))) - OVERLOADS:
                    owners.setdefault(name, []).append("/".join(pathlib.Path(source).parts[-2:]))
        target = folder.parent.name.removesuffix(".dir")
        violations += [f"{target}: {name}() is in the unnamed namespaces of {', '.join(files)}: give one another name"
                       for name, files in sorted(owners.items()) if len(files) > 1]
    return f"{targets} joined targets", violations


def types_of(path):
    """(namespace, name) of the types that a file defines where others can see them."""
    space = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := NAMESPACE.match(line):
            space.append(found[1])
        elif line.startswith("}  // namespace") and space:
            space.pop()
        elif "" not in space and (found := TYPE.match(line)):
            yield "::".join(space), found[1]


def check_types(root):
    owners = {}
    for name, path in source_files(root):
        for defined in set(types_of(path)):
            owners.setdefault(defined, []).append(name)
    violations = [f"{space}::{name} is defined in {', '.join(files)}: give one another name"
                  for (space, name), files in sorted(owners.items()) if len(files) > 1]
    return f"{len(owners)} types", violations


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["includes", "symbols", "names", "types"])
    parser.add_argument("rules", type=pathlib.Path)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("nm", nargs="?")
    parser.add_argument("--require", nargs="*", default=[])
    given = parser.parse_args()
    rules = tomllib.loads(given.rules.read_text(encoding="utf-8"))
    if given.what == "includes":
        checked, violations = check_includes(rules, given.directory)
    elif given.what == "types":
        checked, violations = check_types(given.directory)
    elif given.what == "names":
        checked, violations = check_names(given.directory)
    else:
        checked, violations = check_symbols(rules, given.directory, given.nm, given.require)
    for violation in violations:
        print(violation, file=sys.stderr)
    print(f"checked {checked}: {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
