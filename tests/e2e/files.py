# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files at the two services, for tests: what people sent, and what goes wrong on its way to us."""
import base64
import hashlib
import itertools
import json
import threading
import time


class Files:
    """What a service still has, by id. Faults are had one after another, then the file."""
    numbers = itertools.count(1)

    def __init__(self):
        self.changed = threading.Condition()
        self.kept = {}
        self.faults = {}
        self.asked = []

    def put(self, content, faults=(), suffix=".jpg"):
        name = f"{hashlib.sha256(str(next(self.numbers)).encode()).hexdigest()[:20]}{suffix}"
        with self.changed:
            self.kept[name] = content
            self.faults[name] = list(faults)
        return name

    def get(self, name):
        with self.changed:
            self.asked.append(name)
            self.changed.notify_all()
            fault = self.faults[name].pop(0) if self.faults.get(name) else None
            return self.kept.get(name), fault

    def delete(self, name):
        with self.changed:
            self.changed.notify_all()
            return self.kept.pop(name, None) is not None

    def wait(self, holds, seconds=60):
        with self.changed:
            return self.changed.wait_for(lambda: holds(self), seconds)

    def wait_gone(self, name, seconds=60):
        return self.wait(lambda files: name not in files.kept, seconds)


def body(handler, status, content, kind="application/octet-stream", cut=None, pause=0):
    """The answer; with `cut` the connection breaks after so many bytes of it."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    whole = memoryview(content)
    for at in range(0, len(whole) if cut is None else cut, 1 << 16):
        handler.wfile.write(whole[at:min(at + (1 << 16), len(whole) if cut is None else cut)])
        time.sleep(pause)
    handler.wfile.flush()
    if cut is not None:
        handler.close_connection = True


def give_bytes(handler, content, fault):
    if content is None:
        return handler.answer(404, {"error": "no such file"})
    if isinstance(fault, int):
        return handler.answer(fault, {"error": "fault"})
    if fault == "page":
        return body(handler, 200, b"<html>log in</html>", "text/html")
    if fault == "wrong":
        return body(handler, 200, bytes(len(content)))
    if fault == "longer":
        return body(handler, 200, content + b"more")
    if fault == "cut":
        return body(handler, 200, content, cut=len(content) // 2)
    if fault == "slow":
        return body(handler, 200, content, pause=0.2)
    return body(handler, 200, content)


def whatsapp_get(handler, files, path, query):
    name = path.rsplit("/", 1)[1]
    if "/bytes/" in path:
        return give_bytes(handler, *files.get(name))
    if f"phone_number_id={handler.server.phone_number_id}" not in query:
        return handler.answer(400, {"error": {"code": 100, "message": "no phone_number_id"}})
    if not handler.headers.get("Authorization", "").startswith("Bearer ") or \
            not handler.headers.get("User-Agent"):
        return handler.answer(401, {"error": {"code": 190, "message": "no token"}})
    content = files.kept.get(name)
    if content is None:
        return handler.answer(400, {"error": {"code": 100, "message": f"Object {name} does not exist"}})
    return handler.answer(200, {
        "messaging_product": "whatsapp", "id": name, "mime_type": "image/jpeg",
        "url": f"http://{handler.headers['Host']}/bytes/{name}", "file_size": str(len(content)),
        "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode()})


def rest_get(handler, files, path):
    if path == "/v1/attachments":
        return handler.answer(200, list(files.kept))
    return give_bytes(handler, *files.get(path.rsplit("/", 1)[1]))


def get(handler):
    """Any GET of a file or about one; False: it is none."""
    path, _, query = handler.path.partition("?")
    if path.startswith("/v1/attachments"):
        rest_get(handler, handler.server.files, path)
    elif path.startswith("/v23.0/") or path.startswith("/bytes/"):
        whatsapp_get(handler, handler.server.files, path, query)
    else:
        return False
    return True


def delete(handler):
    """Any DELETE of a file; False: it is none."""
    path = handler.path.partition("?")[0]
    name = path.rsplit("/", 1)[1]
    if path.startswith("/v1/attachments/"):
        handler.answer(204 if handler.server.files.delete(name) else 404)
    elif path.startswith("/v23.0/") and name in handler.server.files.kept:
        handler.server.files.delete(name)
        handler.answer(200, {"success": True})
    else:
        return False
    return True


def attachment(name, content, kind="image/jpeg", **more):
    """An element of Signal's attachments[]."""
    return {"contentType": kind, "filename": "IMG_1.jpg", "id": name, "size": len(content), **more}


def media(name, content, kind="image/jpeg", **more):
    """What a message of WhatsApp says of a file."""
    return {"id": name, "mime_type": kind,
            "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(), **more}
