#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shows that check.py catches a violation of every rule, and says nothing where there is none.

    self_test.py RULES CHECK NM AR C++COMPILER"""

import pathlib
import subprocess
import sys
import tempfile
import tomllib

RULES, CHECK, NM, AR, COMPILER = sys.argv[1:6]
PYTHON = [sys.executable, "-B", CHECK]
FAILURES = []


def run(command):
    return subprocess.run(command, capture_output=True, text=True)


def must(command):
    result = run(command)
    if result.returncode != 0:
        raise SystemExit(f"{command}: {result.stderr}")


def expect(what, result, why):
    """`why`: the rule that must be named, or None for no violation."""
    caught = result.returncode == 1 and why is not None and why in result.stderr
    clean = result.returncode == 0 and why is None
    if not (caught or clean):
        FAILURES.append(f"{what}: exit {result.returncode}: {result.stderr or result.stdout}")


def concrete(pattern):
    return pattern.replace("*", "planted")


def object_file(directory, symbol, function):
    """An object that calls `symbol`; without one, an object that calls nothing."""
    source = directory / "planted.cpp"
    call = f'extern "C" void {symbol}(); extern "C" void {function}() {{ {symbol}(); }}' if symbol else ""
    source.write_text(call + "\n", encoding="utf-8")
    result = directory / "planted.o"
    must([COMPILER, "-c", "-x", "c++", str(source), "-o", str(result)])
    return result


def archive_with(directory, name, symbol):
    must([AR, "rcs", str(directory / f"libresguardo_{name}.a"),
          str(object_file(directory, symbol, "planted_caller"))])


def check_symbols(directory, *require):
    return run([*PYTHON, "symbols", RULES, str(directory), NM, "--require", *require])


def test_symbols(rule):
    for name in map(concrete, rule["archives"]):
        with tempfile.TemporaryDirectory() as temporary:
            directory = pathlib.Path(temporary)
            archive_with(directory, name, rule["example"])
            expect(f"{rule['example']} in {name}", check_symbols(directory), rule["why"])
            archive_with(directory, name, rule.get("allowed"))
            expect(f"{rule.get('allowed', 'nothing')} in {name}", check_symbols(directory), None)


def test_exceptions(rule):
    for name in map(concrete, rule.get("except", [])):
        with tempfile.TemporaryDirectory() as temporary:
            directory = pathlib.Path(temporary)
            archive_with(directory, name, rule["example"])
            result = check_symbols(directory)
            if rule["why"] in result.stderr:
                FAILURES.append(f"{name} is excepted, and was held to: {rule['why']}")


def test_program(rule):
    for symbol in (rule["example"], None):
        with tempfile.TemporaryDirectory() as temporary:
            directory = pathlib.Path(temporary)
            (directory / "bin").mkdir()
            planted = object_file(directory, symbol, "planted_caller")
            planted.rename(directory / "bin" / rule["program"])
            expect(f"{symbol} in {rule['program']}", check_symbols(directory), symbol and rule["why"])


def includes_of(directory, place, line):
    path = directory / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"// SPDX\n{line}\n", encoding="utf-8")
    return run([*PYTHON, "includes", RULES, str(directory)])


def test_includes(rule):
    folder = "planted" if rule["folder"] == "." else rule["folder"]
    line = f"#include {rule['example']}"
    for place in (f"{folder}/planted.h", f"{folder}/deeper/planted.h"):
        with tempfile.TemporaryDirectory() as temporary:
            directory = pathlib.Path(temporary)
            expect(f"{line} in {place}", includes_of(directory, place, line), rule["why"])
            expect(f"comment in {place}", includes_of(directory, place, f"// {line}"), None)
            expect(f"nothing in {place}", includes_of(directory, place, ""), None)


def joined(directory, first, second):
    unit = directory / "planted.dir" / "Unity"
    unit.mkdir(parents=True)
    for name, function in (("first.cpp", first), ("second.cpp", second)):
        text = f"namespace planted {{\nnamespace {{\n\n{function}\n\n}}  // namespace\n}}\n"
        (directory / name).write_text(text, encoding="utf-8")
    lines = [f'#include "{directory / name}"\n' for name in ("first.cpp", "second.cpp")]
    (unit / "unity_0_cxx.cxx").write_text("".join(lines), encoding="utf-8")
    return run([*PYTHON, "names", RULES, str(directory)])


def test_names():
    one = "bool takes(const Text& text) {\n  return text.empty();\n}"
    for other, why in ((one.replace("Text", "Word"), "takes() is in"), (one.replace("takes", "gives"), None),
                       ("using takes = bool (*)(int);", None), ("const bool kTaken = takes(kText);", None)):
        with tempfile.TemporaryDirectory() as temporary:
            expect(f"{other} beside {one}", joined(pathlib.Path(temporary), one, other), why)


def test_types():
    one = "namespace planted {\n\nstruct Told {\n  int a;\n};\n\n}  // namespace planted\n"
    for other, why in ((one.replace("struct", "class"), "planted::Told is defined in one.h, other.h"),
                       (one.replace("Told {", "Told final : Base {"), "planted::Told"),
                       (one.replace("planted {", "elsewhere {"), None), (one.replace("Told", "Heard"), None),
                       ("namespace planted {\nstruct Told;\n}  // namespace planted\n", None),
                       (one.replace("struct", "namespace {\nstruct"), None)):
        with tempfile.TemporaryDirectory() as temporary:
            for name, text in (("one.h", one), ("other.h", other)):
                (pathlib.Path(temporary) / name).write_text(text, encoding="utf-8")
            expect(f"{other} beside {one}", run([*PYTHON, "types", RULES, temporary]), why)


def main():
    rules = tomllib.loads(pathlib.Path(RULES).read_text(encoding="utf-8"))
    for rule in rules["symbols"]:
        test_symbols(rule)
        test_exceptions(rule)
    for rule in rules["programs"]:
        test_program(rule)
    for rule in rules["includes"]:
        test_includes(rule)
    test_names()
    test_types()
    with tempfile.TemporaryDirectory() as temporary:
        missing = check_symbols(pathlib.Path(temporary), "seal")
        expect("a required archive", missing, "was not built")
    for failure in FAILURES:
        print(failure, file=sys.stderr)
    count = sum(len(rules[kind]) for kind in ("symbols", "programs", "includes"))
    print(f"{count} rules, each with a planted violation: {len(FAILURES)} not caught")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
