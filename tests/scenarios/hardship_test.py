#!/usr/bin/python3
"""What networks and a suspend do to a daemon: huge and slow replies, a gateway that moves, a machine that sleeps.

usage: hardship_test.py BULKHEAD_BINARY [unittest arguments]
"""
import signal
import sys
import time
import unittest

import daemon_harness
from hardship_tools import HEAD, MAX_5, MEGABYTE, SLOW, Hard, Hardship, Line, announced, chunked, drip

BODY, REQUEST_TIMEOUT = 100 * MEGABYTE, 5
DRIPPING_BODY, DRIPPING_HEAD = HEAD + b"Content-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "


def highest_memory(daemon):
    with open(f"/proc/{daemon.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


class Replies(Hard):
    def test_a_hundred_megabytes_are_refused_and_the_close_goes_on(self):
        self.through_a_line(MAX_5)
        daemon = self.start()
        before = highest_memory(daemon)
        for play in (announced(BODY), chunked(BODY), drip(HEAD + b"Content-Length: %d\r\n\r\n" % BODY)):
            mark = len(daemon.lines)
            self.line.trick("closeContract", play)
            self.assertLess(self.flat_after(), 4.0 * SLOW)
            daemon.wait_for("enforcement-verified", start=mark)
        self.assertEqual(len(self.line.tried), 3)
        self.line.trick("/api/Account/search", chunked(BODY))
        self.line.cut()
        daemon.wait_for("reconcile-failed", "larger than 8388608 bytes")
        self.flat_after()
        mark = len(daemon.lines)
        self.line.send(b"\x81\x7f" + BODY.to_bytes(8, "big") + b" " * MEGABYTE)  # the head of a websocket's message
        daemon.wait_for("stream-lost", "user hub", "exceeded", start=mark)
        daemon.wait_for("stream-restored", "user hub", start=mark)
        self.flat_after()
        self.assertLess(highest_memory(daemon) - before, 64 * MEGABYTE)

    def test_a_reply_that_drips_is_given_up_and_delays_no_other_account(self):
        self.through_a_line(MAX_5, accounts=(101, 102, 103))
        self.start(ready=(101, 102, 103))
        for head in (DRIPPING_BODY, DRIPPING_HEAD):
            self.line.trick("closeContract", drip(head))
        began = time.monotonic()
        for account in (101, 102):
            self.position(6, account=account)
        self.wait_until("nobody drips", lambda: len(self.line.tried) == 2)
        self.assertLess(self.flat_after(103), 2.0 * SLOW)
        for account in (101, 102):
            self.wait_flat(account)
        self.assertGreater(time.monotonic() - began, REQUEST_TIMEOUT - 1)
        self.assertLess(time.monotonic() - began, (REQUEST_TIMEOUT + 4) * SLOW)


class Named(Hard):
    """The gateway's name is localhost; where that is, a file says."""

    scheme, api = "http", ""

    def start_before(self, first, second):
        """A daemon that is connected to the first address; the name leads to the second from then on."""
        hardship = Hardship(self.home).works_with(daemon_harness.BULKHEAD)
        port = int(self.gateway.rsplit(":", 1)[1])
        self.old = Line(port, first)
        self.new = Line(port, second, self.old.port)
        for line in (self.old, self.new):
            self.addCleanup(line.close)
        hardship.host.write_text(first)
        self.configure(MAX_5, gateway=f"{self.scheme}://localhost:{self.old.port}")
        accounts = self.home / "config" / "accounts.yaml"
        accounts.write_text(accounts.read_text().replace("api: {", f"api: {{ {self.api}"))
        daemon = self.start(hardship.named)
        self.assertFalse(self.new.pairs)
        hardship.host.write_text(second)
        return daemon

    def moved(self, daemon, within):
        mark = len(daemon.lines)
        self.old.cut()
        took = self.flat_after()
        daemon.wait_for("stream-restored", "user hub", start=mark)
        self.assertTrue(self.new.pairs)
        self.assertLess(took, within * SLOW)


class Names(Named):
    scheme = "https"

    def surroundings(self):
        certificate = self.home / "ca.pem"  # the server's is good for localhost
        self.simulate = ("--tls", "--ca-out", str(certificate))
        self.api = f"ca_file: '{certificate}', "
        return {}

    def test_a_gateway_that_moved_is_found_where_its_name_leads_now(self):
        daemon = self.start_before("127.0.0.2", "127.0.0.3")
        self.old.close()
        self.moved(daemon, within=5)  # the second try comes after at most 2.4 s, the third after 10

    def test_an_old_address_that_takes_calls_and_says_nothing_is_left(self):
        daemon = self.start_before("127.0.0.2", "127.0.0.3")
        self.old.swallows = True
        self.moved(daemon, within=12)  # 5 s for the silent address, and the next try after at most 2.4 s


class LeftBehind(Named):
    def test_an_old_address_with_no_gateway_behind_it_is_left(self):
        daemon = self.start_before("127.0.0.2", "127.0.0.3")
        self.old.trick("/", lambda to: to.sendall(b"HTTP/1.1 503 Gone\r\nContent-Length: 0\r\n\r\n"), 10000)
        self.moved(daemon, within=20)


class Sleep(Hard):
    """The machine is suspended: the daemon stands still, and wall and boot clock go on without its timers."""

    def surroundings(self):
        self.hardship = Hardship(self.home).works_with(daemon_harness.BULKHEAD)
        return self.hardship.env  # the gateway's clock is the world's

    def sleep(self, daemon, seconds):
        daemon.process.send_signal(signal.SIGSTOP)
        self.hardship.told.slept += seconds * 10**9

    def wake(self, daemon):
        daemon.process.send_signal(signal.SIGCONT)
        return time.monotonic()

    def test_what_happened_meanwhile_is_enforced_at_waking(self):
        self.through_a_line(MAX_5)
        daemon = self.start(self.hardship.env)
        for leave in (lambda: None, self.line.cut, self.line.forget):
            mark = len(daemon.lines)
            self.sleep(daemon, 600)
            leave()
            self.position(6)
            began = self.wake(daemon)
            self.wait_flat()
            self.assertLess(time.monotonic() - began, 3.0 * SLOW)
            self.wait_until("the stream is not back", lambda: self.row(daemon)["connected"])
            daemon.wait_for("enforcement-verified", start=mark)
            self.flat_after()

    def test_a_lockout_ends_by_the_time_that_passed_and_not_by_the_time_awake(self):
        self.through_a_line("  consecutive_losses: { enabled: true, losses: 1, cooldown_seconds: 900 }")
        daemon = self.start(self.hardship.env)
        self.lose("50")
        daemon.wait_for("lockout-set", "durable=true")
        end = self.row(daemon)["lockouts"][0]["expires_at"]
        self.sleep(daemon, 600)
        self.wake(daemon)
        self.wait_until("the stream is not back", lambda: self.row(daemon)["connected"])
        self.assertEqual(self.row(daemon)["lockouts"][0]["expires_at"], end)
        self.sleep(daemon, 301)
        began = self.wake(daemon)
        daemon.wait_for("lockout-cleared")
        self.assertLess(time.monotonic() - began, 3.0 * SLOW)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
