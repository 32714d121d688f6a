# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reporter takes everything back: gone on the server, locked with whoever has it."""
from chapters.coming_back import OTHER_PHONE, Phone, row
from stage import indented, require, step


def play(demo, phone, menu, closed, told, report):
    step(f"{told.name}: takes everything back")
    media = demo.server / "data/media"
    files = len(list(media.iterdir()))
    sure = phone.say(row(menu, "Borrar"), whole=True)
    phone.say(row(sure, "Sí"), whole=True)
    left = len(list(media.iterdir()))
    require(left == files - len(demo.sent[told.name]), "the server still has their files")
    print(f"  {files - left} of {files} sealed files are gone from the server's disk")
    step(f"{told.name}: the digits open nothing any more")
    answered = Phone(demo, OTHER_PHONE[:-1] + "b").come_back(told.receipt)
    require(answered == closed, "the digits are not answered as wrong ones are")
    demo.bot.stop()
    step("The next bundle says so, signed by the reporter: locked with ana at once, erased after the hold")
    print(demo.export_bundle("after.bundle"))
    print(indented(demo.bring("ana")))
    print("\n  ana: resguardo-analyst withdrawals")
    print(indented(demo.on_screen("ana", "withdrawals")))
    print("\n  ana: resguardo-analyst show")
    print(indented(demo.on_screen("ana", "show", report, fails=True)))
    reports = [one["report"] for one in demo.read("ana", "after")]
    require(report not in reports and len(reports) > 0, "the export still has it, or has nothing")
    print(f"\n  her export: {len(reports)} reports, without it")
