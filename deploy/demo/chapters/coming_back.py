# SPDX-License-Identifier: AGPL-3.0-or-later
"""A reporter comes back with nothing but the digits, on another phone and the other messenger."""
import json

from stage import indented, require, show, step

OTHER_PHONE = "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f309"
ANSWER = "Gracias por contarnos. Una doctora puede verla el jueves. ¿Le sirve en la mañana?"


class Phone:
    """Somebody's phone with Signal on it."""

    def __init__(self, demo, address):
        self.demo, self.address = demo, address

    def say(self, text, whole=False):
        """What comes back, all of it: menus and replies may be several messages."""
        ask = self.demo.standin.ask
        answer = ask(f"say signal {self.address} {json.dumps(text)}")
        require(answer["posted"] == 200, f"“{text}” was answered with {answer['posted']}")
        require(answer["reply"], f"“{text}” was not answered")
        show(text, answer["reply"], whole)
        return answer["reply"]["text"]

    def come_back(self, receipt, whole=False):
        """Digits, the language, whether it is safe to write now; what the bot says then."""
        self.say(receipt.replace(" ", ""))
        self.say("español")
        return self.say("sí", whole)


def wrong(receipt):
    """The same digits with one mistyped."""
    return receipt[:-1] + str((int(receipt[-1]) + 1) % 10)


def row(menu, words):
    """The number of the menu's row that begins so."""
    for line in menu.splitlines():
        number, _, text = line.partition(" ")
        if text.strip().lower().startswith(words.lower()):
            return number.rstrip(").")
    require(False, f"the menu has no “{words}”: {menu}")


def answer(demo, report):
    step("ana answers: sealed for that reporter, signed by her; the operator brings it to the server")
    words, replies = demo.work / "answer.txt", demo.work / "answer.reply"
    words.write_text(ANSWER)
    print(indented(demo.as_member("ana", "reply", report, "--text-file", words, "--out", replies)))
    demo.serve()
    print(indented(demo.program("resguardo-bot", "deliver", "--config", demo.config, replies)))
    found, files, _ = demo.on_the_server([ANSWER.encode(), b"Una doctora"])
    require(not found, f"the answer can be read in {found[:1]}")
    print(f"  {files} files on the server: the answer can be read in none")


def play(demo, told, report):
    """Their phone, the menu it shows, and what the bot says to digits that open nothing."""
    answer(demo, report)
    step(f"{told.name}: the same person, another phone, Signal instead of {told.channel}; first a digit wrong")
    stranger = Phone(demo, OTHER_PHONE[:-1] + "a")
    closed = stranger.come_back(wrong(told.receipt))
    phone = Phone(demo, OTHER_PHONE)
    step(f"{told.name}: now with the right ones: {told.receipt}")
    menu = phone.come_back(told.receipt, whole=True)
    require(menu != closed, "wrong digits open the same as the right ones")
    read = phone.say(row(menu, "Leer"), whole=True)
    require(ANSWER in read, "the reporter does not read what ana answered")
    return phone, phone.say("seguir"), closed
