#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An exported workbook in headless LibreOffice: every sheet holds the cells of the CSV table of the
same export, nothing is evaluated, no address in a cell is asked for.

    office_test.py ANALYST_BENCH_TEST       only with RESGUARDO_WITH_DESKTOP and LibreOffice, else exit 77

The export is made by a test of that program, of words that stand here. At the end the same is asked
of a workbook with one cell changed, and of one with a formula in it, which must be told. That nobody
was asked is the weaker part: without a screen LibreOffice refuses to ask for even a real formula
(Err:540), so what holds is that each cell is a text."""
import csv
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

SHEETS = {"read_me": "read_me", "incidents": "incidents_flat", "acts": "acts", "perpetrators": "perpetrators",
          "victims": "victims", "sources": "sources", "evidence": "evidence", "codings": "codings", "links": "links",
          "codebook": "codebook"}
LIMIT = 32_767  # characters of a cell, by the format
# Comma, quotes, UTF-8, from the first row; no cell as it is shown but as it is, no formula, every sheet.
CSV_FILTER = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1'


def words(port):
    """One a line; cli_export_test.cpp has others, with a line break too."""
    address = f"http://127.0.0.1:{port}/"
    return ["=1+1", "+1+1", "-1+1", "@SUM(1;1)", "\t=1+1", " =1+1", f'=WEBSERVICE("{address}service")',
            f'=HYPERLINK("{address}link";"open")', f'=DDE("soffice";"{address}dde";"A1")', f"{address}plain",
            f"='{address}other.xlsx'#$Sheet1.A1", "'=1+1", "''", '"', '"",""', "1,2;3\t4", "0012", "1e5", "2025-05-03",
            "TRUE", "12:30", "50%", "#REF!", "_x000D_", "\u2067rtl\u2069", "\u200f\u202d12", "\x07bell\x7f",
            "\u00a0", "\ufeffmark", "e\u0301", "\U0001f54a\ufe0f", "<![CDATA[x]]>", "&#10;", "{=1+1}", "=" * 300]


class Office:
    """LibreOffice with a profile of its own, which nothing else on this machine reads or writes."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def tables_of(self, workbook):
        """Of every sheet its rows, as LibreOffice understood them."""
        out = self.folder / f"{workbook.stem}-csv"
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        done = subprocess.run(
            [self.program, f"-env:UserInstallation={(self.folder / 'profile').as_uri()}", "--headless", "--norestore",
             "--convert-to", CSV_FILTER, "--outdir", str(out), str(workbook)],
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=240)
        made = {file.stem.removeprefix(f"{workbook.stem}-"): rows(file) for file in out.glob("*.csv")}
        if done.returncode or not made:
            sys.exit(f"office_test: LibreOffice made no tables: {done.stdout} {done.stderr}")
        return made


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def same(ours, theirs):
    if ours == theirs:
        return True
    try:  # 27.5060 and 27.506 are one number
        return "." in ours and float(ours) == float(theirs)
    except ValueError:
        return False


def differences(tables, sheets):
    """Where a sheet is not the table, as people would say it."""
    found = [f"sheets {sorted(sheets)}"] if set(sheets) != set(SHEETS) else []
    for name in sorted(set(SHEETS) & set(sheets)):
        table, sheet = rows(tables / f"{SHEETS[name]}.csv"), sheets[name]
        if len(table) != len(sheet):
            found.append(f"{name}: {len(sheet)} rows, {len(table)} in the table")
        for number, (ours, theirs) in enumerate(zip(table, sheet), 1):
            theirs = theirs + [""] * (len(ours) - len(theirs))
            found += [f"{name} row {number} {column}: {a[:80]!r} in the table, {b[:80]!r} in the sheet"
                      for column, a, b in zip(table[0], ours, theirs, strict=True) if not same(a, b)]
    return found


def changed(workbook, out, put):
    """The same workbook with one text of a report's own words replaced."""
    import openpyxl
    book = openpyxl.load_workbook(workbook)
    cell = next(cell for row in book["acts"].iter_rows(min_row=2) for cell in row if cell.value)
    cell.value = put
    book.save(out)
    return out


def whole(tables):
    """What the table must hold for the comparison to mean anything."""
    cells = [cell for name in SHEETS.values() for row in rows(tables / f"{name}.csv") for cell in row]
    missing = [text for text in ("=WEBSERVICE", "=HYPERLINK", "<U+202E>", "<U+2067>", "/plain")
               if not any(text in cell for cell in cells)]
    if max(map(len, cells)) < LIMIT - 100:
        missing.append("a cell that was too long")
    return missing


def main():
    program = shutil.which("soffice")
    if not os.environ.get("RESGUARDO_WITH_DESKTOP") or not program:
        why = "it is not installed" if os.environ.get("RESGUARDO_WITH_DESKTOP") else "only with --with-desktop"
        print(f"office_test: LibreOffice was not run: {why} (tests/run.sh --with-desktop)")
        sys.exit(77)
    wrong = []
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as listener:
        folder = pathlib.Path(name)
        (folder / "words").write_text("\n".join(words(listener.getsockname()[1])), encoding="utf-8")
        subprocess.run([sys.argv[1], "--gtest_filter=CliExportTest.ASheetHoldsTheCellsOfTheTables"], check=True, timeout=240,
                       env={**os.environ, "RESGUARDO_SHEETS": name}, stdout=subprocess.DEVNULL)
        tables, workbook = folder / "tables", pathlib.Path(shutil.copy(folder / "xlsx", folder / "sheets.xlsx"))
        wrong += [f"the sample lacks {text}" for text in whole(tables)]
        office = Office(program, folder)
        sheets = office.tables_of(workbook)
        wrong += differences(tables, sheets)
        listener.setblocking(False)
        try:
            listener.accept()
            wrong.append("an address in a cell was asked for")
        except BlockingIOError:
            pass
        for number, put in enumerate(("another", "=1+1")):
            other = changed(workbook, folder / f"changed{number}.xlsx", put)
            found = differences(tables, office.tables_of(other))
            if len(found) != 1 or ("'2' in the sheet" if put == "=1+1" else "'another' in the sheet") not in found[0]:
                wrong.append(f"{put} in a cell is told as {found[:3]}")
    for text in wrong[:20]:
        print(f"WRONG: {text}")
    cells = sum(len(row) for sheet in sheets.values() for row in sheet)
    print(f"{len(sheets)} sheets, {cells} cells in LibreOffice, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
