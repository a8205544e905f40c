#!/usr/bin/python3
"""Every command of the command line against a real daemon: what it prints, and what it brings about.

usage: commands_test.py BULKHEAD_BINARY [unittest arguments]
"""
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
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

    def test_a_connection_that_takes_its_time_is_waited_for(self):
        self.serve()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def carry_late():
                client = listener.accept()[0]
                time.sleep(1.5)  # longer than a heartbeat of the daemon's
                with client, socket.create_connection(("127.0.0.1", behind)) as daemon:
                    for source, sink in ((client, daemon), (daemon, client)):
                        threads.append(threading.Thread(target=carry, args=(source, sink), daemon=True))
                        threads[-1].start()
                    for thread in threads[1:]:
                        thread.join(30)

            def carry(source, sink):
                with contextlib.suppress(OSError):
                    while data := source.recv(65536):
                        sink.sendall(data)
                with contextlib.suppress(OSError):
                    sink.shutdown(socket.SHUT_WR)

            behind, self.port = self.port, listener.getsockname()[1]
            threads = [threading.Thread(target=carry_late, daemon=True)]
            threads[0].start()
            self.assertEqual(self.told("status")["accounts"][0]["account_id"], 101)

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
        self.assertLessEqual({"lockout-set", "lockout-cleared", "note", "enforcement"}, {r["kind"] for r in history})
        enforced = [r for r in history if r["kind"] == "enforcement"]
        self.assertRegex(enforced[0]["text"], r"closed 1, cancelled \d, failed 0")
        self.assertIn("; proven", enforced[0]["text"])
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


class Books(Cli):
    rules = ("  max_loss_limit: { enabled: true, mode: eod_trailing, start_balance: 49000, max_loss: 2000, lock_at: 49500,"
             " floor_after_payout: 49200 }\n  max_contracts: { limit: 5, close_all: true }")

    def setUp(self):
        super().setUp()
        self.serve()
        self.become_admin()

    def again(self):
        """The daemon killed and started anew on what it had written."""
        self.daemon.end(signal.SIGKILL)
        self.serve()
        self.told("login", "--password-file", self.password_file())

    def test_a_payout_raises_the_floor_once_and_survives_a_restart(self):
        before = self.told("account", "payout", "--account", "101", "--amount", "0", code=2)
        self.assertIn("more than 0", before["error"])
        self.assertEqual(self.cli("account", "payout", "--amount", "5").returncode, 2)  # which account?
        done = self.told("account", "payout", "--account", "101", "--amount", "500", "--reason", "rent")
        self.assertEqual((done["payouts"], done["awaited"], done["floor"]), (1, "-500.00", "49200.00"))
        twice = self.told("account", "payout", "--account", "101", "--amount", "500", code=2)
        self.assertIn("not in the balance yet", twice["error"])
        self.again()
        self.ask("/sim/account", {"accountId": 101, "balance": 49500})
        self.daemon.wait_for("ready")
        self.wait_until("the payout is not seen", lambda: self.row_of("balance") == 49500)
        undone = self.told("account", "adjust", "--account", "101", "--amount", "-1")
        self.assertEqual(undone["payouts"], 1)
        self.assertIn("rent", json.dumps(self.told("history", "--since", "1h")))
        self.assertIn('"500.00"', (self.home / "data" / "control" / "audit.log").read_text())
        self.assertFalse(self.told("lockouts")["active"])

    def test_a_lost_store_is_made_good_from_the_gateway_s_trades(self):
        self.ask("/sim/fill", {"accountId": 101, "contractId": MNQ, "side": 0, "size": 1})
        self.daemon.end()
        shutil.rmtree(self.home / "data" / "journal")
        for file in (self.home / "data").glob("state*"):  # the database and its lock
            file.unlink()
        self.serve()
        self.daemon.wait_for("history-unknown")  # all its trades are of today

    def row_of(self, key):
        return self.told("status")["accounts"][0][key]

    def test_rebase_begins_at_the_present_balance(self):
        self.told("account", "payout", "--account", "101", "--amount", "500")
        done = self.told("account", "rebase", "--account", "101")
        self.assertEqual((done["payouts"], done["awaited"], done["high_balance"]), (0, "0.00", "50000.00"))
        self.position(1)
        self.wait_until("the position is not seen", lambda: self.told("positions")["positions"])
        self.assertIn("open", self.told("account", "rebase", "--account", "101", code=2)["error"])

    def test_a_disabled_account_is_watched_and_left_alone_until_it_is_enabled(self):
        self.position(1)
        self.wait_until("the position is not seen", lambda: self.told("positions")["positions"])
        self.assertIn("open", self.told("account", "disable", "--account", "101", code=2)["error"])
        self.told("flatten", "--account", "101")
        self.wait_until("it stays", lambda: not self.told("positions")["positions"])
        self.told("block", "--account", "101")
        self.assertIn("lockout", self.told("account", "disable", "--account", "101", code=2)["error"])
        self.told("unblock", "--account", "101")
        self.assertTrue(self.told("account", "disable", "--account", "101", "--reason", "evaluation over")["changed"])
        self.daemon.wait_for("enforcement-off", "evaluation over")
        self.assertIn("DISABLED", self.cli("status").stdout)
        self.assertIn("disabled", self.told("block", "--account", "101", code=2)["error"])
        self.again()
        self.daemon.wait_for("enforcement-off")
        self.position(6)
        self.wait_until("the breach is not told", lambda: any("breach-detected" in line for line in self.daemon.lines))
        self.assertEqual(self.sizes(), [6])
        self.assertEqual(self.told("account", "enable", "--account", "101")["intents"], 1)
        self.wait_flat()
        self.assertNotIn("DISABLED", self.cli("status").stdout)


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
