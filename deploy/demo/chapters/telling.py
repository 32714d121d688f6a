# SPDX-License-Identifier: AGPL-3.0-or-later
"""People tell what happened, and the bot is killed in the middle of each."""
import dataclasses
import json
import pathlib
import re
import time

from stage import Failed, require, show, step

CONVERSATIONS = pathlib.Path(__file__).parent.parent / "conversations"
RECEIPT = re.compile(r"\d{4}( \d{4}){5}")


@dataclasses.dataclass
class Told:
    """A conversation as its reporter remembers it."""
    name: str
    channel: str = ""
    address: str = ""
    words: list = dataclasses.field(default_factory=list)  # must come back exactly
    receipt: str = ""
    kills: int = 0


def refusals(demo):
    step("Webhooks refuse what is not signed")
    good = demo.standin.ask("handshake good")
    wrong = demo.standin.ask("handshake wrong")
    post = demo.work / "post.json"
    post.write_text('{"object":"whatsapp_business_account","entry":[]}')
    seen = {"handshake": good["posted"], "wrong verify token": wrong["posted"]}
    for proof in ("good", "wrong", "none"):
        seen[f"WhatsApp post, signature {proof}"] = demo.standin.ask(f"post-raw whatsapp {post} {proof}")["posted"]
        seen[f"Signal post, credentials {proof}"] = demo.standin.ask(f"post-raw signal {post} {proof}")["posted"]
    for what, status in seen.items():
        print(f"  {status}  {what}")
    require(list(seen.values()) == [200, 403] + [200, 200, 403, 403, 403, 403],
            "a webhook took what it must refuse, or refused what it must take")


def without_copies(demo, seconds=30):
    """Waits until no messenger has a copy of a file."""
    until = time.monotonic() + seconds
    while any((left := demo.standin.ask("files")["files"]).values()):
        require(time.monotonic() < until, f"files are left with the messengers: {left}")
        time.sleep(0.05)


def kill(demo, told):
    # A kill while a file comes is shown by tests/e2e/media_test.py; here every copy is to be gone at the end.
    without_copies(demo)
    print("  -- the bot is killed (SIGKILL) and started again --")
    demo.bot.kill()
    demo.bot.start()
    told.kills += 1


def command_of(demo, told, verb, rest):
    """What the stand-in is asked to do for a line, and what is shown of it."""
    to = f"{told.channel} {told.address}"
    if verb == "long":
        count, _, piece = rest.partition(" ")
        rest = (piece * (int(count) // len(piece) + 1))[:int(count)]
    text = rest.replace("\\n", "\n")
    if verb in ("tell", "long"):
        told.words.append(text)
    if verb in ("photo", "voice"):
        media_type, path = demo.make_file(told.name, verb, rest)
        return f"attach {to} {media_type} {path}", f"({verb}, {rest} KiB)"
    if verb in ("tap", "locate"):
        return f"{verb} {to} {text}", text
    return f"say {to} {json.dumps(text)}", text


def converse(demo, file):
    """Plays one conversation, the bot killed in its middle."""
    told = Told(file.stem)
    for line in file.read_text().splitlines():
        verb, _, rest = line.partition(" ")
        if not line or verb == "#":
            continue
        if verb == "channel":
            told.channel, told.address, *how = rest.split()
            step(f"{file.stem}: somebody writes over {told.channel}")
            demo.speak_to_signal("daemon" in how)
            continue
        if verb == "kill":
            kill(demo, told)
            continue
        command, text = command_of(demo, told, verb, rest)
        answer = demo.standin.ask(command)
        if answer["posted"] != 200:
            raise Failed(f"{file.name}: “{line[:60]}” was answered with {answer['posted']}")
        show(text, answer.get("reply"))
        if found := RECEIPT.search((answer.get("reply") or {}).get("text", "")):
            told.receipt = found.group(0)
    require(told.kills > 0, f"{file.name}: nothing was killed in its middle")
    require(told.receipt, f"{file.name}: no receipt came")
    return told


def hunt(demo, conversations):
    step("What lies on the server's disk holds none of it")
    needles = [words.encode() for told in conversations for words in told.words]
    needles += [told.address.encode() for told in conversations]
    needles += [digits.encode() for told in conversations
                for digits in (told.receipt, told.receipt.replace(" ", ""))]
    found, files, size = demo.on_the_server(needles)
    require(not found, f"{found[:1]} holds what somebody wrote, or who, or their receipt")
    print(f"  {files} files, {size} bytes: no word, no sender, no receipt")


def files_have_left(demo):
    step("No messenger has a copy of a file any more")
    without_copies(demo)
    kept = list((demo.server / "data/media").iterdir())
    print(f"  {sum(map(len, demo.sent.values()))} were sent, {len(kept)} lie sealed on the server's disk")


def play(demo):
    step("The bot serves; the stand-in plays both messengers" + (", over TLS" if demo.tls else ""))
    demo.open_messengers()
    demo.serve()
    refusals(demo)
    conversations = [converse(demo, file) for file in sorted(CONVERSATIONS.glob("*.txt"))]
    hunt(demo, conversations)
    files_have_left(demo)
    demo.bot.stop()
    return conversations
