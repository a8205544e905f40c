#!/usr/bin/python3
"""The daemon as its users run it: real processes, real sockets, the simulated gateway, kill -9.

usage: daemon_test.py BULKHEAD_BINARY [unittest arguments]
"""
import http.server
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

import daemon_harness
from daemon_harness import ES, PATIENCE, Daemon, run

MAX_5 = "  max_contracts: { limit: 5, close_all: true }"
MAX_5_LOCK = "  max_contracts: { limit: 5, close_all: true, lockout_on_breach: true }"
LOSS_500 = "  daily_realized_loss: { limit: 500 }"


class Life(Daemon):
    def test_tells_ready_answers_status_and_ends_within_two_seconds(self):
        self.configure(MAX_5, accounts=(101, 102))
        path = str(self.home / "notify")
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(path)
        notify.settimeout(PATIENCE)
        daemon = self.start({"NOTIFY_SOCKET": path}, ready=(101, 102))
        told = ""
        while "READY=1" not in told:
            told = notify.recv(4096).decode()
        notify.close()
        answer = self.status(daemon)
        self.assertEqual((answer["status"], answer["error"]), ("success", None))
        self.assertTrue(answer["request_id"])
        self.assertEqual([a["account_id"] for a in answer["data"]["accounts"]], [101, 102])
        fields = "ready connected position_count order_count locked_out realized_net unrealized lockouts"
        self.assertLessEqual(set(fields.split()), set(answer["data"]["accounts"][0]))
        begun = time.monotonic()
        self.assertEqual(daemon.end(), 0)
        self.assertLess(time.monotonic() - begun, 2.0)

    def test_a_second_daemon_on_the_same_data_is_refused(self):
        self.configure(MAX_5)
        daemon = self.start()
        second = run("run", "--config", str(self.home / "config"), "--data", str(self.home / "data"))
        self.assertEqual(second.returncode, 1)
        self.assertIn(str(daemon.process.pid), second.stderr)

    def test_reloads_its_rules_on_sighup(self):
        self.configure("  max_contracts: { limit: 9 }")
        daemon = self.start()
        self.position(6)
        self.configure(MAX_5)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("config-reloaded")
        self.wait_flat()

    def test_a_broken_configuration_is_refused_at_start_and_on_reload(self):
        self.configure("  max_contracts: { limt: 5 }")
        refused = run("run", "--config", str(self.home / "config"), "--data", str(self.home / "data"))
        self.assertEqual(refused.returncode, 5)
        self.assertIn("did you mean 'limit'", refused.stderr)
        self.configure(MAX_5)
        daemon = self.start()
        self.configure("  max_contracts: { limit: many }")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("config-refused")
        self.position(6)
        self.wait_flat()  # the old rules still stand


class Enforcement(Daemon):
    def test_closes_without_a_search_before_it(self):
        self.configure(MAX_5)
        daemon = self.start()
        self.ask("/sim/fault", {"kind": "status", "endpoint": "searchOpen", "status": 500, "count": 1000})
        self.ask("/sim/fault", {"kind": "status", "endpoint": "v2/query", "status": 500, "count": 1000})
        self.position(6)
        self.wait_flat()  # no read works, so the close came from the local book
        self.assertTrue([t for t in self.truth()[1]["trading"] if "closeContract" in t["endpoint"]])
        self.assertFalse([line for line in daemon.lines if "enforcement-verified" in line])  # and nothing is claimed

    def test_reduces_to_the_limit_exactly(self):
        self.configure("  max_contracts: { limit: 5, close_all: false, reduce_to_limit: true }")
        daemon = self.start()
        self.position(8)
        daemon.wait_for("enforcement-verified", "account=101")
        self.assertEqual(self.sizes(), [5])
        self.assertEqual([t["endpoint"] for t in self.truth()[1]["trading"]], ["/api/Position/partialCloseContract"])

    def test_closes_again_what_is_opened_while_locked(self):
        self.configure(LOSS_500)
        daemon = self.start()
        self.lose("600")
        daemon.wait_for("lockout-set", "RULE-003")
        self.position(1)
        self.wait_flat()
        row = self.status(daemon)["data"]["accounts"][0]
        self.assertTrue(row["locked_out"])
        self.assertGreaterEqual(row["lockouts"][0]["violations"], 1)

    def test_a_reply_lost_after_its_effect_is_found_out_by_reading(self):
        self.configure("  max_contracts: { limit: 5, close_all: false, reduce_to_limit: true }")
        daemon = self.start()
        self.ask("/sim/fault", {"kind": "drop_after", "endpoint": "partialCloseContract", "count": 1})
        self.position(8)
        daemon.wait_for("enforcement-verified", "account=101")
        self.assertEqual(self.sizes(), [5])  # not closed twice

    def test_one_account_does_not_wait_for_another(self):
        self.configure(MAX_5, accounts=(101, 102))
        self.start(ready=(101, 102))
        self.ask("/sim/fault", {"kind": "delay", "endpoint": "", "accountId": 101, "ms": 20000, "count": 1000})
        self.position(6, account=101)
        begun = time.monotonic()
        self.position(6, account=102)
        self.wait_flat(102)
        self.assertLess(time.monotonic() - begun, 10.0)


    def test_failing_answers_are_survived_one_by_one(self):
        self.configure(MAX_5)
        daemon = self.start()
        for status in (500, 503, 408, 429, 401):
            mark = len(daemon.lines)
            self.ask("/sim/fault", {"kind": "status", "endpoint": "closeContract", "status": status, "count": 1})
            self.position(6)
            self.wait_flat()
            daemon.wait_for("enforcement-verified", "account=101", start=mark)

    def test_a_live_account_is_never_called_protected(self):
        self.configure(MAX_5)
        daemon = self.start()
        self.ask("/sim/account", {"accountId": 101, "simulated": False})
        daemon.wait_for("not-enforceable", "account=101")
        self.position(6)
        daemon.wait_for("account-refused", "account=101")
        row = self.status(daemon)["data"]["accounts"][0]
        self.assertFalse(row["enforceable"])
        self.assertTrue(row["refusal"])
        self.assertEqual(self.sizes(), [6])
        self.assertFalse([line for line in daemon.lines if "enforcement-verified" in line])

    def test_status_says_whether_everything_can_be_flattened_now_and_how_long_it_took(self):
        self.configure(MAX_5)
        daemon = self.start()
        self.position(6)
        daemon.wait_for("enforcement-verified", "account=101")
        self.position(2)
        self.wait_until("two contracts are not seen", lambda: self.row(daemon)["contracts"] == 2)
        row = self.row(daemon)
        self.assertEqual(row["flatten_requests"], 1)
        self.assertGreater(row["requests_left"], 100)
        self.assertLessEqual({"decided", "journaled", "first_request", "reply", "verified"},
                             {stage["stage"] for stage in row["stages"]})
        log = (self.home / "data" / "logs" / "enforcement.log").read_text()
        self.assertRegex(log, r"\] CLOSE_ALL_POSITIONS: account=101, count=1, rule=RULE-001, result=ok")

    def test_alerts_reach_a_webhook_without_the_account_number(self):
        told = []

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(500 if len(told) == 1 else 204)  # the first is repeated
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/hook?key=secret"
        self.configure(MAX_5_LOCK, extra=f"alerts: {{ webhooks: [ {{ url: '{url}' }} ] }}\n")
        daemon = self.start()
        self.position(6)
        self.wait_until("no breach was told", lambda: any('"code":"breach"' in body for body in told))
        self.wait_until("no lockout was told", lambda: any("unlocks at" in body for body in told))
        self.assertNotIn("key=secret", "\n".join(daemon.lines))


class Recovery(Daemon):
    def test_a_lockout_and_the_result_of_the_day_survive_kill_nine(self):
        self.configure(LOSS_500)
        daemon = self.start()
        self.lose("600")
        daemon.wait_for("lockout-set", "durable=true")
        before = self.status(daemon)["data"]["accounts"][0]
        daemon.end(signal.SIGKILL)
        self.position(2)  # while nobody watches
        daemon = self.start()
        self.wait_flat()
        after = self.status(daemon)["data"]["accounts"][0]
        self.assertEqual(after["lockouts"][0]["expires_at"], before["lockouts"][0]["expires_at"])
        self.assertEqual(after["lockouts"][0]["source"], "RULE-003")
        self.assertLessEqual(after["realized_net"], before["realized_net"])

    def test_killed_at_any_moment_of_a_breach_it_ends_flat_and_locked(self):
        self.configure(MAX_5_LOCK)
        for milliseconds in (0, 1, 2, 4, 8, 16, 32):
            self.ask("/sim/reset", {})
            subprocess.run(["rm", "-rf", str(self.home / "data")], check=True)
            daemon = self.start()
            self.position(6)
            time.sleep(milliseconds / 1000)
            daemon.end(signal.SIGKILL)
            daemon = self.start()
            self.wait_flat()
            if any("closeContract" in t["endpoint"] for t in self.truth()[1]["trading"]):
                self.wait_until("the lockout is lost", lambda d=daemon: self.status(d)["data"]["accounts"][0]["locked_out"])
            daemon.end()

    def test_finds_out_what_happened_while_the_hub_was_down(self):
        self.configure(MAX_5)
        daemon = self.start()
        mark = len(daemon.lines)
        self.ask("/sim/fault", {"kind": "hub_withhold", "hub": "user", "ms": 600, "count": 100})
        self.position(6)
        self.ask("/sim/fault", {"kind": "hub_drop", "hub": "user", "close": False})
        daemon.wait_for("stream-lost", start=mark)
        self.wait_flat()


class BadInput(Daemon):
    def test_wrong_credentials_are_named_and_tried_again(self):
        self.configure(MAX_5, key="wrong-key")
        daemon = self.start(ready=())
        daemon.wait_for("login-refused", "trader1")
        self.assertIsNone(daemon.process.poll())
        self.assertNotIn("wrong-key", "\n".join(daemon.lines))
        self.assertEqual(daemon.end(), 0)

    def test_an_unreachable_gateway_is_waited_for(self):
        unused = socket.socket()
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        unused.close()
        self.configure(MAX_5, gateway=f"http://127.0.0.1:{port}")
        daemon = self.start(ready=())
        daemon.wait_for("login-failed")
        self.assertFalse(self.status(daemon)["data"]["accounts"][0]["connected"])
        self.assertEqual(daemon.end(), 0)

    def test_exit_codes_say_what_is_wrong(self):
        known, unknown = str(self.home / "known"), str(self.home / "unknown")
        run("init", "--data", known)  # the certificates without which no daemon lets anybody in
        for code, arguments in ((3, ("status", "--node", "127.0.0.1:1", "--data", known)),
                                (4, ("status", "--node", "127.0.0.1:1", "--data", unknown)),
                                (2, ("status", "--node", "nonsense")), (2, ("frobnicate",))):
            self.assertEqual(run(*arguments).returncode, code, arguments)

    def test_check_lists_every_problem_at_once(self):
        self.configure("  max_contracts: { limt: 5 }\n  daily_realized_loss: { limit: 500, reset_time: '25:00' }")
        result = run("check", str(self.home / "config"))
        self.assertEqual(result.returncode, 5)
        for words in ("limt", "is missing", "25:00"):
            self.assertIn(words, result.stdout + result.stderr)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # pipes of ended children are closed with the process
