# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reports say in the terms of the field: the table of incidents, and how many."""
import json

from stage import indented, require, step


def play(demo, conversations):
    step("The table of incidents, of what nobody took back")
    print(indented(demo.of("ana", "incidents")))
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
    demo.page = demo.work / "report.html"
    demo.of("ana", "export", "--format", "html", "--out", demo.page)
    page = demo.page.read_text()
    require("default-src 'none'" in page and "Small numbers are protected" in page,
            "the same as one page for people, which fetches nothing and protects small numbers")
