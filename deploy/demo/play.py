# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plays the whole line with real programs and throw-away keys; deploy/demo.sh calls it.

Exit 0 only if all of it holds: every report came back word for word to two organisations, neither
of which reads alone who told it; the proof fits and a changed one does not; a reporter who came back
read the answer and took the report back; what is left are incidents that can be asked for, as a table,
a workbook, a map and a page."""
import argparse
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chapters import coming_back, counting, proving, reading, taking_back, telling, together  # noqa: E402
from stage import Demo, Failed, step  # noqa: E402


def play(demo):
    demo.make_keys()
    demo.make_server()
    conversations = telling.play(demo)
    found = reading.play(demo, conversations)
    together.play(demo, conversations, found)
    returning = next(told for told in conversations if told.name == "es-whatsapp")
    report = found[returning.name]
    proving.play(demo, report)
    phone, menu, closed = coming_back.play(demo, returning, report)
    taking_back.play(demo, phone, menu, closed, returning, report)
    counting.play(demo, conversations)
    step(f"Everything is in {demo.work}")
    for what, where in (("bundle", demo.bundle), ("reports", demo.csv), ("table", demo.incidents),
                        ("counts", demo.statistics), ("workbook", demo.workbook), ("map", demo.map),
                        ("page", demo.page)):
        print(f"  {what:<8}  {where}")
    print("  keys      throw-away: delete the folder when done")


def chat(demo, channel):
    demo.make_keys()
    demo.make_server()
    demo.serve()
    address = "15550100001" if channel == "whatsapp" else "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"
    print(f"\nYou write to the bot over {channel}. /2 taps the second choice, /quit ends.\n")
    try:
        subprocess.run([str(c) for c in demo.standin_command()] +
                       ["chat", "--channel", channel, "--address", address], check=False)
    except KeyboardInterrupt:
        pass
    demo.bot.stop()
    print(demo.export_bundle())
    for name in ("ana", "luis"):
        print(f"\n{name}: " + demo.bring(name))
    print(demo.of("ana", "list"))
    for report in json.loads(demo.of("ana", "list", "--json"))["reports"]:
        step("What ana reads alone")
        print(demo.of("ana", "show", report["report"]))
        step("What ana reads once luis of the other organisation has given his share")
        request, _ = together.ask(demo, "ana", report["report"], "the chat is over")
        demo.as_member("ana", "quorum", "combine", together.give(demo, "luis", request))
        print(demo.of("ana", "show", report["report"]))
    print(f"\nAll of it is in {demo.work}; the keys are throw-away.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--chat", choices=("whatsapp", "signal"))
    arguments = parser.parse_args()
    demo = Demo(arguments.bin, arguments.tls)
    try:
        if arguments.chat:
            chat(demo, arguments.chat)
        else:
            play(demo)
    except Failed as failure:
        print(f"\ndemo: FAILED: {failure}\n  what there is lies in {demo.work}", file=sys.stderr)
        return 1
    finally:
        demo.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
