# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who told it: one organisation alone never opens that, both together do."""
import hashlib

from chapters.reading import texts_of
from stage import indented, require, step

CONTACT = "usuaria.demo.99"  # what the Spanish conversation says of how to reach her


def contacts(demo, name, report):
    return CONTACT in demo.of(name, "show", report)


def say(name, line):
    print(f"\n  {name}: {line}")


def ask(demo, asker, report, reason):
    request = demo.work / f"{asker}-{len(list(demo.work.glob('*.request')))}.request"
    told = demo.as_member(asker, "quorum", "request", report, "--reason", reason, "--out", request)
    return request, told


def give(demo, giver, request):
    grant = request.with_suffix(f".{giver}")
    demo.as_member(giver, "quorum", "grant", request, "--out", grant)
    return grant


def one_house_alone(demo, report):
    step("One organisation alone does not open who told it, not even with all its members")
    for name in demo.analysts:
        require(not contacts(demo, name, report), f"{name} reads the contact alone")
    request, told = ask(demo, "luis", report, "we want to call her")
    say("luis", "resguardo-analyst quorum request")
    print(indented(told))
    grant = give(demo, "eva", request)
    say("luis", "resguardo-analyst quorum combine, with what eva of the same house gave")
    print(indented(demo.as_member("luis", "quorum", "combine", grant, fails=True)))
    for name in demo.analysts:
        require(not contacts(demo, name, report), f"{name} reads the contact with one house's shares")


def both_together(demo, report):
    step("Both organisations together open it")
    request, told = ask(demo, "ana", report, "she asked for a doctor: how do we reach her?")
    say("ana", "resguardo-analyst quorum request")
    print(indented(told))
    say("luis", "resguardo-analyst quorum grant: without --out he only reads what is asked")
    print(indented(demo.as_member("luis", "quorum", "grant", request)))
    grant = give(demo, "luis", request)
    require(CONTACT.encode() not in grant.read_bytes(), "the grant shows the contact")
    say("ana", "resguardo-analyst quorum combine")
    print(indented(demo.as_member("ana", "quorum", "combine", grant)))
    shown = demo.of("ana", "show", report).splitlines()
    at = next((n for n, line in enumerate(shown) if CONTACT in line), None)
    require(at is not None, "together, they do not read the contact")
    say("ana", "resguardo-analyst show")
    print(indented("\n".join(shown[max(0, at - 1):at + 1])))
    require(not contacts(demo, "eva", report), "who was given nothing reads the contact")
    say("ana", "resguardo-analyst journal")
    journal = demo.of("ana", "journal")
    print(indented(journal))
    require("opened together" in journal, "the journal does not say that it was opened")


def all_of_it(demo, conversations, found):
    """The rest, for ana and luis, each asking the other's house."""
    step("Word for word: ana and luis open every report, each with a share of the other")
    for asker, giver in (("ana", "luis"), ("luis", "ana")):
        for told in conversations:
            report = found[told.name]
            if asker == "ana" and contacts(demo, asker, report):
                continue
            request, _ = ask(demo, asker, report, "to compare what came with what was told")
            demo.as_member(asker, "quorum", "combine", give(demo, giver, request))
    reads = [demo.read(name, "together") for name in ("ana", "luis")]
    require(reads[0] == reads[1], "the two organisations read different things")
    texts = texts_of(reads[0])
    for told in conversations:
        lacking = [words for words in told.words if words not in texts[found[told.name]]]
        require(not lacking, f"{told.name}: {len(lacking)} answers did not come back")
        print(f"  {told.name}: {len(told.words)} answers, {sum(map(len, told.words))} characters, exactly as written")
    kills = sum(told.kills for told in conversations)
    print(f"  the bot was killed {kills} times (SIGKILL), in the middle of each of {len(conversations)} conversations")
    for name in ("ana", "luis"):
        compare_files(demo, name)
    print(f"  {sum(map(len, demo.sent.values()))} files from {len(demo.sent)} conversations, bit for bit")


def compare_files(demo, name):
    """Every file is there, bit for bit, and no other."""
    folder = demo.work / f"{name}-files"
    demo.of(name, "export", "--format", "ndjson", "--out", demo.work / f"{name}-media.ndjson", "--media", folder)
    here = [hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()]
    for conversation, sent in demo.sent.items():
        lacking = sent - set(here)
        require(not lacking, f"{conversation}: {len(lacking)} of {len(sent)} files did not come back to {name}")
    require(len(here) == sum(map(len, demo.sent.values())), f"{name} has files that nobody sent")


def play(demo, conversations, found):
    report = found["es-whatsapp"]
    one_house_alone(demo, report)
    both_together(demo, report)
    all_of_it(demo, conversations, found)
    demo.csv = demo.work / "reports.csv"
    demo.of("ana", "export", "--format", "csv", "--out", demo.csv)
