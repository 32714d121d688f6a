# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must look alike takes alike: the time from a message to the end of its webhook, and to its reply.

The two kinds come mixed, in random order. Whether their times differ is asked by ranks (Mann and Whitney, 1947), which no
single slow turn upsets: |z| above 4.5 is a difference, as dudect has it for t. Where there is none, one run in 150,000 says so.
A difference of the medians below a millisecond is none: over a messenger's way nobody sees it, and with pairs enough a
processor's caches show in it (somebody who has just left is still in memory: 0.1 ms, z = -4 with 800 pairs)."""
import concurrent.futures
import math
import pathlib
import random
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from return_test import RECEIPT, ReturnCase  # noqa: E402
from rig import Person, main  # noqa: E402

DIFFERENT = 4.5
VISIBLE = 0.001  # seconds
PAIRS = 60
RECEIPTS = 40
DURESS = "gracias por la receta"
# Damm's quasigroup of order 10 (2004), which receipts end by.
DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134",
        "8945362017", "9438617205", "2581436790"]  # fmt: skip


def check_digit(digits):
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return str(interim)


def rank_z(ones, others):
    """How far the ranks of `ones` among both are from chance, in standard deviations."""
    both = sorted([(value, 0) for value in ones] + [(value, 1) for value in others])
    n, m = len(ones), len(others)
    ranks = sum(rank for rank, (_, kind) in enumerate(both, 1) if kind == 0)
    return (ranks - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)


class TimingTest(ReturnCase):
    numbers = iter(range(1, 9000))

    def person(self, channel="whatsapp"):
        return Person(self.rig, channel, next(self.numbers))

    def timed(self, person, text):
        """(until the webhook's answer, until the reply) and the reply."""
        before = self.rig.inbox.count(person.address)
        begun = time.perf_counter()
        self.assertEqual(person.post(text), 200)
        answered = time.perf_counter() - begun
        reply = self.rig.inbox.wait(person.address, before)
        return (answered, time.perf_counter() - begun), reply

    def assertTakeAlike(self, what, ones, others):
        for at, moment in enumerate(("webhook", "reply")):
            a, b = ([times[at] for times in kind] for kind in (ones, others))
            z, medians = rank_z(a, b), [statistics.median(kind) for kind in (a, b)]
            print(f"\n{what}, {moment}: {len(a)} and {len(b)}, medians {medians[0] * 1000:.2f} and "
                  f"{medians[1] * 1000:.2f} ms, z = {z:+.2f}", file=sys.stderr, end=" ")
            self.assertFalse(abs(z) > DIFFERENT and abs(medians[0] - medians[1]) > VISIBLE,
                             f"{what}: the {moment} tells them apart")

    def mixed(self, one, other, count):
        """Each `count` times in random order: lists of what they returned."""
        order = [True, False] * count
        random.shuffle(order)
        results = {True: [], False: []}
        for kind in order:
            results[kind].append(one() if kind else other())
        return results[True], results[False]

    def test_leaving_and_leaving_under_duress(self):
        def leaving(word):
            def leave():
                person = self.person()
                person.consent()
                times, reply = self.timed(person, word)
                replies.setdefault(word, set()).add(reply.replace(person.address, "-"))
                return times
            return leave
        replies = {}
        self.assertTakeAlike("exit and duress", *self.mixed(leaving("salir"), leaving(DURESS), PAIRS))
        self.assertEqual(replies["salir"], replies[DURESS])

    def test_who_began_and_left_and_a_stranger(self):
        def coming(began):
            def come():
                """The same messages go before both, a third person's last: a server that just worked answers sooner
                than one that rested, and somebody whose last reply is on its way waits for it."""
                before = self.person()
                before.say("hola", "1", "si", "salir")
                self.person().say("hola")
                person = before if began else self.person()
                times, reply = self.timed(person, "hola")
                replies.setdefault(began, set()).add(reply.replace(person.address, "-"))
                return times
            return come
        replies = {}
        self.assertTakeAlike("left before consent and stranger", *self.mixed(coming(True), coming(False), PAIRS))
        self.assertEqual(replies[True], replies[False])

    def test_right_and_wrong_receipts(self):
        def right():
            return self.person("signal"), receipts.pop(), True

        def wrong():
            digits = "".join(random.choice("0123456789") for _ in range(23))
            return self.person("signal"), digits + check_digit(digits), False

        def come_back(case):
            person, digits, is_right = case
            times, reply = self.timed(person, digits)
            return times, reply, is_right, person

        receipts = [RECEIPT.search(self.person().tell_all("una historia")).group(0).replace(" ", "") for _ in range(RECEIPTS)]
        self.assertTrue(all(check_digit(one[:-1]) == one[-1] for one in receipts))
        cases = [case for pair in zip(*self.mixed(right, wrong, RECEIPTS)) for case in pair]
        random.shuffle(cases)
        with concurrent.futures.ThreadPoolExecutor(4) as several:
            results = list(several.map(come_back, cases))
        times = {kind: [each for each, _, is_right, _ in results if is_right == kind] for kind in (True, False)}
        self.assertTakeAlike("right and wrong receipts", times[True], times[False])

    def test_ranks_see_a_difference(self):
        """The yardstick itself: who is later by the spread is seen, chance is not."""
        chance = random.Random(4)
        one = [chance.gauss(10, 1) for _ in range(PAIRS)]
        self.assertLess(abs(rank_z(one, [chance.gauss(10, 1) for _ in range(PAIRS)])), DIFFERENT)
        self.assertGreater(abs(rank_z(one, [chance.gauss(11, 1) for _ in range(PAIRS)])), DIFFERENT)


if __name__ == "__main__":
    main()
