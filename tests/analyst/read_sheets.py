#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a workbook of `resguardo-analyst export --format xlsx` by openpyxl, which did not write it.

    read_sheets.py FILE.xlsx              every cell, as a line of JSON for each row
    read_sheets.py FILE.xlsx FOLDER       … and that the CSV files of FOLDER hold the same cells

Always: no formula, no link, no macro, nobody's name, one frozen row and a filter on each sheet,
text typed as text."""

import csv
import json
import re
import sys
import zipfile

import openpyxl

SHEETS = ["read_me", "incidents", "acts", "perpetrators", "victims", "sources", "evidence", "codings", "links", "codebook"]
NUMBERS = {"incident_number", "n_sources", "independent_sources", "lat", "lon", "incidents", "files", "bytes"}


def fail(text):
    sys.exit(f"read_sheets: {text}")


def plain(value):
    """What a spreadsheet shows of a text: _x005F_ stands for an underscore."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), value) if isinstance(value, str) else value


def check_archive(path):
    with zipfile.ZipFile(path) as archive:
        if archive.testzip():
            fail("a damaged member")
        for member in archive.infolist():
            text = archive.read(member)
            if member.date_time != (1980, 1, 1, 0, 0, 0):
                fail(f"a time in {member.filename}")
            if re.search(r"vba|externalLink|sharedStrings|drawing|comments", member.filename):
                fail(f"{member.filename} should not be there")
            if member.filename.startswith("xl/worksheets") and re.search(rb"<f[ >]|<hyperlink|<oleObject", text):
                fail(f"a formula or link in {member.filename}")
        core = archive.read("docProps/core.xml").decode()
        if "<dc:creator></dc:creator>" not in core or "<cp:lastModifiedBy></cp:lastModifiedBy>" not in core:
            fail("somebody's name")
        if set(re.findall(r">([0-9TZ:-]{20})<", core)) != {"1980-01-01T00:00:00Z"}:
            fail("a time")


def rows_of(sheet):
    header = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    for row in sheet.iter_rows():
        cells = []
        for name, cell in zip(header, row):
            if cell.hyperlink or cell.data_type not in ("s", "n", "inlineStr"):
                fail(f"{sheet.title}!{cell.coordinate}: {cell.data_type}")
            if cell.value is not None and isinstance(cell.value, str) != (name not in NUMBERS or cell.row == 1):
                fail(f"{sheet.title}!{cell.coordinate}: a number that is a text, or a text that is a number")
            cells.append(plain(cell.value))
        yield header, cells


def same(name, ours, theirs):
    if name in NUMBERS and theirs not in ("", name):
        return ours is not None and float(theirs) == float(ours)
    return (ours or "") == theirs


def compare(sheet, path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    rows = list(rows_of(sheet))
    if len(lines) != len(rows):
        fail(f"{sheet.title}: {len(rows)} rows, {len(lines)} in {path}")
    for number, (line, (header, cells)) in enumerate(zip(lines, rows)):
        for name, ours, theirs in zip(header, cells, line, strict=True):
            if not same(name, ours, theirs):
                fail(f"{sheet.title} row {number + 1} {name}: {ours!r} here, {theirs!r} there")


def main(path, folder=None):
    check_archive(path)
    with open(path, "rb") as file:
        book = openpyxl.load_workbook(file)
    # Profiles leave sheets out, never these three.
    if book.sheetnames != [name for name in SHEETS if name in book.sheetnames + ["read_me", "incidents", "codebook"]]:
        fail(f"sheets {book.sheetnames}")
    for sheet in book:
        if sheet.freeze_panes != "A2" or not sheet.auto_filter.ref:
            fail(f"{sheet.title}: no frozen header or no filter")
        if folder:
            name = "incidents_flat" if sheet.title == "incidents" else sheet.title
            compare(sheet, f"{folder}/{name}.csv")
        else:
            for _, cells in rows_of(sheet):
                print(json.dumps([sheet.title, *cells], ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
