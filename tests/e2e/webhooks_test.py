# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may arrive at the webhooks: the answers of the contract, and one stored answer a message."""
import json
import pathlib
import socket
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from rig import ENDING, Case, Person, main, stories  # noqa: E402

BODY_LIMIT = 300_000


class WebhooksTest(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rig.settings["limits"]["body_bytes"] = "300KB"
        cls.rig.write_configuration()

    def setUp(self):
        super().setUp()
        self.hooks = self.rig.hooks

    def teller(self, number, channel="whatsapp"):
        """Somebody who has consented, and is asked for the story."""
        person = Person(self.rig, channel, number)
        person.consent()
        return person

    def wa(self, person, text, wamid=None):
        return self.hooks.wa_text(person.address, text, wamid)

    def posted(self, *messages):
        self.assertEqual(self.hooks.whatsapp(self.hooks.wa_post(*messages)), 200)

    def finish(self, person, *parts):
        person.say(*ENDING)
        return self.assertTold(self.rig.read_reports(), *parts)

    # Repeats and batches.
    def test_the_same_whatsapp_post_twice_is_one_answer(self):
        person = self.teller(1)
        post = json.dumps(self.hooks.wa_post(self.wa(person, "una vez"))).encode()
        self.assertEqual([self.hooks.whatsapp(post) for _ in range(3)], [200] * 3)
        self.finish(person, "una vez")

    def test_the_same_signal_post_twice_is_one_answer(self):
        person = self.teller(2, "signal")
        post = self.hooks.signal_post(person.address, "una vez por Signal")
        self.assertEqual([self.hooks.signal(post) for _ in range(3)], [200] * 3)
        self.finish(person, "una vez por Signal")

    def test_the_same_post_after_a_restart_is_one_answer(self):
        person = self.teller(3)
        post = self.hooks.wa_post(self.wa(person, "antes y después"))
        self.assertEqual(self.hooks.whatsapp(post), 200)
        self.rig.bot.kill()
        self.rig.bot.start()
        self.assertEqual(self.hooks.whatsapp(post), 200)
        self.finish(person, "antes y después")

    def test_the_same_wamid_twice_in_one_post_is_one_answer(self):
        person = self.teller(4)
        message = self.wa(person, "dos veces en un correo")
        self.posted(message, message, self.wa(person, "otra"))
        self.finish(person, "dos veces en un correo", "otra")

    def test_a_bad_message_costs_only_itself(self):
        person = self.teller(5)
        bad = [{"type": "text"}, 7, None, {**self.wa(person, "x"), "id": None},
               {**self.wa(person, "x"), "from": {"a": []}}, {**self.wa(person, "x"), "text": []}]
        self.posted(self.wa(person, "primera"), *bad, self.wa(person, "segunda"))
        self.finish(person, "primera", "segunda")

    def test_one_post_of_a_thousand_updates_from_one_person(self):
        person = self.teller(6)
        parts = [f"parte {n}" for n in range(1000)]
        self.posted(*(self.wa(person, part) for part in parts))
        self.finish(person, *parts)

    def test_one_post_of_a_thousand_updates_from_fifty_people(self):
        people = [self.teller(100 + n) for n in range(50)]
        batch = [self.wa(people[n % 50], f"{n % 50}: {n}") for n in range(1000)]
        self.posted(*batch)
        for person in people:
            person.say(*ENDING)
        reports = self.rig.read_reports()
        for number in range(50):
            self.assertTold(reports, *(f"{number}: {n}" for n in range(number, 1000, 50)))

    def test_posts_for_another_number_and_another_account_are_taken_and_ignored(self):
        person, other = self.teller(7), self.teller(8, "signal")
        self.assertEqual(self.hooks.whatsapp(self.hooks.wa_post(
            self.wa(person, "no es para nosotros"), phone_number_id="1")), 200)
        post = self.hooks.signal_post(other.address, "no es para nosotros")
        post["params"]["account"] = "+15550199999"
        self.assertEqual(self.hooks.signal(post), 200)
        person.say("sí es", *ENDING)
        other.say("sí es por Signal", *ENDING)
        reports = self.rig.read_reports()
        self.assertTold(reports, "sí es")
        self.assertTold(reports, "sí es por Signal")

    def test_two_connections_deliver_the_same_messages_at_once(self):
        person = self.teller(9)
        posts = [self.hooks.wa_post(self.wa(person, f"carrera {n}")) for n in range(20)]
        answers = []

        def deliver():
            answers.extend(self.hooks.whatsapp(post) for post in posts)
        threads = [threading.Thread(target=deliver) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.assertEqual(answers, [200] * 80)
        person.say(*ENDING)
        # Their order is that of arrival, which four connections do not fix.
        told = [sorted(stories(r)) for r in self.rig.read_reports()]
        self.assertEqual(told.count(sorted(f"carrera {n}" for n in range(20))), 1)

    # Odd bytes.
    def test_texts_come_back_exactly(self):
        person, other = self.teller(10), self.teller(11, "signal")
        texts = ["ñ é ü – “¿quién?” 🙏🏽 👨‍👩‍👧‍👦", "línea\nlínea\r\ttab", "con NUL \x00 en medio", "x" * 4000,
                 "\u202eal revés\u202c \ufeff fin", "1) <b>&amp;\\\"'"]
        person.say(*texts, *ENDING)
        other.say(*texts, "y" * 20_000, *ENDING)
        reports = self.rig.read_reports()
        self.assertTold(reports, *texts)
        self.assertTold(reports, *texts, "y" * 20_000)

    def test_lone_surrogates_become_replacement_characters(self):
        person = self.teller(12)
        post = self.hooks.wa_post(self.wa(person, "SOLO"))
        raw = json.dumps(post).encode().replace(b"SOLO", rb"a\ud83db\udc00c")
        self.assertEqual(self.hooks.whatsapp(raw), 200)
        self.finish(person, "a\ufffdb\ufffdc")

    def test_what_does_not_parse_is_answered_200_and_stores_nothing(self):
        person = self.teller(13)
        message = json.dumps(self.hooks.wa_post(self.wa(person, "MALO"))).encode()
        bodies = [b"", b"{", b"null", b"[]", b"\xff\xfe", message[:-1],
                  message.replace(b"MALO", b"\xc3\x28"), message.replace(b"MALO", b"\xed\xa0\x80"),
                  message.replace(b"MALO", b"\x00"), b"[" * 100_000, b'{"a":' * 40_000,
                  b'{"object":"whatsapp_business_account","entry":' + b"[" * 5000 + b"]" * 5000 + b"}"]
        for body in bodies:
            with self.subTest(body=body[:40]):
                self.assertEqual(self.hooks.whatsapp(body), 200)
                self.assertEqual(self.hooks.signal(body), 200)
        person.say("entera")
        self.finish(person, "entera")

    # Limits.
    def padded(self, message, size):
        post = json.dumps(self.hooks.wa_post(message)).encode()
        return post + b" " * (size - len(post))

    def test_a_body_at_the_limit_is_taken_and_one_byte_more_refused(self):
        person = self.teller(14)
        self.assertEqual(self.hooks.whatsapp(self.padded(self.wa(person, "justo"), BODY_LIMIT)), 200)
        self.assertEqual(
            self.hooks.whatsapp(self.padded(self.wa(person, "de más"), BODY_LIMIT + 1)), 413)
        self.finish(person, "justo")

    def test_too_much_is_refused_before_any_of_it_is_read(self):
        for length in (BODY_LIMIT + 1, 10**12):
            with socket.create_connection(("127.0.0.1", self.rig.public), 10) as wire:
                wire.sendall(f"POST /webhooks/whatsapp HTTP/1.1\r\nHost: bot\r\nContent-Length: {length}"
                             "\r\n\r\n".encode())
                self.assertTrue(wire.recv(4096).startswith(b"HTTP/1.1 413 "))

    def test_a_chunked_body_over_the_limit_is_refused(self):
        with socket.create_connection(("127.0.0.1", self.rig.public), 10) as wire:
            wire.sendall(b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: bot\r\nTransfer-Encoding: chunked"
                         b"\r\n\r\n" + f"{BODY_LIMIT + 1:x}\r\n".encode())
            self.assertTrue(wire.recv(4096).startswith(b"HTTP/1.1 413 "))

    # Refusals.
    def test_every_refusal_looks_the_same(self):
        body = json.dumps(self.hooks.wa_post(self.hooks.wa_text("15550209999", "nadie"))).encode()
        good = self.hooks.signature(body)
        seen = []
        for signature in (None, "", "sha256=", good[:-1], good + "0", good.upper(), "sha1=" + "0" * 40,
                          "sha256=" + "0" * 64, self.hooks.signature(body + b" "), good[7:]):
            headers = {} if signature is None else {"X-Hub-Signature-256": signature}
            seen.append(self.hooks.ask(self.rig.public, "POST", "/webhooks/whatsapp", body, headers))
        seen.append(self.hooks.ask(self.rig.public, "GET", "/webhooks/whatsapp?hub.mode=subscribe&"
                                   "hub.challenge=1158201444&hub.verify_token=wrong"))
        seen.append(self.hooks.ask(self.rig.public, "GET", "/webhooks/whatsapp"))
        token, basic = self.hooks.token, {"Authorization": "Basic " + self.hooks.basic}
        for path, headers in (("/webhooks/signal/" + "x" * len(token), basic),
                              ("/webhooks/signal/", basic), (f"/webhooks/signal/{token}", {}),
                              (f"/webhooks/signal/{token}x", basic),
                              (f"/webhooks/signal/{token}", {"Authorization": "Basic Ym90Ong="})):
            seen.append(self.hooks.ask(self.rig.gateway, "POST", path, body, headers))
        for status, headers, content in seen:
            self.assertEqual((status, content, headers), (403, b"", seen[0][1]))

    def test_the_handshake_gives_the_challenge_back(self):
        status, _, body = self.hooks.ask(
            self.rig.public, "GET", "/webhooks/whatsapp?hub.verify_token=" + self.hooks.verify +
            "&hub.challenge=1158201444&hub.mode=subscribe")
        self.assertEqual((status, body), (200, b"1158201444"))

    def test_every_other_path_is_404(self):
        for port, method, path in ((self.rig.public, "GET", "/"), (self.rig.public, "POST", "/webhooks"),
                                   (self.rig.public, "GET", "/metrics"),
                                   (self.rig.public, "POST", "/webhooks/signal/" + self.hooks.token),
                                   (self.rig.public, "DELETE", "/webhooks/whatsapp"),
                                   (self.rig.public, "POST", "/webhooks/whatsapp/"),
                                   (self.rig.gateway, "GET", "/webhooks/signal/" + self.hooks.token),
                                   (self.rig.gateway, "POST", "/webhooks/whatsapp"),
                                   (self.rig.admin, "GET", "/webhooks/whatsapp"),
                                   (self.rig.admin, "POST", "/metrics")):
            with self.subTest(path=path, method=method):
                status, _, body = self.hooks.ask(port, method, path)
                self.assertEqual((status, body), (404, b""))


if __name__ == "__main__":
    main()
