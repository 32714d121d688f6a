# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every attack of attacks.py on raw sockets, again and again: each gets the answer it is to get, and
afterwards the server has the memory and the descriptors it had, and goes on with a conversation."""
import contextlib
import os
import pathlib
import re
import socket
import ssl
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import attacks  # noqa: E402
from rig import ENDING, Case, Person, main  # noqa: E402

ROUNDS = 5
SECONDS = 3        # that a request may take
MORE_MEMORY = 8 * 1024 * 1024
SPARE = 2          # descriptors: the bot's own connections to both messengers
LISTENS = "0A"     # in /proc/net/tcp
LEAST = 150        # attacks, counted once for each listener


def statuses(answer):
    """Of all answers that came; what is no answer is told as it is."""
    found, rest = [], answer
    while rest:
        head, end, rest = rest.partition(b"\r\n\r\n")
        line = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        if not end or not line:
            return tuple(found) + (head,)
        found.append(int(line[1]))
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        rest = rest[int(length[1]) if length else 0:]
    return tuple(found)


def attack(port, sent, held=False, tls=None):
    """All that came back until the server closed the connection."""
    one = socket.create_connection(("127.0.0.1", port), timeout=60)
    with (tls.wrap_socket(one) if tls else one) as over:
        try:
            over.sendall(sent)
            if not held:
                over.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was closed in the middle: what was said before that counts
        answer = b""
        try:
            while piece := over.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


class AttackTest(Case):
    def setUp(self):
        self.rig.config = self.rig.write_configuration(
            limits={"request_seconds": SECONDS, "idle_seconds": SECONDS})
        super().setUp()
        self.ports = {"public": self.rig.public, "gateway": self.rig.gateway, "admin": self.rig.admin}
        self.process = f"/proc/{self.rig.bot.process.pid}"

    def entries(self):
        """(listener, name, bytes, expected)"""
        for listener in self.ports:
            for entry in attacks.ANYWHERE:
                yield listener, *entry
        for entry in attacks.BODIES:
            yield "public", *entry
        # The same bodies at the other listener that takes some.
        for name, sent, expected in attacks.BODIES:
            yield "gateway", name, sent.replace(attacks.WHATSAPP.encode(), b"/webhooks/signal/x"), expected
        for listener, more in (("public", attacks.PUBLIC), ("gateway", attacks.GATEWAY),
                               ("admin", attacks.ADMIN)):
            for name, sent, expected in more:
                yield listener, name, sent(self.rig.hooks) if callable(sent) else sent, expected

    def all_of_them(self):
        wrong, count = [], 0
        for listener, name, sent, expected in self.entries():
            count += 1
            answer = attack(self.ports[listener], sent)
            if statuses(answer) != expected:
                wrong.append(f"{listener}: {name}: {statuses(answer)!r} instead of {expected!r}")
        self.assertEqual(wrong, [])
        return count

    def memory(self):
        with open(f"{self.process}/status", encoding="ascii") as status:
            return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])

    def descriptors(self):
        """Without the stores' files: their readers come with the work, and are no more than the threads."""
        links = []
        for one in os.listdir(f"{self.process}/fd"):
            with contextlib.suppress(FileNotFoundError):  # closed in between
                links.append(os.readlink(f"{self.process}/fd/{one}"))
        return [link for link in links if not link.startswith(str(self.rig.server))]

    def connections(self):
        """To the listeners, that the server has not closed."""
        ours = {f"{port:04X}" for port in self.ports.values()}
        with open(f"{self.process}/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table][1:]
        accepted = {f"socket:[{row[9]}]" for row in rows if row[1].split(":")[1] in ours and row[3] != LISTENS}
        return len(accepted.intersection(self.descriptors()))

    def assertAllClosed(self):
        for _ in range(400):
            if self.connections() == 0:
                return
            threading.Event().wait(0.05)
        self.fail(f"{self.connections()} connections are open")

    def test_each_gets_its_answer_and_the_server_stays_as_it_was(self):
        person = Person(self.rig, "whatsapp", 1)
        person.consent()
        person.say("antes del ataque")
        count = self.all_of_them()
        self.assertGreaterEqual(count, LEAST)
        self.assertAllClosed()
        memory, descriptors = self.memory(), len(self.descriptors())
        for _ in range(ROUNDS - 1):
            self.all_of_them()
        grown = self.memory() - memory
        print(f"{count} attacks {ROUNDS} times: {grown / 1024:.0f} KiB more memory after the first round",
              file=sys.stderr)
        self.assertLess(grown, MORE_MEMORY)
        self.assertAllClosed()
        self.assertLessEqual(len(self.descriptors()), descriptors + SPARE)
        self.assertEqual(self.rig.hooks.admin("/healthz")[0], 200)
        self.assertEqual(self.rig.hooks.admin("/readyz")[0], 200)
        person.say("después del ataque", *ENDING)
        self.assertTold(self.rig.read_reports(), "antes del ataque", "después del ataque")

    def test_a_connection_that_stays_is_seen(self):
        """The yardstick itself."""
        with socket.create_connection(("127.0.0.1", self.rig.public)) as one:
            one.sendall(attacks.NEXT)
            self.assertEqual(statuses(one.recv(65536)), (404,))
            self.assertEqual(self.connections(), 1)
        self.assertAllClosed()

    def test_what_is_never_ended_is_cut(self):
        answers, threads = {}, []

        def hold(listener, name, sent):
            answers[listener, name] = statuses(attack(self.ports[listener], sent, held=True))
        for name, sent, _ in attacks.HELD:
            for listener in ("public", "gateway"):
                path = sent.replace(attacks.WHATSAPP.encode(), b"/webhooks/signal/x")
                one = threading.Thread(target=hold, args=(listener, name, sent if listener == "public" else path))
                threads.append(one)
                one.start()
        for one in threads:
            one.join(60)
        self.assertEqual(answers, {(listener, name): expected for name, _, expected in attacks.HELD
                                   for listener in ("public", "gateway")})
        self.assertAllClosed()

    def test_all_refusals_of_a_listener_are_the_same_bytes(self):
        for listener, entries in (("public", attacks.PUBLIC), ("gateway", attacks.GATEWAY)):
            refused = {attack(self.ports[listener], sent(self.rig.hooks)) for _, sent, expected in entries
                       if expected == (403,) and callable(sent)}
            self.assertEqual(len(refused), 1, refused)
            self.assertIn(b"Content-Length: 0\r\n", *refused)
        person = Person(self.rig, "whatsapp", 2)
        hooks = self.rig.hooks
        taken = {attack(self.rig.public, attacks.wa(body)(hooks)) for body in (
            hooks.wa_post(hooks.wa_text(person.address, "hola")), b"{}", b"no json",
            hooks.wa_post(hooks.wa_text(person.address, "hola"), phone_number_id="1"))}
        self.assertEqual(len(taken), 1, taken)

    def test_a_flood_of_refusals_is_for_whoever_sends_them(self):
        """Through a proxy that is believed: its other clients go on, and Meta's signed posts too."""
        self.rig.bot.stop()
        self.rig.bot.command[-1] = str(self.rig.write_configuration(
            "proxy.toml", server={"trusted_proxies": ["127.0.0.1"]}, limits={"refusals_per_minute": 10}))
        self.addCleanup(self.rig.bot.command.__setitem__, -1, str(self.rig.config))
        self.rig.bot.start()
        hooks = self.rig.hooks

        def ask(address, signed):
            headers = {"X-Forwarded-For": f"203.0.113.77, {address}"}
            if signed:
                headers["X-Hub-Signature-256"] = hooks.signature(b"{}")
            return hooks.ask(self.rig.public, "POST", attacks.WHATSAPP, b"{}", headers)[0]
        self.assertEqual([ask("198.51.100.1", False) for _ in range(10)], [403] * 10)
        self.assertEqual(ask("198.51.100.1", False), 429)
        self.assertEqual(ask("198.51.100.2", False), 403)
        self.assertEqual([ask("198.51.100.3", True) for _ in range(100)], [200] * 100)


class TlsAttackTest(Case):
    rig_options = {"tls": True}

    def test_what_is_no_handshake_is_closed(self):
        hello = b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"
        for name, sent in {"plain text": attacks.NEXT, "zeros": b"\0" * 1000, "all bytes": bytes(range(256)),
                           "half a hello": hello[:6], "a hello of nothing": hello,
                           "a record that claims much": b"\x16\x03\x01\xff\xff" + b"\1" * 100,
                           "an alert": b"\x15\x03\x01\x00\x02\x02\x28",
                           "another version": b"\x16\x02\x00\x00\x05\x01\x00\x00\x01\x00"}.items():
            with self.subTest(name):
                self.assertNotIn(b"HTTP/1.1", attack(self.rig.public, sent))
        Person(self.rig, "whatsapp", 3).consent()

    def test_the_same_answers_inside_of_it(self):
        tls = ssl.create_default_context(cafile=str(self.rig.server / "tls.pem"))
        tls.check_hostname = False
        for name, sent, expected in attacks.FRAMING[:20]:
            with self.subTest(name):
                self.assertEqual(statuses(attack(self.rig.public, sent, held=True, tls=tls)), expected)


if __name__ == "__main__":
    main()
