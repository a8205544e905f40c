#!/usr/bin/python3
"""The service manager's watchdog: a daemon whose breach path hangs is not fed, and so started again.

usage: watchdog_test.py BULKHEAD_BINARY [unittest arguments]
"""
import contextlib
import ctypes
import os
import socket
import sys
import unittest
from pathlib import Path

import daemon_harness
from daemon_harness import PATIENCE, Daemon


@contextlib.contextmanager
def frozen_thread(pid, name):
    """That thread of the process stands still, the others run."""
    tasks = Path(f"/proc/{pid}/task")
    (thread,) = [int(t.name) for t in tasks.iterdir() if (t / "comm").read_text().strip() == name]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    seize, interrupt, detach, all_kinds = 0x4206, 0x4207, 17, 0x40000000
    for request in (seize, interrupt):
        if libc.ptrace(request, thread, None, None) != 0:
            raise unittest.SkipTest(f"no tracing here: {os.strerror(ctypes.get_errno())}")
    os.waitpid(thread, all_kinds)
    try:
        yield
    finally:
        libc.ptrace(detach, thread, None, None)


class Watchdog(Daemon):
    def test_the_watchdog_is_fed_only_while_the_breach_path_answers(self):
        self.configure("  max_contracts: { limit: 5, close_all: true }")
        path = str(self.home / "notify")
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(path)
        daemon = self.start({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000000"})

        def fed_within(seconds):
            notify.settimeout(seconds)
            try:
                while notify.recv(4096) != b"WATCHDOG=1":
                    pass
            except TimeoutError:
                return False
            return True

        self.assertTrue(fed_within(PATIENCE))
        with frozen_thread(daemon.process.pid, "bh-breach-io"):
            while fed_within(1):  # what was on its way
                pass
            self.assertFalse(fed_within(4))
        self.assertTrue(fed_within(PATIENCE))


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
