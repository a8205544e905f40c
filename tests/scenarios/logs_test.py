#!/usr/bin/python3
"""The daemon's logs as a machine reads them, and what goes over the wire without its secrets.

usage: logs_test.py BULKHEAD_BINARY [unittest arguments]
"""
import json
import sys
import unittest

import daemon_harness
from cli_harness import Cli


class Logs(Cli):
    def test_one_object_a_line_and_the_wire_without_secrets(self):
        self.serve(rules="  max_contracts: { limit: 5, close_all: true }",
                   extra="logging: { format: json, wire_file: logs/wire.log }\n")
        self.position(6)
        self.wait_flat()
        breaches = self.told("logs", "--level", "CRITICAL")["logs"]
        self.assertEqual([json.loads(line)["event"] for line in breaches], ["breach-detected"])
        self.assertEqual(self.cli("status").returncode, 0)
        self.daemon.end()
        lines = [json.loads(line) for line in (self.home / "data/logs/daemon.log").read_text().splitlines()]
        self.assertGreater(len(lines), 5)
        for line in lines:
            self.assertEqual(list(line), ["time", "level", "event", "text"])
            self.assertTrue(line["text"].startswith(line["event"]))
        wire = (self.home / "data/logs/wire.log").read_text()
        for expected in ("> POST /api/Auth/loginKey", "> open user hub /hubs/user?", "SubscribePositions",
                         "< user hub", "GatewayUserPosition", "> POST /api/Position/closeContract lane=101",
                         "< 200 POST /api/Position/closeContract lane=101", '"apiKey":"***"', "access_token=***"):
            self.assertIn(expected, wire)
        self.assertNotIn("demo-key", wire)
        self.assertNotIn("eyJ", wire)  # how every token begins


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")
