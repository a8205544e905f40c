#!/usr/bin/python3
"""A running daemon and a configuration that changes under it: SIGHUP, real processes.

usage: reload_test.py BULKHEAD_BINARY [unittest arguments]
"""
import signal
import sys
import unittest

import daemon_harness
from daemon_harness import Daemon


def at_most(limit):
    return f"  max_contracts: {{ limit: {limit}, close_all: true }}"


class Reload(Daemon):
    def reload(self, daemon, rules, word="config-reloaded", **more):
        mark = len(daemon.lines)
        self.configure(rules, **more)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for(word, start=mark)

    def wait_seen(self, daemon, account, contracts):
        def seen():
            rows = self.status(daemon)["data"]["accounts"]
            return next(r for r in rows if r["account_id"] == account)["contracts"] == contracts
        self.wait_until(f"{contracts} contracts of {account} are not seen", seen)

    def test_tighter_limits_hold_at_once(self):
        self.configure(at_most(9))
        daemon = self.start()
        self.position(6)
        self.wait_seen(daemon, 101, 6)
        self.reload(daemon, at_most(5))
        self.wait_flat()
        daemon.wait_for("config-changed", "rules.max_contracts.limit: 9 -> 5 (tighter)")

    def test_looser_limits_wait_where_positions_are_open_and_are_told(self):
        self.configure(at_most(5), accounts=(101, 102))
        daemon = self.start(ready=(101, 102))
        self.position(3, account=101)
        self.wait_seen(daemon, 101, 3)
        self.reload(daemon, at_most(9), accounts=(101, 102))
        daemon.wait_for("config-changed", "rules.max_contracts.limit: 5 -> 9 (looser)")
        daemon.wait_for("config-held-back", "account=101")
        self.position(6, account=101)
        self.wait_flat(101)
        self.position(6, account=102)  # was flat at the reload
        self.wait_seen(daemon, 102, 6)
        self.position(10, account=102)
        self.wait_flat(102)

    def test_looser_limits_hold_at_once_where_that_was_allowed_before(self):
        self.configure(at_most(5), extra="global: { deny_loosening_while_open: false }\n")
        daemon = self.start()
        self.position(3)
        self.wait_seen(daemon, 101, 3)
        self.reload(daemon, at_most(9))
        self.wait_until("9 contracts are not in force",
                        lambda: any(str(rule["limit"]).startswith("9") for rule in self.row(daemon)["rules"]))
        self.position(6)
        self.wait_seen(daemon, 101, 6)

    def test_an_added_account_is_started_and_the_others_stay_connected(self):
        self.configure(at_most(5))
        daemon = self.start()
        self.reload(daemon, at_most(5), accounts=(101, 102))
        daemon.wait_for("ready", "account=102")
        self.position(6, account=102)
        self.wait_flat(102)
        self.assertFalse([line for line in daemon.lines if "stream-lost" in line])
        self.assertEqual(len([line for line in daemon.lines if "ready account=101" in line]), 1)

    def test_an_added_user_gets_a_connection_and_no_key_is_shown(self):
        self.configure(at_most(5))
        daemon = self.start()
        accounts = self.home / "config" / "accounts.yaml"
        accounts.write_text(accounts.read_text().replace(
            "api: {", "  - { account_id: 201, username: trader2, api_key: demo-key-2 }\napi: {"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("ready", "account=201")
        self.position(6, account=201)
        self.wait_flat(201)
        self.assertNotIn("demo-key", "\n".join(daemon.lines))

    def test_a_removed_account_stays_protected_until_the_next_start(self):
        self.configure(at_most(5), accounts=(101, 102))
        daemon = self.start(ready=(101, 102))
        self.reload(daemon, at_most(5), accounts=(102,))
        daemon.wait_for("config-changed", "accounts.101", "with the next start")
        self.position(6, account=101)
        self.wait_flat(101)
        self.assertEqual(daemon.end(), 0)
        daemon = self.start(ready=(102,))
        self.assertEqual([a["account_id"] for a in self.status(daemon)["data"]["accounts"]], [102])

    def test_a_changed_key_waits_for_the_next_start_and_is_not_shown(self):
        self.configure(at_most(5))
        daemon = self.start()
        self.reload(daemon, at_most(5), key="another-key")
        daemon.wait_for("config-changed", "accounts.101", "with the next start")
        self.assertNotIn("another-key", "\n".join(daemon.lines))
        self.position(6)
        self.wait_flat()


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
