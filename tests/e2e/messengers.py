# SPDX-License-Identifier: AGPL-3.0-or-later
"""The far side of both messengers, for tests: takes the bot's replies and makes signed posts.

A third reading of the services' documents, beside bot/gateway and deploy/standin."""
import base64
import hashlib
import hmac
import http.client
import http.server
import itertools
import json
import socket
import ssl
import threading
import time

import files


class Inbox:
    """What the bot sent, by address. Waits with a deadline, never for luck."""

    def __init__(self):
        self.changed = threading.Condition()
        self.messages = {}
        self.refuses = None  # a pattern: what has it is not taken
        self.refused = []

    def takes(self, text):
        """Or the messenger is out of order."""
        with self.changed:
            if not self.refuses or not self.refuses.search(text):
                return True
            self.refused.append(text)
            self.changed.notify_all()
        return False

    def wait_refused(self, seconds=30):
        with self.changed:
            self.changed.wait_for(lambda: self.refused, seconds)
            return self.refused[-1]

    def put(self, address, text):
        with self.changed:
            self.messages.setdefault(address, []).append(text)
            self.changed.notify_all()

    def count(self, address):
        with self.changed:
            return len(self.messages.get(address, []))

    def wait(self, address, above, seconds=30):
        """The newest message once there are more than `above`; None after that time."""
        with self.changed:
            if self.changed.wait_for(lambda: len(self.messages.get(address, [])) > above, seconds):
                return self.messages[address][-1]
        return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    ids = itertools.count(1)

    def log_message(self, *_):
        pass

    def answer(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        number = next(self.ids)
        if not self.server.inbox.takes(json.dumps(said, ensure_ascii=False)):
            return self.answer(503)
        if self.path.endswith("/messages"):
            if "text" in said or "interactive" in said:
                self.server.inbox.put(said["to"].lstrip("+"), json.dumps(said, ensure_ascii=False))
            return self.answer(200, {"messages": [{"id": f"wamid.SENT{number}"}]})
        if self.path == "/v2/send":
            for to in said["recipients"]:
                self.server.inbox.put(to, said["message"])
            return self.answer(201, {"timestamp": str(1790000000000 + number)})
        return self.answer(404)

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(204)

    def do_GET(self):
        if self.path == "/v1/about":
            return self.answer(200, {"mode": "json-rpc"})
        if self.path.endswith(f"/{self.server.phone_number_id}?fields=id"):
            return self.answer(200, {"id": self.server.phone_number_id})
        if not files.get(self):
            self.answer(404)

    def do_DELETE(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not files.delete(self):
            self.answer(204)


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    phone_number_id = "700800900100200"

    def __init__(self, port, inbox):
        self.inbox = inbox
        self.files = files.Files()
        self.open = set()
        super().__init__(("127.0.0.1", port), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def process_request(self, request, client_address):
        self.open.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # the bot was killed while it spoke

    def shutdown_request(self, request):
        self.open.discard(request)
        super().shutdown_request(request)

    def end(self):
        """Gone at once, connections that were kept open too."""
        self.shutdown()
        self.server_close()
        for one in list(self.open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Webhooks:
    """Posts to the bot as the two services do."""

    def __init__(self, installation):
        self.of = installation
        self.numbers = itertools.count(int(time.time() * 1000) % 10**9)
        self.ahead = 0  # seconds, of the services' clock: the bot takes nothing that is old
        self.tls = None
        if installation.tls:
            self.tls = ssl.create_default_context(cafile=str(installation.server / "tls.pem"))

    def now(self):
        return time.time() + self.ahead

    def read_secrets(self):
        folder = self.of.server / "secrets"
        read = {p.name: p.read_text().strip() for p in folder.iterdir() if p.suffix != ".key"}
        self.app, self.token = read["whatsapp.app"], read["signal.token"]
        self.verify = read["whatsapp.verify"]
        self.basic = base64.b64encode(f"bot:{self.token}".encode()).decode()

    def connect(self, port, timeout=60):
        if self.tls and port == self.of.public:
            return http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def ask(self, port, method, path, body=None, headers=(), connection=None):
        """(status, headers, body)"""
        over = connection or self.connect(port)
        try:
            over.request(method, path, body, dict(headers))
            answer = over.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            if connection is None:
                over.close()

    def signature(self, body):
        return "sha256=" + hmac.new(self.app.encode(), body, hashlib.sha256).hexdigest()

    def whatsapp(self, body, connection=None):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": self.signature(body)}
        return self.ask(self.of.public, "POST", "/webhooks/whatsapp", body, headers, connection)[0]

    def signal(self, body, connection=None):
        body = body if isinstance(body, bytes) else json.dumps(body).encode() + b"\n"
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {self.basic}"}
        return self.ask(self.of.gateway, "POST", f"/webhooks/signal/{self.token}", body, headers,
                        connection)[0]

    def admin(self, path):
        status, _, body = self.ask(self.of.admin, "GET", path)
        return status, body.decode()

    # What stands in a post.
    def wa_text(self, address, text, wamid=None):
        return {"from": address, "id": wamid or f"wamid.E2E{next(self.numbers)}",
                "timestamp": str(int(self.now())), "type": "text", "text": {"body": text}}

    def wa_file(self, address, kind, file):
        return {"from": address, "id": f"wamid.E2E{next(self.numbers)}",
                "timestamp": str(int(self.now())), "type": kind, kind: file}

    def wa_post(self, *messages, phone_number_id="700800900100200"):
        return {"object": "whatsapp_business_account", "entry": [{"id": "900100200300400", "changes": [
            {"field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "15550100000", "phone_number_id": phone_number_id},
                "messages": list(messages)}}]}]}

    def delivered(self, numbers):
        """What of our messages has reached the phones: the webhook's status."""
        post = self.wa_post()
        value = post["entry"][0]["changes"][0]["value"]
        del value["messages"]
        value["statuses"] = [{"id": f"wamid.SENT{n}", "status": "delivered", "timestamp": str(int(self.now()))}
                             for n in numbers]
        return self.whatsapp(post)

    def signal_post(self, address, text, timestamp=None, attachments=()):
        now = timestamp or 1_000 * int(self.now()) - 10**6 + next(self.numbers) % 10**6
        return {"jsonrpc": "2.0", "method": "receive", "params": {"account": "+15550100000", "envelope": {
            "source": address, "sourceNumber": None, "sourceUuid": address, "sourceName": "A.",
            "sourceDevice": 1, "timestamp": now, "dataMessage": {
                "timestamp": now, "message": text, "expiresInSeconds": 0, "viewOnce": False,
                **({"attachments": list(attachments)} if attachments else {})}}}}
