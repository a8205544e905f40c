#!/usr/bin/python3
"""The daemon for minutes or hours under a steady 1,000 events a second: does its memory grow?

usage: soak.py BULKHEAD_BINARY [SECONDS]
600 seconds unless told, after a warm-up of 1,000. Two accounts hold positions while four contracts are quoted, and orders come
and go. In the warm-up everything that has a bound reaches it: 4,096 ended orders of each account, the moves of each contract in
the last 16 minutes, three times everything is read again; `status` is asked every second, because the first few hundred
connections of those who ask leave buffers behind that the next ones use. Round trips are made early in it: their fills are
remembered for the day. Then two things are looked at. The heap in use, as `status` tells it: its slope is the least-squares line
through the samples, with the standard error that their scatter implies, and fails the check when it lies more than three standard
errors above zero and comes to more than 1 % of the heap in an hour. And the memory that is resident for it (RssAnon): the
allocator keeps for each thread the most that it ever held at once, so resident memory rises in steps to a plateau, which is not
more than PLATEAU above what is in use.
"""
import http.client
import json
import re
import statistics
import subprocess
import sys
import time
import unittest
from pathlib import Path

import daemon_harness
from daemon_harness import ES, MNQ, Daemon

CONTRACTS = (MNQ, ES, "CON.F.US.MES.U26", "CON.F.US.ENQ.U26")
QUOTES, ORDERS = 220, 60  # a second: quotes of each contract, pairs of an order placed and cancelled
WARM = 9000  # orders until what is remembered of ended ones has reached its bound
WARM_UP = 1000  # seconds
TRIPS = (20, 40, 80, 120)  # seconds after which a round trip is made
PLATEAU = 2048  # KiB: copies of the accounts' state that wait for the journal, a few at once, in each thread's part of the heap
RULES = """  max_contracts: { limit: 50 }
  max_contracts_per_instrument: { limits: { MNQ: 40, ES: 40 }, default_limit: 40 }
  daily_realized_loss: { limit: 1000000 }
  daily_unrealized_loss: { limit: 1000000 }
  trade_frequency_limit: { limits: { per_minute: 1000 } }
  cooldown_after_loss: { loss_thresholds: [{ loss_amount: -100000, cooldown_duration: 60 }] }
  symbol_blocks: { blocked_symbols: [RTY] }"""


def resident(pid):
    """KiB: all that is resident, and what of it was allocated."""
    rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(rows["VmRSS"].split()[0]), int(rows["RssAnon"].split()[0])


def received(port):
    """Bytes that came from the gateway over the connections that are open."""
    text = subprocess.run(["ss", "-tinH", "state", "established", f"dport = :{port}"], capture_output=True, text=True,
                          check=True).stdout
    return sum(int(figure) for figure in re.findall(r"bytes_received:(\d+)", text))


def slope(points):
    """KiB an hour, and its standard error."""
    times, values = [t for t, _ in points], [v for _, v in points]
    line = statistics.linear_regression(times, values)
    mean = statistics.fmean(times)
    spread = sum((t - mean) ** 2 for t in times)
    off = sum((v - line.slope * t - line.intercept) ** 2 for t, v in points)
    return 3600 * line.slope, 3600 * (off / max(1, len(points) - 2) / spread) ** 0.5


class Soak(Daemon):
    simulate = ("--quotes", str(QUOTES), "--budget", "1000000")
    seconds = 600

    def script_call(self, path, body):
        self.link.request("POST", path, json.dumps(body))
        reply = self.link.getresponse()
        answer = json.loads(reply.read())
        self.assertEqual(reply.status, 200, answer)
        return answer

    def trade(self, now):
        """What falls due at `now`, given as a count of ticks of 1 / ORDERS seconds."""
        account, contract = 101 + now % 2, CONTRACTS[now % len(CONTRACTS)]
        order = {"accountId": account, "contractId": contract, "type": 1, "side": 0, "size": 1, "limitPrice": 100}
        placed = self.script_call("/sim/order", order)
        self.script_call("/sim/cancel", {"accountId": account, "orderId": placed["orderId"]})
        if now in (seconds * ORDERS for seconds in TRIPS):
            for side in (0, 1):
                self.script_call("/sim/fill", {"accountId": account, "contractId": contract, "side": side, "size": 1})

    def test_memory_does_not_grow(self):
        self.configure(RULES, accounts=(101, 102))
        self.link = http.client.HTTPConnection(self.script.removeprefix("http://"), timeout=30)
        for account in (101, 102):
            for contract in CONTRACTS:
                self.position(1, contract, account)
        daemon = self.start(ready=(101, 102))
        port = self.gateway.rsplit(":", 1)[1]
        before = received(port)
        started, warm, interval, points, tick, traded = time.monotonic(), None, max(5, self.seconds / 120), [], 0, 0
        asked = 0
        while (passed := time.monotonic() - started) < WARM_UP + self.seconds:
            # A machine too slow for all of them leaves some out; the report says how many came.
            for tick in range(max(tick, int((passed - 1) * ORDERS)), int(passed * ORDERS)):
                self.trade(tick)
                traded += 1
            tick = int(passed * ORDERS)
            if warm is None and passed > asked:
                self.status(daemon)
                asked = passed + 1
            if warm is None and traded >= WARM and passed >= WARM_UP:
                warm = passed
            if warm is not None and passed > warm + interval * (len(points) + 1):
                heap = self.status(daemon)["data"]["memory"]["heap_in_use_kib"]
                points.append((passed, heap, resident(daemon.process.pid)[1]))
            self.assertIsNone(daemon.process.poll(), "the daemon ended")
            time.sleep(1 / ORDERS)
        self.assertGreater(len(points), 10, "too short, or too slow a machine, to tell")
        self.report(daemon, points, traded, received(port) - before)

    def report(self, daemon, points, orders, size):
        growth, error = slope([(t, heap) for t, heap, _ in points])
        rise, unsure = slope([(t, kept) for t, _, kept in points])
        spare = max(kept - heap for _, heap, kept in points)
        lasted = WARM_UP + self.seconds
        rate = QUOTES * len(CONTRACTS) + 2 * orders / lasted
        print(f"{self.seconds} s, {rate:.0f} events a second asked for, {size / lasted / 1024:.0f} KiB a second "
              f"received, {2 * orders} of orders, resident {resident(daemon.process.pid)[0]} KiB, {len(points)} samples")
        for what, row, figures in (("heap in use", 1, (growth, error)), ("resident for it", 2, (rise, unsure))):
            print(f"{what}: {points[0][row]} KiB after the warm-up, {points[-1][row]} KiB at the end, slope {figures[0]:+.0f} "
                  f"KiB an hour, standard error {figures[1]:.0f}", flush=True)
        print(f"resident and not in use: at most {spare} KiB, {PLATEAU} are allowed", flush=True)
        self.assertGreater(points[0][1], 0, "a sanitizer's allocator tells nothing of the heap")
        self.assertFalse(growth > 3 * error and growth > points[0][1] / 100, "the heap of the daemon grows")
        self.assertLess(spare, PLATEAU, "more stays resident than is in use")
        self.assertFalse([line for line in daemon.lines if "critical" in line], "all was well")


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    if len(sys.argv) > 1:
        Soak.seconds = int(sys.argv.pop())
    unittest.main(verbosity=1)
