# SPDX-License-Identifier: AGPL-3.0-or-later
"""signal-cli's own HTTP daemon, for tests: JSON-RPC and an event stream, receive mode on-connection.

What people write while nobody listens waits here, as it would on Signal's servers."""
import base64
import collections
import json
import select
import threading
import time
import urllib.parse

import messengers

ACCOUNT = "+15550100000"


class Handler(messengers.Handler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/api/v1/rpc":
            return self.answer(404)
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            return self.answer(415)
        return self.answer(200, {"jsonrpc": "2.0", "id": said["id"], **self.server.called(said)})

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        if url.path != "/api/v1/events":
            return self.answer(404)
        if urllib.parse.parse_qs(url.query).get("account") != [self.server.account]:
            return self.answer(400)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        self.server.stream(self.piece, self.gone)
        return None

    def gone(self):
        """Whether the other side has closed the connection; nothing else ever comes from it."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def piece(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()


class Daemon(messengers.Listener):
    """Takes the place of a Listener on the Signal port."""

    def __init__(self, port, inbox, account=ACCOUNT, waiting=None, folder=None):
        self.folder = folder
        self.account, self.calls, self.listening = account, [], 0
        self.waiting = collections.deque() if waiting is None else waiting
        self.changed = threading.Condition()
        self.over = False
        self.challenge = None  # a token: no message is taken until its captcha is solved
        super().__init__(port, inbox)
        self.RequestHandlerClass = Handler

    def called(self, said):
        method, params = said["method"], said["params"]
        self.calls.append((method, params))
        if method == "submitRateLimitChallenge" and params["challenge"] == self.challenge:
            self.challenge = None
            return {"result": {}}
        if method == "send" and self.challenge:
            failed = {"type": "RATE_LIMIT_FAILURE", "token": self.challenge, "retryAfterSeconds": None}
            return {"error": {"code": -5, "message": "Failed to send message", "data": {"response": {
                "timestamp": int(time.time() * 1000), "results": [failed]}}}}
        if method == "getAttachment":
            return self.attachment(params)
        if method == "send":
            for to in params["recipient"]:
                self.inbox.put(to, params["message"])
        if method not in ("send", "updateContact", "remoteDelete", "removeContact"):
            return {"error": {"code": -32601, "message": "Method not implemented", "data": None}}
        return {"result": {"timestamp": int(time.time() * 1000), "results": [{"type": "SUCCESS"}]}}

    def attachment(self, params):
        """Files lie in a folder, named as their ids are; nobody deletes them."""
        file = self.folder / params["id"]
        if params["account"] != self.account or "recipient" not in params or not file.is_file():
            return {"error": {"code": -1, "message": "Could not find attachment", "data": None}}
        return {"result": {"data": base64.b64encode(file.read_bytes()).decode()}}

    def stream(self, write, gone):
        """As the daemon writes it; keep-alives far more often than its 15 s. What nobody would read
        is not written: a message that is on its way when a connection breaks is lost for good."""
        with self.changed:
            self.listening += 1
            self.changed.notify_all()
        try:
            while True:
                with self.changed:
                    self.changed.wait_for(lambda: self.waiting or self.over, 0.1)
                    if self.over or gone():
                        return
                    event = self.waiting.popleft() if self.waiting else None
                write(f"event:receive\ndata:{json.dumps(event)}\n\n" if event else ":\n")
        except OSError:
            pass
        finally:
            with self.changed:
                self.listening -= 1
                self.changed.notify_all()

    def receive(self, event):
        with self.changed:
            self.waiting.append(event)
            self.changed.notify_all()

    def heard(self, listening=1, seconds=30):
        with self.changed:
            return self.changed.wait_for(lambda: self.listening == listening, seconds)

    def end(self):
        with self.changed:
            self.over = True
            self.changed.notify_all()
        super().end()
