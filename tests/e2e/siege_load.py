# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crowd of siege_test.py, a process of its own, which yields to others:

    siege_load.py slowloris PORT CONNECTIONS | flood FILE CONNECTIONS | bodies PORT CONNECTIONS

Goes on until its standard input ends, then prints what it did as JSON. Connections come from many
addresses of this machine, a hundred from each. FILE holds a port and a request in base64 a line."""
import asyncio
import base64
import itertools
import json
import os
import random
import resource
import sys

OF_AN_ADDRESS = 100
HEAD = b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: a\r\n"
done = {"connections": 0, "most_at_once": 0, "answers": {}, "cut": 0}
now_open = 0


def address(number):
    return f"127.{1 + number // OF_AN_ADDRESS // 250}.0.{2 + number // OF_AN_ADDRESS % 250}"


def count(status):
    done["answers"][status] = done["answers"].get(status, 0) + 1


class Connection:
    def __init__(self, port, number):
        self.port, self.number = port, number

    async def __aenter__(self):
        global now_open
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(address(self.number), 0))
        now_open += 1
        done["connections"] += 1
        done["most_at_once"] = max(done["most_at_once"], now_open)
        return self.reader, self.writer

    async def __aexit__(self, *_):
        global now_open
        now_open -= 1
        self.writer.close()


async def status_of(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    return head[9:12].decode()


async def for_ever(one, *arguments):
    while True:
        try:
            await one(*arguments)
        except (OSError, asyncio.IncompleteReadError):
            done["cut"] += 1
        await asyncio.sleep(random.uniform(0.2, 1))


async def slowly(port, number):
    async with Connection(port, number) as (reader, writer):
        writer.write(HEAD)
        while not reader.at_eof():
            writer.write(b"X: a\r\n")
            await writer.drain()
            try:
                await asyncio.wait_for(reader.read(1000), 1)
            except asyncio.TimeoutError:
                pass


async def large(port, number):
    chunked = number % 2 == 0
    head = HEAD + (b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 100000000") + b"\r\n\r\n"
    piece = b"10000\r\n" + b"a" * 65536 + b"\r\n" if chunked else b"a" * 65536
    async with Connection(port, number) as (reader, writer):
        answer = asyncio.ensure_future(status_of(reader))
        try:
            writer.write(head)
            for _ in range(100_000_000 // 65536):
                if answer.done():
                    break
                writer.write(piece)
                await writer.drain()
            count(await answer)
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)


async def people(posts, number):
    port, request = next(posts)
    async with Connection(port, number) as (reader, writer):
        while True:
            writer.write(request)
            count(await status_of(reader))
            _, request = next(posts)


async def main(mode, what, connections):
    if mode == "flood":
        with open(what, encoding="ascii") as lines:
            posts = [(int(port), base64.b64decode(request)) for port, request in map(str.split, lines)]
        ports = sorted({port for port, _ in posts})
        endless = [itertools.cycle([one for one in posts if one[0] == port]) for port in ports]
        tasks = [for_ever(people, endless[number % len(endless)], number) for number in range(connections)]
    else:
        one = {"slowloris": slowly, "bodies": large}[mode]
        tasks = [for_ever(one, int(what), number) for number in range(connections)]
    tasks = [asyncio.ensure_future(task) for task in tasks]
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps(done), flush=True)
    os._exit(0)  # whatever thousands of tasks are at


if __name__ == "__main__":
    os.nice(5)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
