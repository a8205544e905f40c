#!/usr/bin/python3
"""Accounts that are traded alike, judged together: real processes against the simulated gateway.

usage: groups_test.py BULKHEAD_BINARY [unittest arguments]
"""
import json
import signal
import sys
import time
import unittest

import daemon_harness
from daemon_harness import Daemon, ES, LONG, MNQ, SHORT, run

MES = "CON.F.US.MES.U26"
LOSS = "  group_limits: { enabled: true, daily_loss_total: 1500, include_unrealized: false }"
HEDGE = "  cross_account_hedge: { enabled: true, tolerance_ms: 2000 }"
TRADE_REQUESTS = ("/api/Position/closeContract", "/api/Position/partialCloseContract", "/api/Order/cancel")


class Groups(Daemon):
    accounts = (101, 102, 103)

    def serve(self, rules, grouped=accounts):
        self.configure(rules, accounts=self.accounts)
        file = self.home / "config" / "accounts.yaml"
        text = file.read_text()
        for account in grouped:
            text = text.replace(f"account_id: {account},", f"account_id: {account}, group: copied,")
        file.write_text(text)
        return self.start(ready=self.accounts)

    def lose_in(self, account, amount):
        self.ask("/sim/fill", {"accountId": account, "contractId": ES, "side": 0, "size": 1})
        self.ask("/sim/fill", {"accountId": account, "contractId": ES, "side": 1, "size": 1, "pnl": f"-{amount}"})

    def wait_lost(self, daemon, account, amount):
        """Fees are lost, too."""
        self.wait_until(f"the loss of {account} is not seen",
                        lambda: float(self.rows(daemon)[account]["realized_net"]) <= -amount)

    def rows(self, daemon):
        return {row["account_id"]: row for row in self.status(daemon)["data"]["accounts"]}

    def sources(self, daemon, account):
        return [lockout["source"] for lockout in self.rows(daemon)[account]["lockouts"]]

    def requests(self):
        return self.truth()[1]["requests"]

    def trades(self):
        """How many requests of each kind the gateway got that close or cancel."""
        return {path: count for path, count in self.requests().items() if path in TRADE_REQUESTS}

    def test_three_copied_accounts_are_flattened_in_one_pass(self):
        daemon = self.serve(LOSS)
        for account in self.accounts:
            self.position(2, contract=MNQ, account=account)
        self.lose_in(101, 600)
        self.lose_in(102, 500)
        self.lose_in(103, 300)
        self.wait_lost(daemon, 103, 300)
        self.assertEqual([self.sizes(a) for a in self.accounts], [[2], [2], [2]])
        self.lose_in(103, 200)
        for account in self.accounts:
            self.wait_flat(account)
            daemon.wait_for("lockout-set", f"account={account}", "RULE-025")
        requests = self.truth()[1]["trading"]
        closes = [r["accountId"] for r in requests if r["endpoint"] == "/api/Position/closeContract"]
        self.assertEqual(sorted(closes), list(self.accounts), "each once, none repeated")
        # The gate may also try to cancel the market order by which the gateway closes, once per account.
        self.assertLessEqual(len(requests), 2 * len(self.accounts), requests)
        self.assertFalse([r for r in requests if r["status"] == 429])
        for account in self.accounts:
            self.assertEqual(self.sources(daemon, account), ["RULE-025"])

    def test_the_lockout_of_a_group_outlives_a_killed_daemon(self):
        daemon = self.serve(LOSS)
        self.lose_in(101, 1500)
        for account in self.accounts:
            daemon.wait_for("lockout-set", f"account={account}", "RULE-025")
        daemon.end(signal.SIGKILL)
        daemon = self.start(ready=self.accounts)
        for account in self.accounts:
            self.assertEqual(self.sources(daemon, account), ["RULE-025"])
        self.position(1, account=102)
        self.wait_flat(102)

    def test_an_account_outside_the_group_neither_counts_nor_is_touched(self):
        daemon = self.serve(LOSS, grouped=(101, 102))
        self.position(2, account=103)
        self.lose_in(103, 5000)
        self.lose_in(101, 1400)
        self.wait_lost(daemon, 101, 1400)
        self.assertEqual(self.sources(daemon, 101), [])
        self.lose_in(102, 200)
        daemon.wait_for("lockout-set", "account=102", "RULE-025")
        self.assertEqual(self.sources(daemon, 103), [])
        self.assertEqual(self.sizes(103), [2])

    def test_a_hedge_over_two_accounts_ends_after_the_tolerance_and_not_before(self):
        daemon = self.serve(HEDGE)
        self.position(5, contract=ES, account=101, side=LONG)
        self.wait_until("the long is not seen", lambda: self.rows(daemon)[101]["contracts"] == 5)
        began = time.monotonic()
        self.position(5, contract=MES, account=102, side=SHORT)
        self.wait_flat(102)
        self.assertGreaterEqual(time.monotonic() - began, 2.0)
        daemon.wait_for("cross-account-hedge", "short 5 MES in account 102 against long 5 ES in account 101")
        self.assertEqual(self.sizes(101), [5], "the older side stays")
        self.assertEqual(sum(self.trades().values()), 1, self.trades())

    def test_a_copier_may_follow_a_flip(self):
        daemon = self.serve(HEDGE)
        for account in (101, 102):
            self.position(5, contract=ES, account=account, side=LONG)
            self.wait_until("the long is not seen", lambda a=account: self.rows(daemon)[a]["contracts"] == 5)
        self.position(5, contract=ES, account=101, side=SHORT)
        time.sleep(1.2)
        self.position(5, contract=ES, account=102, side=SHORT)
        time.sleep(3)
        self.assertEqual([self.sizes(101), self.sizes(102)], [[5], [5]])
        self.assertEqual(self.trades(), {})

    def test_check_says_what_is_enforced_for_groups(self):
        self.serve(LOSS).end()
        result = run("check", str(self.home / "config"))
        self.assertIn("group copied: accounts 101, 102, 103\n  enforced             RULE-025 group_limits\n", result.stdout)
        data = json.loads(run("check", str(self.home / "config"), "--json").stdout)["data"]
        self.assertEqual(data["groups"][0]["accounts"], [101, 102, 103])


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
