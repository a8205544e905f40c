#!/usr/bin/python3
"""What a machine refuses a daemon: memory, threads, descriptors; and storms of signals.

usage: scarcity_test.py BULKHEAD_BINARY [unittest arguments]
BULKHEAD_SEED: where memory runs out, printed.
"""
import os
import random
import resource
import signal
import sys
import time
import unittest
from pathlib import Path

import daemon_harness
from daemon_harness import MNQ, PATIENCE, Process, run
from hardship_tools import MAX_5, SLOW, Hard, Hardship

LOSS = "  daily_realized_loss: { limit: 20000 }"
SEED = int(os.environ.get("BULKHEAD_SEED", str(time.time_ns() % 1_000_000)))


class Scarce(Hard):
    simulate = ("--budget", "1000000", "--quotes", "100")

    def lock(self, env=None, **options):
        self.configure(f"{MAX_5}\n{LOSS}", accounts=(101, 102), **options)
        daemon = self.start(env, ready=(101, 102))
        self.lose("21000")
        daemon.wait_for("lockout-set", "durable=true")
        return daemon

    def press(self, daemon, seconds, enough=lambda: False):
        """A breach, a violation of the lockout, and round trips, which cost none of the requests a minute has."""
        self.position(6, account=102)
        self.position(1, account=101)
        end = time.monotonic() + seconds
        while time.monotonic() < end and daemon.process.poll() is None and not enough():
            for side in (0, 1):
                self.ask("/sim/fill", {"accountId": 102, "contractId": MNQ, "side": side, "size": 1})
            time.sleep(0.005)

    def enforces(self, daemon):
        """False when the daemon ended instead."""
        for account, size in ((101, 1), (102, 6)):
            end = time.monotonic() + 15.0 * SLOW
            self.position(size, account=account)
            while self.sizes(account) and daemon.process.poll() is None:
                self.assertLess(time.monotonic(), end, "\n".join(daemon.lines[-20:]))
                time.sleep(0.02)
        return daemon.process.poll() is None

    def stands(self, daemon):
        """Nothing that was told as durable is lost, and the records can be read."""
        self.assertTrue(self.status_of(daemon, 101)["locked_out"])
        verified = run("journal", "verify", "--data", str(self.home / "data"))
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)


class Memory(Scarce):
    def test_a_daemon_that_gets_no_more_memory_from_the_system_goes_on(self):
        daemon = self.lock()
        pages = int(Path(f"/proc/{daemon.process.pid}/statm").read_text().split()[0])
        if pages > 1 << 28:
            self.skipTest("a sanitizer's address space")
        resource.prlimit(daemon.process.pid, resource.RLIMIT_AS, (pages * resource.getpagesize(), -1))
        self.press(daemon, 2)
        self.assertTrue(self.enforces(daemon))
        self.stands(daemon)

    def test_wherever_an_allocation_fails_it_goes_on_or_ends_with_a_word_and_loses_nothing(self):
        print(f"BULKHEAD_SEED={SEED}")
        dice = random.Random(SEED)
        hardship = Hardship(self.home).works_with(daemon_harness.BULKHEAD)
        daemon, told = self.lock(hardship.env), hardship.told
        ended = 0
        rounds = (1, 1, 3, 10, 100, 1000)  # more would need more than the requests of a minute
        for how_many in rounds:
            told.allocations_failed = 0
            at = hardship.refuse_memory(dice.randrange(1, 2000), how_many)
            self.press(daemon, 10, lambda over=at + how_many: told.allocations >= over)
            self.wait_until("nothing failed", lambda d=daemon: told.allocations_failed or d.process.poll() is not None)
            time.sleep(0.1)
            told.allocation_at = 0
            if not self.enforces(daemon):
                ended += 1
                self.ended_with_a_word(daemon, "out of memory")
                daemon = self.start(hardship.env, ready=(101, 102))
                self.assertTrue(self.enforces(daemon))
            self.stands(daemon)
        print(f"{ended} of {len(rounds)} ended")

    def ended_with_a_word(self, daemon, word):
        """A library that takes no care may crash instead; that is said too."""
        code = daemon.process.wait(PATIENCE)
        self.assertIn(code, (1, -signal.SIGSEGV, -signal.SIGABRT), "\n".join(daemon.lines[-5:]))
        if code != -signal.SIGABRT:  # the C library's own words
            daemon.wait_for("bulkhead ended:", word if code == 1 else "crashed")


class Threads(Scarce):
    def test_a_start_without_enough_threads_ends_with_a_word(self):
        hardship = Hardship(self.home).works_with(daemon_harness.BULKHEAD)
        hardship.host.write_text("127.0.0.1")
        self.lock(hardship.named, gateway=self.gateway.replace("127.0.0.1", "localhost")).end()  # names need a thread
        for first in range(1, 100):
            hardship.told.threads, hardship.told.threads_failed, hardship.told.thread_at = 0, 0, first
            daemon = Process(["run", "--config", str(self.home / "config"), "--data", str(self.home / "data")],
                             hardship.named)
            self.addCleanup(daemon.end, signal.SIGKILL)
            self.wait_until(f"without thread {first} neither ready nor ended nor told of", lambda d=daemon:
                            d.process.poll() is not None or sum(" ready " in line for line in d.lines) == 2
                            or any("cannot resolve" in line for line in d.lines))
            if daemon.process.poll() is None:
                break
            self.assertEqual(daemon.process.wait(), 1, "\n".join(daemon.lines[-5:]))
            daemon.wait_for("Resource temporarily unavailable")
        hardship.told.thread_at = 0  # what is asked for again and again, names, is had again
        for account in (101, 102):
            daemon.wait_for(" ready ", f"account={account}")
        self.assertGreater(first, 5)
        self.assertTrue(self.enforces(daemon))
        self.stands(daemon)


class Limits(Hard):
    def test_without_descriptors_breaches_are_closed_and_streams_come_back_afterwards(self):
        self.configure(MAX_5)
        daemon = self.start()
        self.wait_until("not connected", lambda: self.row(daemon)["connected"])
        soft, hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (3, hard))
        mark = len(daemon.lines)
        self.assertLess(self.flat_after(), 2.0 * SLOW)
        self.ask("/sim/fault", {"kind": "hub_drop", "hub": "user", "close": False})
        daemon.wait_for("stream-lost", "Too many open files", start=mark)
        self.assertLess(self.flat_after(), 20.0 * SLOW)  # by reading
        mark = len(daemon.lines)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        daemon.wait_for("stream-restored", "user hub", start=mark, patience=PATIENCE + 15)  # pauses are up to 36 s now
        self.assertLess(self.flat_after(), 2.0 * SLOW)

    def test_storms_of_signals(self):
        self.configure(MAX_5)
        daemon = self.start()
        for number in range(100):
            daemon.process.send_signal(signal.SIGHUP)
            if number == 50:
                self.position(6)
            time.sleep(0.005)
        daemon.wait_for("config-reloaded")
        self.wait_flat()
        self.flat_after()
        for _ in range(100):
            if daemon.process.poll() is None:
                daemon.process.send_signal(signal.SIGTERM)
            time.sleep(0.005)
        self.assertEqual(daemon.process.wait(PATIENCE), 0)
        self.assertEqual(sum("stopped" in line for line in daemon.lines), 1)
        self.start().wait_for("data-opened", "last_run=clean")


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
