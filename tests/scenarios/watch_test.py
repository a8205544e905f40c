#!/usr/bin/python3
"""The live view on a terminal of 80x24, as tmux shows it, and as plain lines.

usage: watch_test.py BULKHEAD_BINARY [unittest arguments]
"""
import os
import signal
import subprocess
import sys
import unittest

from cli_harness import Cli, daemon_harness
from daemon_harness import PATIENCE, Process


class Watch(Cli):
    rules = "  max_contracts: { limit: 5, close_all: true }\n  daily_realized_loss: { limit: 500 }"

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", str(self.home / "tmux"), *words], capture_output=True, text=True,
                              timeout=PATIENCE, check=True)
        return done.stdout

    def watch_on_a_terminal(self):
        command = (f"exec {daemon_harness.BULKHEAD} watch --node 127.0.0.1:{self.port} --data {self.home}/data")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "watch", "-x", "80", "-y", "24", command)
        self.tmux("set-option", "-t", "watch", "remain-on-exit", "on")
        self.addCleanup(subprocess.run, ["tmux", "-S", str(self.home / "tmux"), "kill-server"], check=False,
                        capture_output=True)

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "watch")

    def sees(self, *texts):
        self.wait_until(f"never on the screen: {texts}", lambda: all(text in self.screen() for text in texts))
        return self.screen()

    def test_shows_accounts_limits_and_a_breach_as_it_happens(self):
        self.serve(accounts=(101, 102))
        self.watch_on_a_terminal()
        first = self.sees("gateway connected", ">101", " 102", "q quit", "RULE-001")
        self.assertLessEqual(max(len(line) for line in first.splitlines()), 80)
        self.assertEqual(len(first.splitlines()), 24)
        self.lose("600")
        self.sees("LOCKED", "breach-detected account=101", "lockout-set", "locked by RULE-003")
        self.tmux("send-keys", "-t", "watch", "j")
        self.sees(">102")
        self.daemon.end(signal.SIGKILL)
        self.sees("NO ANSWER FROM THE DAEMON", "STALE")
        self.tmux("send-keys", "-t", "watch", "q")
        self.wait_until("q does not end it", lambda: self.tmux("list-panes", "-t", "watch", "-F", "#{pane_dead}") == "1\n")

    def test_a_client_that_hangs_is_forgotten_and_nobody_waits_for_it(self):
        self.serve()
        words = ["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")]
        hanging, awake = Process(words), Process(words)
        for client in (hanging, awake):
            self.addCleanup(client.end, signal.SIGKILL)
            client.wait_for("state account=101", "OK")
        hanging.process.send_signal(signal.SIGSTOP)
        self.position(6)
        awake.wait_for("enforcement-verified", "account=101")
        self.assertEqual(self.cli("status").returncode, 0)
        hanging.process.send_signal(signal.SIGCONT)

    def test_one_account_only_and_refusals(self):
        self.serve(accounts=(101, 102))
        words = ["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")]
        one = Process([*words, "--account", "102"])
        self.addCleanup(one.end, signal.SIGKILL)
        one.wait_for("state account=102")
        self.position(6, account=102)
        one.wait_for("breach-detected account=102")
        self.assertFalse([line for line in one.lines if "account=101" in line])
        self.assertEqual(one.end(), 0)
        unknown = Process([*words, "--account", "999"])
        unknown.wait_for("NO_SUCH_ACCOUNT")
        self.assertEqual(unknown.process.wait(PATIENCE), 1)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
