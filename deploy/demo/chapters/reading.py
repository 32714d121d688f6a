# SPDX-License-Identifier: AGPL-3.0-or-later
"""Analysts of two organisations open a bundle offline: what happened, and not yet who told it."""
from installation import strings
from stage import indented, require, step


def texts_of(reports):
    return {report["report"]: set(strings(report)) for report in reports}


def report_of(told, reports):
    """The report that this conversation became: most of its words are there."""
    texts = texts_of(reports)
    best = max(texts, key=lambda report: sum(words in texts[report] for words in told.words))
    require(any(words in texts[best] for words in told.words), f"{told.name}: no report has a word of it")
    return best


def play(demo, conversations):
    step("The operator exports a sealed bundle")
    print(demo.export_bundle())
    step("Offline: anybody checks it without a key, and each analyst opens it with their own")
    print(demo.program("resguardo-analyst", "verify", demo.bundle, "--root", demo.work / "root.key.pub").strip())
    for name in demo.analysts:
        print(f"\n  {name}: resguardo-analyst import")
        print(indented(demo.bring(name)))
    step(f"The table, as {demo.analysts[0]} sees it")
    print(demo.of(demo.analysts[0], "list"))
    reads = [demo.read(name, "alone") for name in demo.analysts]
    require(all(one == reads[0] for one in reads), "the analysts read different things")
    require(len(reads[0]) == len(conversations),
            f"{len(conversations)} people told something, {len(reads[0])} reports came back")
    step("What one analyst reads alone")
    texts = texts_of(reads[0])
    found = {told.name: report_of(told, reads[0]) for told in conversations}
    require(len(set(found.values())) == len(conversations), "two conversations became one report")
    for told in conversations:
        here = sum(words in texts[found[told.name]] for words in told.words)
        sealed = len(told.words) - here
        print(f"  {told.name}: {here} of {len(told.words)} answers in their own words"
              + (f"; {sealed} say who it is, and stay sealed" if sealed else ""))
    require(all("sealed-for-quorum" in report["flags"] for report in reads[0]),
            "an identity is open to one organisation")
    return found
