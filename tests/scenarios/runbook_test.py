#!/usr/bin/python3
"""Every procedure of docs/runbook.md, on a real daemon in that trouble: its commands are read from the page and run.

usage: runbook_test.py BULKHEAD_BINARY [unittest arguments]
"""
import os
import re
import resource
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import daemon_harness
from clock_test import moved
from daemon_harness import PATIENCE, Daemon

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text()
RULES = "  daily_realized_loss: { limit: 500 }\n  max_contracts: { limit: 5, count_type: net, close_all: true }"
SMALL = 64 * 1024  # bytes that any file may have while the disk is "full"


def procedure(title):
    """The commands under a heading, one string for each block."""
    section = next(part for part in re.split(r"^## ", RUNBOOK, flags=re.M)[1:] if part.startswith(title))
    blocks = re.findall(r"^```sh\n(.*?)^```", section, flags=re.M | re.S)
    assert blocks, f"no commands under {title}"
    return blocks


class Runbook(Daemon):
    def locked(self, env=None):
        self.configure(RULES)
        daemon = self.start(env)
        self.lose("600")
        daemon.wait_for("lockout-set", "durable=true")
        return daemon, self.row(daemon)["lockouts"]

    def follow(self, daemon, title):
        """Runs the page's commands as they stand; only the port is filled in, which the test lets the system pick."""
        line = next(line for line in daemon.lines if "control_port=" in line)
        tools = self.home / "bin"
        tools.mkdir(exist_ok=True)
        port = line.split("control_port=")[1].split()[0]
        (tools / "bulkhead").write_text(
            '#!/bin/sh\ncase "$1" in status | login) set -- "$@" --node 127.0.0.1:' + f'{port} --data data ;; esac\n'
            f'exec "{daemon_harness.BULKHEAD}" "$@"\n')
        (tools / "bulkhead").chmod(0o755)
        said = ""
        for block in procedure(title):
            done = subprocess.run(["sh", "-e", "-c", block], cwd=self.home, capture_output=True, text=True,
                                  timeout=PATIENCE, check=False, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
            self.assertEqual(done.returncode, 0, f"{block}\n{done.stdout}\n{done.stderr}")
            said += done.stdout
        return said

    def test_a_store_was_quarantined(self):
        daemon, lockouts = self.locked()
        daemon.end(signal.SIGKILL)
        store = self.home / "data" / "state"
        store.write_bytes(b"\xff" * store.stat().st_size)
        daemon = self.start()
        daemon.wait_for("store-quarantined")
        self.assertEqual([row["expires_at"] for row in self.row(daemon)["lockouts"]],
                         [row["expires_at"] for row in lockouts])
        said = self.follow(daemon, "A store was quarantined")
        self.assertIn("RULE-003", said)
        self.assertTrue(list((self.home / "evidence").iterdir()))
        self.assertFalse(list((self.home / "data").rglob("*.quarantine-*")))

    def test_the_clock_jumped(self):
        daemon, lockouts = self.locked()
        daemon.end(signal.SIGKILL)
        daemon = self.start(moved("+1d"))
        daemon.wait_for("clock-corrected")
        self.assertIn("RULE-003", self.follow(daemon, "The clock jumped"))
        self.assertEqual(self.row(daemon)["lockouts"][0]["expires_at"], lockouts[0]["expires_at"])

    def test_the_admin_password_is_lost(self):
        self.configure(RULES)
        daemon = self.start()
        forgotten = self.home / "forgotten"
        forgotten.write_text("nobody knows it any more\n")
        forgotten.chmod(0o600)
        made = daemon_harness.run("init", "--data", str(self.home / "data"), "--admin-password-file", str(forgotten))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.follow(daemon, "The admin password is lost")
        line = next(line for line in daemon.lines if "control_port=" in line)
        node = ("--node", "127.0.0.1:" + line.split("control_port=")[1].split()[0], "--data", str(self.home / "data"))
        self.assertEqual(daemon_harness.run("config", "reload", *node).returncode, 0)
        self.assertEqual(daemon_harness.run("login", "--password-file", str(forgotten), *node).returncode, 4)

    def test_the_disk_is_full(self):
        self.configure(RULES)
        # A file that may not grow is refused like one on a full disk, and needs no disk of its own to be tried. The
        # signal that goes with it is ignored, as it is when the disk is full.
        was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGXFSZ, was)
        daemon = self.start(restore_signals=False)
        unlimited = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (SMALL, resource.RLIM_INFINITY))
        mark, deadline = len(daemon.lines), time.monotonic() + PATIENCE
        while not any("-failing" in line or "-failed" in line for line in daemon.lines[mark:]):
            self.assertLess(time.monotonic(), deadline, "no alarm although nothing can be written")
            for size in (1, 2, 3, 0):
                self.position(size)
        self.lose("600")
        self.wait_until("not locked", lambda: self.row(daemon)["locked_out"])
        self.position(2)
        self.wait_flat()
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, unlimited)
        daemon.wait_for("storage-recovered", start=mark)
        self.follow(daemon, "The disk is full")
        lockouts = self.row(daemon)["lockouts"]
        daemon.end(signal.SIGKILL)
        daemon = self.start()
        self.assertEqual([row["expires_at"] for row in self.row(daemon)["lockouts"]],
                         [row["expires_at"] for row in lockouts])


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(verbosity=1)
