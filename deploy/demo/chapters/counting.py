# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reports say in the terms of the field: the table of incidents, how many, and files of
them for others: a workbook, a map and a page."""
import json
import subprocess

from stage import indented, require, step


def count(demo, conversations):
    """The incidents as a table, and the statistics of them."""
    step("The table of incidents, of what nobody took back")
    table = demo.of("ana", "incidents")
    print(indented(table))
    demo.incidents = demo.work / "incidents.txt"
    demo.incidents.write_text(table + "\n")
    incidents = json.loads(demo.of("ana", "incidents", "--json"))["incidents"]
    require(len({one["report"] for one in incidents}) == len(conversations) - 1,
            "every report that was not taken back tells of an incident")
    state = [one for one in incidents
             if any(who["actor"].startswith("US-") for who in one["involvements"])]
    asked = json.loads(demo.of("ana", "incidents", "--actor", "US-GOV", "--json"))["incidents"]
    require(state and [one["report"] for one in asked] == [one["report"] for one in state],
            "asked for the authorities of one country, those incidents come and no others")
    demo.statistics = demo.work / "statistics.csv"
    said = demo.of("ana", "stats", "--out", demo.statistics)
    require(said.startswith(f"{len(conversations) - 1} reports, {len(incidents)} incidents"),
            "the statistics count what the table shows")
    print(indented("\n".join(said.splitlines()[:3])))


def written(demo, kind):
    """An export of that format, which its own check finds whole and signed in ana's vault: its path."""
    out = demo.work / f"incidents.{kind}"
    demo.of("ana", "export", "--format", kind, "--out", out)
    command = [demo.bin / "resguardo-analyst", "verify-export", out, "--roster",
               demo.server / "roster.signed", "--root", demo.work / "root.key.pub"]
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    require(done.returncode == 0 and "signed in the vault of ana" in said,
            f"the check of {out.name} finds it whole and signed: {said}")
    print(f"  {out.name}\n{indented(said)}")
    return out


def rows_of(workbook):
    """How many incidents are in the sheet of them, by a library that did not write it; None without it."""
    try:
        import openpyxl
    except ImportError:
        return None
    return openpyxl.load_workbook(workbook)["incidents"].max_row - 1


def hand_over(demo):
    """The same incidents for a spreadsheet, a map and people."""
    step("The same as a workbook, a map and a page; each is checked against what its vault signed")
    demo.workbook, demo.map, demo.page = (written(demo, kind) for kind in ("xlsx", "geojson", "html"))
    manifest = json.loads((demo.work / "incidents.xlsx.manifest.json").read_text())
    rows = rows_of(demo.workbook)
    require(rows in (None, manifest["incidents"]), f"the workbook has {manifest['incidents']} incidents, not {rows}")
    print("  the workbook was not opened: python3-openpyxl is not installed" if rows is None else
          f"  openpyxl reads {rows} incidents in the workbook")
    points = json.loads(demo.map.read_text())["features"]
    require(len(points) == manifest["incidents"], f"the map has {manifest['incidents']} incidents, not {len(points)}")
    page = demo.page.read_text()
    require("default-src 'none'" in page and "Small numbers are protected" in page,
            "the page fetches nothing and protects small numbers")


def play(demo, conversations):
    count(demo, conversations)
    hand_over(demo)
