#!/usr/bin/python3
"""kill -9 at random moments under load, again and again on the same data.

usage: kill_test.py BULKHEAD_BINARY [unittest arguments]
BULKHEAD_KILLS: how many, 20 unless set. BULKHEAD_SEED: of everything random, printed.
"""
import os
import random
import signal
import sys
import threading
import time
import unittest

import daemon_harness
from daemon_harness import ES, MNQ, Daemon

KILLS = int(os.environ.get("BULKHEAD_KILLS", "20"))
SEED = int(os.environ.get("BULKHEAD_SEED", str(time.time_ns() % 1_000_000)))
RULES = """  max_contracts: { limit: 5, lockout_on_breach: true }
  daily_realized_loss: { limit: 100000 }"""
LOCK, TRADE = 102, 101  # one account breaches now and then, the other trades on all the time


class Kill(Daemon):
    simulate = ("--budget", "1000000")  # so many starts a minute are beyond what the real one answers

    def trade(self, dice, stop):
        """Round trips of the one account, and now and then a breach of the other, until told to stop."""
        while not stop.is_set():
            side = dice.randrange(2)
            for step in (side, 1 - side):
                self.ask("/sim/fill", {"accountId": TRADE, "contractId": dice.choice((MNQ, ES)), "side": step,
                                       "size": dice.randrange(1, 3)})
            if dice.random() < 0.1:
                self.position(6, account=LOCK)
            time.sleep(dice.random() * 0.01)

    def net_at_the_gateway(self, account):
        rows = [fill for fill in self.truth(account)[0]["fills"] if not fill["voided"]]
        return sum((fill["profitAndLoss"] or 0) - fill["fees"] - fill["commissions"] for fill in rows)

    def row(self, daemon, account):
        return next(a for a in self.status(daemon)["data"]["accounts"] if a["account_id"] == account)

    def test_nothing_is_lost_and_nothing_done_twice(self):
        print(f"{KILLS} kills, BULKHEAD_SEED={SEED}")
        dice = random.Random(SEED)
        self.configure(RULES, accounts=(TRADE, LOCK))
        locked_until = None
        for _ in range(KILLS):
            daemon = self.start(ready=(TRADE, LOCK))
            stop = threading.Event()
            trader = threading.Thread(target=self.trade, args=(random.Random(dice.random()), stop))
            trader.start()
            time.sleep(dice.random() * 0.25)
            daemon.end(signal.SIGKILL)
            told = any("lockout-set" in line and "durable=true" in line and f"account={LOCK}" in line
                       for line in daemon.lines)
            stop.set()
            trader.join()
            daemon = self.start(ready=(TRADE, LOCK))
            self.wait_flat(LOCK)
            row = self.row(daemon, LOCK)
            if told or locked_until:
                self.assertTrue(row["locked_out"], "a lockout that was told is lost")
                until = max(lockout["expires_at"] for lockout in row["lockouts"])
                self.assertGreaterEqual(until, locked_until or until, "a lockout was shortened")
                locked_until = until
            self.never_through_zero()
            self.wait_until("the day's result differs from the gateway's fills",
                            lambda d=daemon: abs(self.row(d, TRADE)["realized_net"]
                                                 - self.net_at_the_gateway(TRADE)) < 0.005)
            daemon.end(signal.SIGKILL)

    def never_through_zero(self):
        """The trader of this account only buys: a short position can only be an enforcement done twice."""
        for position in self.truth(LOCK)[0]["positions"]:
            self.assertTrue(position["size"] == 0 or position["type"] == daemon_harness.LONG, position)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(verbosity=1)
