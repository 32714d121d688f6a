# SPDX-License-Identifier: AGPL-3.0-or-later
"""What hostile peers send, and what they get: one entry each, for attack_test.py.

An entry is (name, bytes or a function of the rig's Webhooks, expected). `expected` is the statuses of
all answers on that connection, in order, until the server closes it; () is a connection that is closed
without a word. Each is sent in one go and the sending side is closed, unless it is in HELD."""
import json

WHATSAPP = "/webhooks/whatsapp"


def ask(line, *headers, body=b""):
    head = "\r\n".join([line, *headers, "", ""])
    return head.encode("latin-1") + body


def post(*headers, body=b"", path=WHATSAPP):
    return ask(f"POST {path} HTTP/1.1", "Host: a", *headers, body=body)


def get(path, *headers):
    return ask(f"GET {path} HTTP/1.1", "Host: a", *headers)


NEXT = get("/nowhere")  # what must not be answered behind a request that was refused
CHUNKED = "Transfer-Encoding: chunked"


def chunks(body):
    return post(CHUNKED, body=body)


def sized(value, body=b""):
    return post(f"Content-Length: {value}", body=body)


# What two parsers could read in two ways. POST to a path of ours or not: framing comes first.
FRAMING = [
    ("length and encoding", post("Content-Length: 6", CHUNKED, body=b"0\r\n\r\nX"), (400,)),
    ("encoding and length", post(CHUNKED, "Content-Length: 4", body=b"0\r\n\r\n"), (400,)),
    ("two lengths", post("Content-Length: 1", "Content-Length: 2", body=b"ab"), (400,)),
    ("one length twice", post("Content-Length: 1", "Content-Length: 1", body=b"a"), (400,)),
    ("lengths in small and capital letters", post("content-length: 1", "CONTENT-LENGTH: 2", body=b"ab"), (400,)),
    ("a list of lengths", sized("1, 1", b"a"), (400,)),
    ("a signed length", sized("+1", b"a"), (400,)),
    ("a negative length", sized("-1"), (400,)),
    ("a length in hex", sized("0x1", b"a"), (400,)),
    ("a length with a dot", sized("1.0", b"a"), (400,)),
    ("a length with an exponent", sized("1e3"), (400,)),
    ("a length with a gap", sized("1 1", b"a"), (400,)),
    ("an empty length", sized(""), (400,)),
    ("a length in other digits", sized("\xb2"), (400,)),
    ("a length over 64 bits", sized("18446744073709551616"), (400,)),
    ("a length of 200 digits", sized("9" * 200), (400,)),
    ("the encoding twice", post(CHUNKED, CHUNKED, body=b"0\r\n\r\n"), (400,)),
    ("chunked, chunked", post("Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"), (400,)),
    ("chunked, gzip", post("Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"), (400,)),
    ("gzip, chunked", post("Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"), (400,)),
    ("identity", post("Transfer-Encoding: identity"), (400,)),
    ("xchunked", post("Transfer-Encoding: xchunked", body=b"0\r\n\r\n"), (400,)),
    ("chunked in quotes", post('Transfer-Encoding: "chunked"', body=b"0\r\n\r\n"), (400,)),
    ("chunked with a parameter", post("Transfer-Encoding: chunked;q=1", body=b"0\r\n\r\n"), (400,)),
    ("chunked after a vertical tab", post("Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n"), (400,)),
    ("chunked before a NUL", post("Transfer-Encoding: chunked\0", body=b"0\r\n\r\n"), (400,)),
    ("an empty encoding", post("Transfer-Encoding:"), (400,)),
    ("an encoding in HTTP/1.0", ask(f"POST {WHATSAPP} HTTP/1.0", CHUNKED, body=b"0\r\n\r\n"), (400,)),
    ("a space before the colon", post("Content-Length : 1", body=b"a"), (400,)),
    ("a tab before the colon", post("Transfer-Encoding\t: chunked", body=b"0\r\n\r\n"), (400,)),
    ("a folded line", post("X-A: b", " Content-Length: 5"), (400,)),
    ("a line folded by a tab", post("X-A: b", "\tc"), (400,)),
    ("a folded encoding", post("Transfer-Encoding:", " chunked", body=b"0\r\n\r\n"), (400,)),
    ("an indented first header", ask(f"POST {WHATSAPP} HTTP/1.1", " Host: a"), (400,)),
    ("bare line feeds", b"GET /nowhere HTTP/1.1\nHost: a\n\n", (400,)),
    ("one bare line feed", b"GET /nowhere HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", (400,)),
    ("one bare carriage return", b"GET /nowhere HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", (400,)),
    ("two carriage returns", b"GET /nowhere HTTP/1.1\r\r\nHost: a\r\n\r\n", (400,)),
    ("a line feed in a value", post("X-A: b\nContent-Length: 1", body=b"a"), (400,)),
    ("NUL in a value", post("X-A: b\0c"), (400,)),
    ("NUL in a name", post("X\0A: b"), (400,)),
    ("a bell in a value", post("X-A: \x07"), (400,)),
    ("an escape in a value", post("X-A: \x1b[2J"), (400,)),
    ("DEL in a value", post("X-A: b\x7f"), (400,)),
    ("a header without a colon", post("Nonsense"), (400,)),
    ("a header without a name", post(": value"), (400,)),
    ("a name in quotes", post('"X": b'), (400,)),
    ("a name with a bracket", post("X(A): b"), (400,)),
    ("a name beyond ASCII", post("X-\xe9: b"), (400,)),
    ("an empty line first", b"\r\n" + NEXT, (400,)),
    ("only empty lines", b"\r\n\r\n\r\n", (400,)),
    ("no host", ask("GET /nowhere HTTP/1.1"), (400,)),
    ("two hosts", get("/nowhere", "Host: b"), (400,)),
    ("the same host twice", get("/nowhere", "Host: a"), (400,)),
    ("a host with a space", ask("GET /nowhere HTTP/1.1", "Host: a b"), (400,)),
    ("a host with a path", ask("GET /nowhere HTTP/1.1", "Host: a/b"), (400,)),
    ("a host with a user", ask("GET /nowhere HTTP/1.1", "Host: u@a"), (400,)),
    ("a list of hosts", ask("GET /nowhere HTTP/1.1", "Host: a, b"), (400,)),
    ("a host beyond ASCII", ask("GET /nowhere HTTP/1.1", "Host: \xe9"), (400,)),
    ("two expectations", post("Expect: 100-continue", "Expect: 100-continue", "Content-Length: 1"), (400,)),
]
START_LINES = [
    ("no version", b"GET /nowhere\r\n\r\n", (400,)),
    ("HTTP/0.9", ask("GET /nowhere HTTP/0.9", "Host: a"), (400,)),
    ("HTTP/1.2", ask("GET /nowhere HTTP/1.2", "Host: a"), (400,)),
    ("HTTP/2.0", ask("GET /nowhere HTTP/2.0", "Host: a"), (400,)),
    ("HTTP/1.11", ask("GET /nowhere HTTP/1.11", "Host: a"), (400,)),
    ("HTTP/1", ask("GET /nowhere HTTP/1", "Host: a"), (400,)),
    ("HTTP/a.b", ask("GET /nowhere HTTP/a.b", "Host: a"), (400,)),
    ("http/1.1 in small letters", ask("GET /nowhere http/1.1", "Host: a"), (400,)),
    ("FTP/1.1", ask("GET /nowhere FTP/1.1", "Host: a"), (400,)),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400,)),
    ("two spaces", ask("GET  /nowhere HTTP/1.1", "Host: a"), (400,)),
    ("tabs", ask("GET\t/nowhere\tHTTP/1.1", "Host: a"), (400,)),
    ("a space behind the version", ask("GET /nowhere HTTP/1.1 ", "Host: a"), (400,)),
    ("a space before the method", ask(" GET /nowhere HTTP/1.1", "Host: a"), (400,)),
    ("no target", ask("GET HTTP/1.1", "Host: a"), (400,)),
    ("no method", ask("/nowhere HTTP/1.1", "Host: a"), (400,)),
    ("a method with a bracket", ask("G(T /nowhere HTTP/1.1", "Host: a"), (400,)),
    ("a method beyond ASCII", ask("G\xc9T /nowhere HTTP/1.1", "Host: a"), (400,)),
    ("a method of NULs", b"\0\0\0 / HTTP/1.1\r\n\r\n", (400,)),
    ("NUL in the target", b"GET /no\0where HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    ("a target beyond ASCII", ask("GET /n\xf3 HTTP/1.1", "Host: a"), (400,)),
    ("a target with a fragment", get("/nowhere#x"), (400,)),
    ("a target with a backslash", get("/..\\..\\x"), (400,)),
    ("a target with quotes", get('/"x"'), (400,)),
    ("a target with braces", get("/${jndi:x}"), (400,)),
    ("a target with a bar", get("/a|b"), (400,)),
    ("a target for a proxy", get("http://example.org/"), (404,)),
    ("another scheme", get("file:///etc/passwd"), (404,)),
    ("a target without a slash", get("nowhere"), (404,)),
    ("an asterisk", ask("OPTIONS * HTTP/1.1", "Host: a"), (404,)),
    ("CONNECT", ask("CONNECT a:443 HTTP/1.1", "Host: a"), (404,)),
    ("TRACE", ask("TRACE / HTTP/1.1", "Host: a"), (404,)),
    ("a method nobody knows", ask("PURGE / HTTP/1.1", "Host: a"), (404,)),
    ("a method in small letters", ask("get / HTTP/1.1", "Host: a"), (404,)),
    ("a method of a thousand letters", ask("G" * 1000 + " / HTTP/1.1", "Host: a"), (404,)),
    ("dots that lead up", get("/webhooks/../healthz"), (404,)),
    ("dots in percent signs", get("/%2e%2e/%2e%2e/etc/passwd"), (404,)),
    ("a percent sign and NUL", get("/webhooks/whatsapp%00"), (404,)),
    ("a percent sign alone", get("/%"), (404,)),
    ("two slashes", get("//webhooks/whatsapp"), (404,)),
    ("a slash at the end", get("/webhooks/whatsapp/"), (404,)),
    ("capital letters", get("/Webhooks/WhatsApp"), (404,)),
    ("a parameter in the path", get("/webhooks/whatsapp;x=y"), (404,)),
    ("the root", get("/"), (404,)),
    ("a target as long as the head may be", get("/" + "a" * 16_000), (404,)),
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 32, (400,)),
    ("an SSH hello", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", (400,)),
    ("a mail server's hello", b"EHLO a\r\n\r\n", (400,)),
    ("a command of a database", b"*1\r\n$4\r\nPING\r\n\r\n", (400,)),
    ("all bytes there are", bytes(range(256)), (400,)),
    ("nothing", b"", ()),
    ("one letter", b"G", ()),
    ("half a line", b"GET /nowh", ()),
    ("half a head", b"GET /nowhere HTTP/1.1\r\nHost: a\r\n", ()),
]
HEADS = [
    ("a head as long as it may be", get("/nowhere", "X: " + "a" * (16_384 - 39)), (404,)),
    ("a head one byte too long", get("/nowhere", "X: " + "a" * (16_384 - 39 + 1)), (431,)),
    ("a head without end", b"GET /nowhere HTTP/1.1\r\nX: " + b"a" * 20_000, (431,)),
    ("a line without end", b"G" * 20_000, (431,)),
    ("a hundred headers and one", get("/nowhere", *["A: b"] * 100), (400,)),
    ("a hundred headers", get("/nowhere", *["A: b"] * 99), (404,)),
    ("five thousand headers", get("/nowhere", *["A:"] * 5000), (431,)),
    ("a name of ten thousand letters", get("/nowhere", "X" * 10_000 + ": b"), (404,)),
    ("an upgrade to HTTP/2", get("/nowhere", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                                 "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), (404,)),
    ("an upgrade to a web socket", get("/nowhere", "Connection: Upgrade", "Upgrade: websocket",
                                       "Sec-WebSocket-Version: 13"), (404,)),
    ("a Connection that names Host", get("/nowhere", "Connection: Host"), (404,)),
    ("what a proxy would say", get("/nowhere", "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"), (404,)),
    ("another path in a header", get("/nowhere", "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz"), (404,)),
    ("another method in a header", get("/nowhere", "X-HTTP-Method-Override: POST"), (404,)),
    ("a range", get("/nowhere", "Range: bytes=0-," + "0-," * 1000), (404,)),
    ("a body with GET", get("/nowhere", "Content-Length: 5") + b"aaaaa", (404,)),
    ("close in HTTP/1.1", get("/nowhere", "Connection: close") + NEXT, (404,)),
    ("HTTP/1.0 is answered once", ask("GET /nowhere HTTP/1.0") + NEXT, (404,)),
    ("three at once", NEXT * 3, (404, 404, 404)),
    ("seventeen at once", NEXT * 17, (404,) * 17),
    ("eighteen at once", NEXT * 18, (404,) * 17),
    ("bad behind good", NEXT + b"\0" + NEXT, (404, 400)),
]
# These reach a body, so the path is one of the listener's.
BODIES = [
    ("a chunk of no size", chunks(b"\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size is no hex", chunks(b"g\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size is signed", chunks(b"+1\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size is negative", chunks(b"-1\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size begins 0x", chunks(b"0x1\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size over 64 bits", chunks(b"10000000000000001\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size before a space", chunks(b"1 \r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's size after a space", chunks(b" 1\r\na\r\n0\r\n\r\n"), (400,)),
    ("a chunk's extension", chunks(b"1;a=b\r\na\r\n0\r\n\r\n"), (400,)),
    ("a quoted extension with a line in it", chunks(b'1;a="\r\n"\r\na\r\n0\r\n\r\n'), (400,)),
    ("the last chunk's extension", chunks(b"0;a\r\n\r\n"), (400,)),
    ("a chunk ends with a bare line feed", chunks(b"1\na\r\n0\r\n\r\n"), (400,)),
    ("data ends with a bare line feed", chunks(b"1\r\na\n0\r\n\r\n"), (400,)),
    ("more data than the chunk", chunks(b"1\r\nab\r\n0\r\n\r\n"), (400,)),
    ("less data than the chunk", chunks(b"4\r\nab\r\n0\r\n\r\n"), (400,)),
    ("a length in the trailer", chunks(b"0\r\nContent-Length: 5\r\n\r\n"), (400,)),
    ("an encoding in the trailer", chunks(b"0\r\nTransfer-Encoding: chunked\r\n\r\n"), (400,)),
    ("a folded trailer", chunks(b"0\r\nA: b\r\n c\r\n\r\n"), (400,)),
    ("NUL in the trailer", chunks(b"0\r\nA: b\0\r\n\r\n"), (400,)),
    ("a bare line feed in the trailer", chunks(b"0\r\nA: b\nC: d\r\n\r\n"), (400,)),
    ("a trailer without end", chunks(b"0\r\nA: " + b"b" * 30_000), (400,)),
    ("zeros without end", chunks(b"0" * 30_000), (400,)),
    ("a chunk that claims too much", chunks(b"7fffffffffffffff\r\n"), (413,)),
    ("a length that claims too much", sized("9223372036854775807"), (413,)),
    ("a length of a hundred megabytes", sized("100000000", b"a" * 1000), (413,)),
    ("an expectation nobody has", post("Expect: 200-maybe", "Content-Length: 1"), (417,)),
    ("an expectation over the limit", post("Expect: 100-continue", "Content-Length: 100000000"), (413,)),
    ("a body that is cut", sized("1000", b"a" * 999), ()),
    ("a chunked body that is cut", chunks(b"3e8\r\naaa"), ()),
    ("chunks without the last", chunks(b"1\r\na\r\n"), ()),
    ("unsigned", sized("2", b"{}"), (403,)),
    ("unsigned, in chunks", chunks(b"2\r\n{}\r\n0\r\n\r\n"), (403,)),
    ("nothing at all, unsigned", sized("0"), (403,)),
    ("no length", post(), (403,)),
    ("unsigned, and again", sized("2", b"{}") * 2, (403, 403)),
]


def signature(value):
    return lambda hooks: post(f"X-Hub-Signature-256: {value(hooks)}", "Content-Length: 2", body=b"{}")


def handshake(query):
    return lambda hooks: get(f"{WHATSAPP}?{query.format(verify=hooks.verify)}")


def wa(body):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda hooks: post(f"X-Hub-Signature-256: {hooks.signature(body)}",
                              f"Content-Length: {len(body)}", body=body)


def nested(depth):
    return b"[" * depth + b"]" * depth


def deep_message(hooks):
    value = hooks.wa_post(hooks.wa_text("15550209999", "x"))
    value["entry"][0]["changes"][0]["value"]["messages"][0]["text"] = {"body": {"body": ["x"] * 100}}
    return wa(value)(hooks)


PUBLIC = [
    ("another digest", signature(lambda _: "sha256=" + "0" * 64), (403,)),
    ("a digest of another body", signature(lambda hooks: hooks.signature(b"{ }")), (403,)),
    ("a digest in capitals", signature(lambda hooks: hooks.signature(b"{}").upper()), (403,)),
    ("half a digest", signature(lambda hooks: hooks.signature(b"{}")[:39]), (403,)),
    ("a digest and more", signature(lambda hooks: hooks.signature(b"{}") + "00"), (403,)),
    ("a digest without its name", signature(lambda hooks: hooks.signature(b"{}")[7:]), (403,)),
    ("sha1", signature(lambda hooks: "sha1=" + hooks.signature(b"{}")[7:47]), (403,)),
    ("two digests in one", signature(lambda hooks: hooks.signature(b"{}") + "," + hooks.signature(b"{}")), (403,)),
    ("two digests", lambda hooks: post(*[f"X-Hub-Signature-256: {hooks.signature(b'{}')}"] * 2,
                                       "Content-Length: 2", body=b"{}"), (403,)),
    ("the digest in the trailer", lambda hooks: chunks(
        b"2\r\n{}\r\n0\r\nX-Hub-Signature-256: " + hooks.signature(b"{}").encode() + b"\r\n\r\n"), (403,)),
    ("PUT with a digest", lambda hooks: post(
        f"X-Hub-Signature-256: {hooks.signature(b'{}')}", "Content-Length: 2", body=b"{}").replace(b"POST", b"PUT", 1),
     (404,)),
    ("a handshake without anything", handshake(""), (403,)),
    ("a handshake with another token", handshake("hub.mode=subscribe&hub.verify_token=x&hub.challenge=1"), (403,)),
    ("a handshake in another mode", handshake("hub.mode=x&hub.verify_token={verify}&hub.challenge=1"), (403,)),
    ("a handshake without a challenge", handshake("hub.mode=subscribe&hub.verify_token={verify}"), (403,)),
    ("a challenge with a script", handshake(
        "hub.mode=subscribe&hub.verify_token={verify}&hub.challenge=%3Cscript%3E"), (403,)),
    ("a challenge with a line", handshake(
        "hub.mode=subscribe&hub.verify_token={verify}&hub.challenge=1%0d%0aX:%20y"), (403,)),
    ("the token twice", handshake(
        "hub.mode=subscribe&hub.verify_token=x&hub.verify_token={verify}&hub.challenge=1"), (403,)),
    ("percent signs that are none", handshake("hub.mode=%zz&hub.verify_token=%"), (403,)),
    ("another listener's path", post("Content-Length: 0", path="/webhooks/signal/x"), (404,)),
    ("the admin's path", get("/metrics"), (404,)),
    ("signed nothing", wa(b""), (200,)),
    ("signed no JSON", wa(b"\xff\xfe\0{"), (200,)),
    ("signed null", wa(b"null"), (200,)),
    ("signed a number", wa(b"1e99999"), (200,)),
    ("signed half an object", wa(b'{"entry":['), (200,)),
    ("signed two objects", wa(b"{}{}"), (200,)),
    ("signed brackets, deep", wa(nested(100_000)), (200,)),
    ("signed names, deep", wa(b'{"a":' * 50_000 + b"1" + b"}" * 50_000), (200,)),
    ("signed wrong types", wa({"object": "whatsapp_business_account", "entry": {"changes": 1}}), (200,)),
    ("signed, a message of wrong types", deep_message, (200,)),
    ("signed, ten thousand entries of nothing", wa({"object": "whatsapp_business_account", "entry": [{}] * 10_000}),
     (200,)),
    ("signed, one name twice", wa(b'{"object":"whatsapp_business_account","object":"x","entry":[]}'), (200,)),
    ("signed, a text of surrogates", lambda hooks: wa(
        hooks.wa_post(hooks.wa_text("15550209998", "\ud800")))(hooks), (200,)),
    ("signed, another phone's", lambda hooks: wa(
        hooks.wa_post(hooks.wa_text("15550209997", "hola"), phone_number_id="1"))(hooks), (200,)),
    ("signed, a sender of a thousand letters", lambda hooks: wa(
        hooks.wa_post(hooks.wa_text("1" * 1000, "hola")))(hooks), (200,)),
    ("signed, a sender that leads up", lambda hooks: wa(
        hooks.wa_post(hooks.wa_text("../../etc/passwd", "hola")))(hooks), (200,)),
]


def signal(body, token=None, basic=None, path="/webhooks/signal/{}"):
    def make(hooks):
        sent = body(hooks) if callable(body) else body
        sent = sent if isinstance(sent, bytes) else json.dumps(sent).encode() + b"\n"
        credentials = hooks.basic if basic is None else basic
        return post(*([f"Authorization: Basic {credentials}"] if credentials else []),
                    f"Content-Length: {len(sent)}", body=sent,
                    path=path.format(hooks.token if token is None else token))
    return make


GATEWAY = [
    ("another token", signal({}, token="x" * 32), (403,)),
    ("no token", signal({}, token=""), (403,)),
    ("a token and more", signal({}, path="/webhooks/signal/{}/x"), (403,)),
    ("a token and a question", signal({}, path="/webhooks/signal/{}?x=y"), (403,)),
    ("a token in percent signs", signal({}, token="%61" * 32), (403,)),
    ("no credentials", signal({}, basic=""), (403,)),
    ("other credentials", signal({}, basic="Ym90Ong="), (403,)),
    ("credentials that are no base64", signal({}, basic="****"), (403,)),
    ("credentials without end", signal({}, basic="A" * 8000), (403,)),
    ("WhatsApp's path", sized("2", b"{}"), (404,)),
    ("GET", lambda hooks: get(f"/webhooks/signal/{hooks.token}"), (404,)),
    ("no JSON", signal(b"\0\xff"), (200,)),
    ("brackets, deep", signal(nested(100_000)), (200,)),
    ("an answer instead of a message", signal({"jsonrpc": "2.0", "id": 1, "result": {}}), (200,)),
    ("a request", signal({"jsonrpc": "2.0", "id": 1, "method": "send", "params": {}}), (200,)),
    ("wrong types", signal({"jsonrpc": "2.0", "method": "receive", "params": {"envelope": []}}), (200,)),
    ("a time beyond time", signal(lambda hooks: hooks.signal_post(
        "4b6e0f0c-52a1-4d8e-9d3b-0000000f0001", "hola", timestamp=10**18)), (200,)),
    ("a sender that is none", signal(lambda hooks: hooks.signal_post("../x", "hola")), (200,)),
    ("a megabyte and a byte", lambda hooks: post("Content-Length: 1048577", path=f"/webhooks/signal/{hooks.token}"),
     (413,)),
]
ADMIN = [
    ("POST", ask("POST /healthz HTTP/1.1", "Host: a", "Content-Length: 0"), (404,)),
    ("a question", get("/healthz?x"), (404,)),
    ("a slash", get("/healthz/"), (404,)),
    ("more", get("/metrics.json"), (404,)),
    ("a body", get("/healthz", "Content-Length: 1") + b"x", (413,)),
    ("a webhook", post("Content-Length: 0"), (404,)),
    ("HEAD", ask("HEAD /healthz HTTP/1.1", "Host: a"), (200,)),
    ("a healthy answer", get("/healthz"), (200,)),
    ("a browser's page of somewhere else", get("/healthz", "Origin: https://evil.example"), (200,)),
]
# What is begun and never ended: the sending side stays open until the server has had enough.
HELD = [
    ("silence", b"", ()),
    ("a line is never ended", b"GET /no", (408,)),
    ("a head is never ended", b"GET /nowhere HTTP/1.1\r\nHost: a\r\n", (408,)),
    ("a body never comes", sized("10"), (408,)),
    ("a body is never ended", sized("10", b"a"), (408,)),
    ("a chunk is never ended", chunks(b"5\r\na"), (408,)),
    ("a trailer is never ended", chunks(b"0\r\nA: b\r\n"), (408,)),
    ("a body that was asked for never comes", post("Expect: 100-continue", "Content-Length: 1"), (100, 408)),
]
ANYWHERE = FRAMING + START_LINES + HEADS
