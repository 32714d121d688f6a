#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks an export of reports, line by line, against the JSON Schema that was shipped beside it.

    check_reports.py OUT.ndjson       reads OUT.ndjson.schema.json

The schema is judged first (draft 2020-12), by the jsonschema package. What a schema cannot say is
asked here: keys stand in its order, and nothing in a line acts on a terminal."""

import json
import sys
import unicodedata

import jsonschema


def ordered(value, schema, root, where):
    """Every object's keys stand in the order of the schema."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        for one in schema.get("oneOf", []):
            if list(value) == list(one.get("properties", [])):
                schema = one
        known = [key for key in schema["properties"] if key in value or key in schema["required"]]
        if list(value) != known:
            sys.exit(f"{where}: keys in another order: {list(value)}")
        for key, inner in value.items():
            ordered(inner, schema["properties"][key], root, f"{where}.{key}")
    if isinstance(value, list):
        for inner in value:
            ordered(inner, schema.get("items", {}), root, where)


def main(path):
    with open(path + ".schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    lines = 0
    with open(path, "rb") as file:
        for line in file.read().decode("utf-8").split("\n")[:-1]:
            lines += 1
            if any(unicodedata.category(c) in ("Cc", "Cf") and c not in "\u200c\u200d" for c in line):
                sys.exit(f"line {lines}: a character that acts")
            report = json.loads(line)
            problems = [f"{list(e.absolute_path)}: {e.message[:120]}" for e in validator.iter_errors(report)]
            if problems:
                sys.exit(f"line {lines}: " + "; ".join(problems[:5]))
            ordered(report, schema, schema, f"line {lines}")
    print(lines)


if __name__ == "__main__":
    main(sys.argv[1])
