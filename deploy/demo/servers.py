# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes of the demo: the bot, and the stand-in that plays both messengers."""
import json
import os
import signal
import socket
import subprocess
import sys
import threading


class Failed(Exception):
    """The demo did not show what it is there to show."""


def run(*command, **more):
    """Runs a program to its end; what it printed. Its own error is shown if it fails."""
    done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode != 0:
        raise Failed(f"{os.path.basename(str(command[0]))} {command[1]}: exit {done.returncode}: "
                     f"{done.stderr.strip()}")
    return done.stdout


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Bot:
    """resguardo-bot serve, which can be killed and started again."""

    def __init__(self, program, config):
        self.command = [str(program), "serve", "--config", str(config)]
        self.process = None
        self.changed = threading.Condition()
        self.output = []  # every line of every run

    def start(self, environment=None):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=environment)
        begin = len(self.output)
        self.reader = threading.Thread(target=self.read, args=(self.process,), daemon=True)
        self.reader.start()
        if not self.heard("serving", begin):
            self.end()
            raise Failed("the bot did not start: " + "".join(self.output[begin:]).strip())

    def read(self, process):
        with process.stdout:
            for line in process.stdout:
                with self.changed:
                    self.output.append(line)
                    self.changed.notify_all()
        process.wait()
        with self.changed:
            self.changed.notify_all()

    def heard(self, words, begin=0, seconds=60):
        """Whether it says so, in a line after the first `begin`, before it ends or time is up."""
        def said():
            return any(words in line for line in self.output[begin:])
        with self.changed:
            self.changed.wait_for(lambda: said() or self.process.poll() is not None, seconds)
        if not said():
            self.reader.join(1)
        return said()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.wait()

    def stop(self):
        self.process.terminate()
        if self.wait() != 0:
            raise Failed(f"the bot ended with {self.process.returncode}")

    def wait(self):
        """Its exit status, when it ends by itself."""
        status = self.process.wait(timeout=30)
        self.reader.join()
        return status

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()


class Standin:
    """resguardo-standin, spoken to line by line (deploy/standin/README.md)."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed("the stand-in messenger ended")
        return json.loads(line)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.read()
        if not answer.get("ok"):
            raise Failed(f"the stand-in refused a command: {answer.get('error')}")
        return answer

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
