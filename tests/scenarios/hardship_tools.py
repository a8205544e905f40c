"""What makes a daemon's life hard: a line to the gateway that misbehaves, and a library that refuses memory, threads
and names or moves the clocks of the process it is loaded into."""
import contextlib
import ctypes
import mmap
import os
import socket
import subprocess
import threading
import time
import unittest
from pathlib import Path

from daemon_harness import Daemon

MAX_5 = "  max_contracts: { limit: 5, close_all: true, lockout_on_breach: false }"
SLOW = int(os.environ.get("BULKHEAD_SLOW", "1"))
MEGABYTE = 1 << 20
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Numbers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_long) for name in (
        "allocations", "allocation_at", "allocation_for", "allocations_failed", "threads", "thread_at",
        "threads_failed", "slept")]


class Hardship:
    """The preloaded library and the numbers it obeys, for the processes that are started with `env`."""

    def __init__(self, home):
        self.library, self.host = home / "hardship.so", home / "host"
        source = Path(__file__).with_name("hardship.c")
        built = subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(self.library), str(source), "-ldl"],
                               capture_output=True, text=True, check=False)
        if built.returncode != 0:
            raise unittest.SkipTest(f"no C compiler for the library: {built.stderr[:200]}")
        numbers = home / "numbers"
        numbers.write_bytes(bytes(ctypes.sizeof(Numbers)))
        with numbers.open("r+b") as file:
            self.told = Numbers.from_buffer(mmap.mmap(file.fileno(), 0))
        self.env = {"LD_PRELOAD": str(self.library), "HARDSHIP": str(numbers)}
        self.named = {**self.env, "HARDSHIP_HOST": str(self.host)}

    def works_with(self, program):
        tried = subprocess.run([program, "--version"], env={**os.environ, **self.env}, capture_output=True, check=False)
        if tried.returncode != 0 or self.told.allocations == 0:  # a sanitizer wants to come first
            raise unittest.SkipTest("this build does not run with a library of ours in front")
        return self

    def refuse_memory(self, at, how_many):
        """From the `at`th allocation on, counted from now; returns its number."""
        self.told.allocation_at = 0
        self.told.allocation_for = how_many
        self.told.allocation_at = first = self.told.allocations + at
        return first


class Line:
    """A TCP relay in front of the gateway. Requests whose first line holds a word can be answered by a trick."""

    def __init__(self, port, host="127.0.0.1", listen=0):
        self.port_behind, self.tricks, self.lock = port, [], threading.Lock()
        self.pairs, self.forgotten = [], []
        self.swallows = self.closed = False
        self.tried = []  # tricks that were played
        self.listener = socket.create_server((host, listen))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def trick(self, word, play, count=1):
        with self.lock:
            self.tricks += [(word.encode(), play)] * count

    def cut(self):
        """Every connection ends."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for one in pair[:2]:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def forget(self):
        """What is connected stays so and carries nothing any more, as behind a router that was restarted."""
        with self.lock:
            self.forgotten, self.pairs = self.forgotten + self.pairs, []

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def send(self, data):
        """To the daemon, on every connection that is a hub's."""
        with self.lock:
            hubs = [pair[0] for pair in self.pairs if len(pair) == 3]
        for hub in hubs:
            with contextlib.suppress(OSError):
                hub.sendall(data)

    def _accept(self):
        while not self.closed:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port_behind))
            except OSError:
                continue
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = [near, far]
            with self.lock:
                self.pairs.append(pair)
            threading.Thread(target=self._carry, args=(pair, near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(pair, far, near, False), daemon=True).start()

    def _taken(self, data):
        with self.lock:
            for number, (word, play) in enumerate(self.tricks):
                if word in data.split(b"\r\n", 1)[0]:
                    self.tried.append(word)
                    del self.tricks[number]
                    return play
        return None

    def _carry(self, pair, source, target, to_gateway):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if to_gateway and b"Upgrade: websocket" in data:
                    pair.append(None)  # a hub
                play = self._taken(data) if to_gateway else None
                if play:
                    play(source)
                elif not self.swallows and pair not in self.forgotten:
                    target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def announced(size):
    """A reply that says how large it is."""
    def play(to):
        to.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % size)
        for _ in range(size // MEGABYTE):
            to.sendall(b" " * MEGABYTE)
    return play


def chunked(size):
    """A reply that does not say it."""
    def play(to):
        to.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(size // MEGABYTE):
            to.sendall(b"%x\r\n" % MEGABYTE + b" " * MEGABYTE + b"\r\n")
        to.sendall(b"0\r\n\r\n")
    return play


def drip(head):
    """The head at once, the body a byte a second."""
    def play(to):
        to.sendall(head)
        for _ in range(60):
            to.sendall(b" ")
            time.sleep(1)
    return play


class Hard(Daemon):
    def through_a_line(self, rules, **options):
        self.line = Line(int(self.gateway.rsplit(":", 1)[1]))
        self.addCleanup(self.line.close)
        self.configure(rules, gateway=f"http://127.0.0.1:{self.line.port}", **options)

    def flat_after(self, account=101, size=6):
        began = time.monotonic()
        self.position(size, account=account)
        self.wait_flat(account)
        return time.monotonic() - began

    def status_of(self, daemon, account):
        rows = []

        def answered():
            with contextlib.suppress(AssertionError):  # somebody behind the port is being started again
                rows[:] = [a for a in self.status(daemon)["data"]["accounts"] if a["account_id"] == account]
            return rows and rows[0]["responding"]

        self.wait_until(f"account {account} does not answer", answered)
        return rows[0]
