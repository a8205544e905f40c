#!/usr/bin/python3
"""Every command of the command line against a real daemon: what it prints, and what it brings about.

usage: commands_test.py BULKHEAD_BINARY [unittest arguments]
"""
import json
import os
import sys
import unittest

from cli_harness import Cli, daemon_harness
from daemon_harness import ES, MNQ


class Reading(Cli):
    def test_positions_and_orders_of_all_accounts_or_one(self):
        self.serve(accounts=(101, 102))
        self.position(3)
        self.position(2, contract=ES, account=102)
        number = self.order(MNQ)
        self.wait_until("not all is seen", lambda: len(self.told("positions")["positions"]) == 2)
        rows = self.told("positions", "--account", "101")["positions"]
        self.assertEqual([(r["account_id"], r["contract_id"], r["side"], r["size"]) for r in rows],
                         [(101, MNQ, "long", 3)])
        self.wait_until("the order is not seen", lambda: self.told("orders")["orders"])
        self.assertEqual([(r["order_id"], r["side"], r["type"]) for r in self.told("orders")["orders"]],
                         [(number, "buy", "limit")])
        table = self.cli("positions").stdout
        self.assertIn("CONTRACT", table)
        self.assertIn(ES, table)
        self.assertNotIn("\x1b", table)  # no colours for a pipe

    def test_an_account_that_is_not_there_is_named(self):
        self.serve()
        for words in (["positions"], ["history"], ["status"], ["timers"]):
            answer = self.told(*words, "--account", "999", code=1)
            self.assertIn("NO_SUCH_ACCOUNT", answer["error"])
            self.assertIsNone(answer["data"])

    def test_accounts_timers_and_configuration(self):
        self.serve(accounts=(101, 102))
        rows = self.told("account", "list")["accounts"]
        self.assertEqual([(r["account_id"], r["enabled"], r["running"]) for r in rows],
                         [(101, True, True), (102, True, True)])
        timers = self.told("timers", "--account", "101")["timers"]
        self.assertEqual(timers[0]["name"], "daily reset")
        self.assertGreater(timers[0]["remaining_seconds"], 0)
        shown = self.cli("config", "get", "--json").stdout
        self.assertNotIn("demo-key", shown)
        config = json.loads(shown)["data"]["config"]
        self.assertEqual(config["rules"][0]["settings"]["limit"], "50")

    def test_logs_by_line_pattern_and_level(self):
        self.serve()
        self.told("login", "--password-file", self.password_file(), code=4)
        self.position(51)
        self.daemon.wait_for("enforcement-verified")
        lines = self.told("logs", "--lines", "5")["logs"]
        self.assertEqual(len(lines), 5)
        found = self.told("logs", "--grep", r"breach-detected account=\d+ rule=RULE-0*1")
        self.assertEqual(found["count"], 1)
        for line in self.told("logs", "--level", "CRITICAL")["logs"]:
            self.assertIn(" critical ", line)
        self.assertIn("BAD_REQUEST", self.told("logs", "--grep", "(", code=2)["error"])
        self.assertEqual(self.cli("logs", "--lines", "0").returncode, 2)
        self.assertIn("breach-detected", self.cli("logs", "--grep", "breach-detected").stdout)


class Acting(Cli):
    def setUp(self):
        super().setUp()
        self.serve(accounts=(101, 102))
        self.become_admin()

    def test_block_flattens_and_locks_and_unblock_lifts(self):
        self.position(2)
        self.wait_until("the position is not seen", lambda: self.told("positions")["positions"])
        done = self.told("block", "--account", "101", "--hours", "0.5", "--reason", "lunch")
        self.assertEqual((done["account_id"], done["blocked"]), (101, True))
        self.assertEqual([c["contract_id"] for c in done["closes"]], [MNQ])
        self.assertRegex(done["expiry"], r"^\d{4}-.*Z$")
        self.wait_flat()
        self.daemon.wait_for("enforcement-verified", "account=101")
        row = self.told("lockouts")["active"]
        self.assertEqual([(r["account_id"], r["source"], r["kind"], r["reason"]) for r in row],
                         [(101, "manual", "manual", "lunch")])
        self.position(1)  # the gate closes what comes while it stands
        self.wait_flat()
        lifted = self.told("unblock", "--account", "101")
        self.assertEqual((lifted["removed"], lifted["remaining"], lifted["unblocked"]), (["manual"], [], True))
        self.wait_until("it is not past", lambda: self.told("lockouts")["past"])
        self.assertEqual(self.told("lockouts")["past"][0]["cleared_by"], "admin")
        history = self.told("history", "--account", "101", "--since", "1h")["history"]
        self.assertLessEqual({"lockout-set", "lockout-cleared", "note"}, {r["kind"] for r in history})
        self.assertEqual(self.told("history", "--since", "2100-01-01T00:00:00Z")["history"], [])
        self.assertEqual(len(self.told("history", "--limit", "1")["history"]), 1)

    def test_block_may_spare_what_is_open_or_other_instruments(self):
        self.position(2)
        self.wait_until("the position is not seen", lambda: self.told("positions")["positions"])
        self.assertEqual(self.told("block", "--account", "101", "--no-flatten")["closes"], [])
        self.told("block", "--account", "102", "--symbol", "MNQ")
        scopes = {(r["account_id"], r["scope"], r["mode"]) for r in self.told("lockouts")["active"]}
        self.assertEqual(scopes, {(101, "account", "no_new_exposure"), (102, "symbol:MNQ", "flatten")})
        self.position(3)  # one more than was there
        self.wait_until("it is not reduced", lambda: self.sizes() == [2])

    def test_flatten_one_contract_then_everything(self):
        self.position(2)
        self.position(1, contract=ES)
        self.order(ES, price=100)
        self.wait_until("not all is seen", lambda: len(self.told("positions")["positions"]) == 2)
        self.wait_until("the order is not seen", lambda: self.told("orders")["orders"])
        done = self.told("flatten", "--account", "101", "--contract", MNQ)
        self.assertEqual([c["contract_id"] for c in done["closes"]], [MNQ])
        self.assertEqual(done["cancels"], [])
        self.wait_until("MNQ is not closed", lambda: self.sizes() == [1])
        self.wait_until("ES is not kept", lambda: len(self.told("orders")["orders"]) == 1)
        done = self.told("flatten", "--account", "101", "--reason", "going home")
        self.assertEqual(len(done["closes"]) + len(done["cancels"]), 2)
        self.assertEqual(done["close_reason"], "going home")
        self.wait_flat()
        self.wait_until("the order stands", lambda: not self.told("orders")["orders"])
        self.assertFalse(self.told("lockouts")["active"])
        self.assertIn("BAD_REQUEST", self.told("flatten", "--account", "101", "--contract", MNQ, code=2)["error"])

    def test_cancel_one_order_then_all_and_keep_the_position(self):
        self.position(2)
        first, second = self.order(MNQ, price=100), self.order(MNQ, price=101)
        self.wait_until("not all is seen", lambda: len(self.told("orders")["orders"]) == 2)
        done = self.told("cancel", "--account", "101", "--order", str(first))
        self.assertEqual([c["order_id"] for c in done["cancels"]], [first])
        self.wait_until("it stands", lambda: [o["order_id"] for o in self.told("orders")["orders"]] == [second])
        self.told("cancel", "--account", "101", "--all")
        self.wait_until("it stands", lambda: not self.told("orders")["orders"])
        self.assertEqual(self.sizes(), [2])
        self.assertEqual(self.cli("cancel", "--account", "101").returncode, 2)
        self.assertIn("BAD_REQUEST", self.told("cancel", "--account", "101", "--order", "4711", code=2)["error"])

    def test_what_was_ordered_by_hand_stands_in_the_journal(self):
        self.told("block", "--account", "101")
        self.told("flatten", "--account", "101")
        journal = b"".join(f.read_bytes() for f in (self.home / "data" / "journal" / "101").iterdir())
        self.assertIn(b"blocked by hand", journal)
        self.assertEqual(daemon_harness.run("journal", "verify", "--data", str(self.home / "data")).returncode, 0)

    def test_configuration_validated_and_reloaded(self):
        self.configure("  max_contracts: { limt: 5 }", accounts=(101, 102))
        refused = self.told("config", "validate", code=5)
        self.assertIn("did you mean 'limit'", "\n".join(refused["data"]["errors"]))
        self.assertIn("CONFIG_INVALID", self.told("config", "reload", code=5)["error"])
        self.configure("  max_contracts: { limit: 5, close_all: true }", accounts=(101, 102))
        self.assertTrue(self.told("config", "validate")["valid"])
        self.assertTrue(self.told("config", "reload")["reloaded"])
        self.position(6)
        self.wait_flat()


class Enforcing(Cli):
    rules = "  max_contracts: { limit: 5, dry_run: true, close_all: true }\n  daily_realized_loss: { limit: 500 }"

    def test_judges_by_one_rule_now(self):
        self.serve()
        self.become_admin()
        nothing = self.told("enforce", "--account", "101", "--rule", "RULE-003")
        self.assertEqual((nothing["breach_detected"], nothing["enforced"], nothing["breach"]), (False, False, None))
        self.assertIn("RULE_DISABLED",
                      self.told("enforce", "--account", "101", "--rule", "RULE-002", code=1)["error"])
        self.lose("600")
        self.daemon.wait_for("lockout-set", "RULE-003")
        self.told("unblock", "--account", "101", "--source", "RULE-003")
        self.assertFalse(self.told("lockouts")["active"])
        tried = self.told("enforce", "--account", "101", "--rule", "RULE-003", "--dry-run")
        self.assertEqual((tried["breach_detected"], tried["enforced"]), (True, False))
        self.assertFalse(self.told("lockouts")["active"])
        done = self.told("enforce", "--account", "101", "--rule", "DailyRealizedLoss")
        self.assertEqual((done["breach"]["rule_id"], done["enforced"], done["locked_out"]), ("RULE-003", True, True))
        self.assertEqual([r["source"] for r in self.told("lockouts")["active"]], ["RULE-003"])


if __name__ == "__main__":
    daemon_harness.BULKHEAD = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
