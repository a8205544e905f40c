"""What happens on an account while nothing is heard of it, and how soon the daemon knows: reconnect_test.py PROGRAM"""
import sys
import time
import unittest

import daemon_harness
from daemon_harness import ES, LONG, MNQ, SHORT, Daemon

MAX_8 = "  max_contracts: { limit: 8, count_type: net, close_all: true }"
MAX_5 = "  max_contracts: { limit: 5, count_type: net, close_all: true }"
WITHOUT_PERMISSION = "  auth_loss_guard: { enabled: true }"
POLLS_AFTER, POLLS_EVERY = 10, 5  # seconds without the user hub, and between two reads then


class Reconnect(Daemon):
    def cut(self, for_good=False):
        """Ends the user hub's connection; `for_good` lets nobody in again before let_in()."""
        if for_good:
            self.ask("/sim/fault", {"kind": "status", "endpoint": "/hubs/user", "status": 503, "count": 1000})
        self.ask("/sim/fault", {"kind": "hub_drop", "hub": "user", "close": False})

    def let_in(self):
        self.ask("/sim/fault", {"kind": "clear"})

    def held(self, daemon):
        row = self.row(daemon)
        return row["position_count"], row["contracts"]

    def net_at_the_gateway(self):
        rows = [fill for fill in self.truth()[0]["fills"] if not fill["voided"]]
        return sum((fill["profitAndLoss"] or 0) - fill["fees"] - fill["commissions"] for fill in rows)

    def test_positions_and_fills_of_the_gap_are_found_by_the_first_read(self):
        self.configure(MAX_8)
        daemon = self.start()
        self.position(3)               # will be closed in part
        self.position(2, contract=ES)  # will be flipped
        self.position(1, contract="CON.F.US.RTY.U26")  # will be closed
        self.wait_until("the book is not known", lambda: self.held(daemon) == (3, 6))
        mark = len(daemon.lines)
        self.cut(for_good=True)
        daemon.wait_for("stream-lost", start=mark)
        self.position(1)
        self.position(2, contract=ES, side=SHORT)
        self.position(0, contract="CON.F.US.RTY.U26")
        self.position(1, contract="CON.F.US.M2K.U26")  # opened
        self.lose("37.50")
        self.let_in()
        daemon.wait_for("stream-restored", start=mark)
        self.wait_until("the book is not right again", lambda: self.held(daemon) == (3, 4))
        self.wait_until("the day's result is not the gateway's",
                        lambda: abs(self.row(daemon)["realized_net"] - self.net_at_the_gateway()) < 0.005)
        self.assertEqual(self.truth()[1]["trading"], [])

    def test_a_permission_taken_away_is_not_given_back_by_an_old_answer(self):
        self.configure(WITHOUT_PERMISSION)
        daemon = self.start()
        self.ask("/sim/account", {"accountId": 101, "canTrade": False})
        self.wait_until("not locked", lambda: self.row(daemon)["locked_out"])
        for _ in range(2):
            mark = len(daemon.lines)
            self.cut()
            daemon.wait_for("stream-restored", start=mark)
            time.sleep(0.5)  # the reads after a reconnect
            self.assertTrue(self.row(daemon)["locked_out"])
            self.assertFalse(any("lockout-cleared" in line for line in daemon.lines))
        self.ask("/sim/account", {"accountId": 101, "canTrade": True})
        self.wait_until("still locked", lambda: not self.row(daemon)["locked_out"])

    def test_limits_are_enforced_by_reading_while_the_hub_stays_away(self):
        self.configure(MAX_5)
        daemon = self.start()
        mark = len(daemon.lines)
        self.cut(for_good=True)
        daemon.wait_for("stream-lost", start=mark)
        began = time.monotonic()
        self.position(6)
        self.wait_flat()
        self.assertLess(time.monotonic() - began, POLLS_AFTER + POLLS_EVERY + 5)
        self.assertFalse(self.row(daemon)["connected"])

    def test_an_expired_token_delays_no_close_for_long(self):
        self.configure(MAX_5)
        daemon = self.start()
        self.ask("/sim/fault", {"kind": "expire_tokens"})
        self.position(6)
        self.wait_flat()
        logins = self.truth()[1]["requests"].get("/api/Auth/loginKey", 0)
        self.assertEqual(logins, 2, "one at the start, one after the refusal")
        self.assertEqual(daemon.end(), 0)

    def test_a_hub_that_falls_silent_is_given_up(self):
        self.configure(MAX_5)
        daemon = self.start()
        mark = len(daemon.lines)
        self.ask("/sim/fault", {"kind": "hub_stall", "hub": "user"})
        self.position(6)  # nobody hears of it
        deadline = time.monotonic() + 60  # the server's silence is tolerated for 30 s
        while self.sizes():
            self.assertLess(time.monotonic(), deadline, "\n".join(daemon.lines[mark:]))
            time.sleep(0.2)
        daemon.wait_for("stream-restored", start=mark)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
