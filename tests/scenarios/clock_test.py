#!/usr/bin/python3
"""A wall clock that somebody moved: real daemons under libfaketime against a gateway that knows the time.

usage: clock_test.py BULKHEAD_BINARY [unittest arguments]
"""
import glob
import os
import signal
import subprocess
import sys
import unittest
from datetime import datetime, timedelta, timezone

import daemon_harness
from daemon_harness import PATIENCE, Daemon, run  # noqa: F401

LOSS_500 = "  daily_realized_loss: { limit: 500 }"
LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), "")


def moved(by):
    """The environment of a daemon whose clock is wrong."""
    env = {"LD_PRELOAD": LIBRARY, "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    tried = subprocess.run([daemon_harness.BULKHEAD, "--version"], env={**os.environ, **env}, capture_output=True,
                           check=False, timeout=PATIENCE)
    if not LIBRARY or tried.returncode != 0:  # a sanitizer wants to come first
        raise unittest.SkipTest("libfaketime is not installed, or this build does not run under it")
    return env


def seconds_left(status):
    lockout = status["data"]["accounts"][0]["lockouts"][0]
    until = datetime.fromisoformat(lockout["expires_at"].replace("Z", "+00:00"))
    return lockout["expires_at"], (until - datetime.now(timezone.utc)) / timedelta(seconds=1)


class Clock(Daemon):
    def lock(self, env=None):
        self.configure(LOSS_500)
        daemon = self.start(env)
        self.lose("600")
        daemon.wait_for("lockout-set", "durable=true")
        return daemon, self.status(daemon)

    def test_no_lockout_ends_when_the_clock_is_moved_between_two_runs(self):
        daemon, before = self.lock()
        end, left = seconds_left(before)
        self.assertGreater(left, 0)
        for by in ("+1h", "+1d", "-1h", "-1d"):
            daemon.end(signal.SIGKILL)
            daemon = self.start(moved(by))
            daemon.wait_for("clock-corrected")
            account = self.status(daemon)["data"]["accounts"][0]
            self.assertTrue(account["locked_out"], by)
            self.assertEqual(account["lockouts"][0]["expires_at"], end, by)
            self.position(1)
            self.wait_flat()

    def test_a_lockout_set_under_a_wrong_clock_ends_when_the_gateways_day_does(self):
        for by in ("+1d", "-1d"):
            self.ask("/sim/reset", {})
            daemon, status = self.lock(moved(by))
            _, left = seconds_left(status)
            self.assertGreater(left, 0, by)
            self.assertLessEqual(left, 25 * 3600, by)
            daemon.end(signal.SIGKILL)
            daemon_harness.subprocess.run(["rm", "-rf", str(self.home / "data")], check=True)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(verbosity=1)
