#!/usr/bin/python3
"""Certificates, admin sessions and every command, with the real daemon and the real command line.

usage: cli_test.py BULKHEAD_BINARY [unittest arguments]
"""
import contextlib
import json
import os
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import time
import unittest

from cli_harness import PASSWORD, Cli, daemon_harness, openssl, run
from daemon_harness import ES, MNQ, PATIENCE, Process

ADMIN_COMMANDS = [["config", "reload"], ["config", "validate"]] + [words.split() + ["--account", "101"] for words in (
    "block", "unblock", "flatten", "cancel --all", "enforce --rule RULE-001", "account payout --amount 5",
    "account adjust --amount -5", "account rebase", "account disable", "account enable")]


class Certificates(Cli):
    def refusal(self, context):
        """The daemon's alert, which with TLS 1.3 comes with the first read, unless the connection's end overtakes it."""
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        for _ in range(10):
            with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as plain:
                with self.assertRaises((ssl.SSLError, ConnectionError)) as caught, context.wrap_socket(plain) as secured:
                    self.assertEqual(secured.recv(1), b"")  # an end without an alert would be no refusal
                    raise AssertionError("the daemon did not refuse")
            if isinstance(caught.exception, ssl.SSLError):
                return str(caught.exception).lower().replace("_", " ")
        return "no alert"

    def client_context(self, directory, name="client"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_cert_chain(directory / f"{name}.pem", directory / f"{name}.key")
        return context

    def make_expired(self, directory):
        """A certificate of the daemon's own CA, well made and over."""
        (directory / "index.txt").write_text("")
        (directory / "serial").write_text("1000\n")
        (directory / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={directory}/index.txt\nserial={directory}/serial\n"
            f"new_certs_dir={directory}\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n"
            "[p]\ncommonName=supplied\n[e]\nextendedKeyUsage=clientAuth\n[req]\ndistinguished_name=n\n[n]\n")
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=late",
                "-keyout", f"{directory}/late.key", "-out", f"{directory}/late.csr", "-config", f"{directory}/ca.cnf")
        openssl("ca", "-batch", "-notext", "-config", f"{directory}/ca.cnf", "-cert", f"{directory}/ca.pem",
                "-keyfile", f"{directory}/ca.key", "-startdate", "20200101000000Z", "-enddate", "20200201000000Z",
                "-in", f"{directory}/late.csr", "-out", f"{directory}/late.pem")

    def test_only_certificates_of_its_own_that_still_hold_get_in(self):
        self.serve()
        own = self.home / "data" / "control"
        run("init", "--data", str(self.home / "other"))
        self.assertIn("certificate required", self.refusal(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)))
        self.assertIn("unknown ca", self.refusal(self.client_context(self.home / "other" / "control")))
        self.make_expired(own)
        self.assertIn("expired", self.refusal(self.client_context(own, "late")))
        self.assertIn("certificate", self.refusal(self.client_context(own, "server")))  # good for another purpose
        self.assertEqual(self.cli("status", data=self.home / "other").returncode, 4)
        self.assertEqual(self.cli("status").returncode, 0)

    def test_nobody_who_knocks_wrongly_cuts_off_who_is_inside(self):
        daemon = self.serve()
        inside = Process(["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")])
        self.addCleanup(inside.end)
        inside.wait_for("state account=101", "OK")
        run("init", "--data", str(self.home / "other"))
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as plain:
                plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
                with contextlib.suppress(ConnectionResetError):
                    while plain.recv(4096):
                        pass
            self.refusal(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
            self.refusal(self.client_context(self.home / "other" / "control"))
        half = socket.create_connection(("127.0.0.1", self.port), PATIENCE)  # says nothing at all
        self.addCleanup(half.close)
        killed = Process(["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")])
        killed.wait_for("state account=101")
        killed.end(9)
        seen = len(inside.lines)
        self.position(51)
        inside.wait_for("breach-detected", "RULE-001", start=seen)
        self.assertIsNone(inside.process.poll())
        self.assertIsNone(daemon.process.poll())

    def test_keys_are_their_owners_alone_and_are_exported_without_those_of_the_daemon(self):
        self.serve()
        own = self.home / "data" / "control"
        self.assertEqual(own.stat().st_mode & 0o777, 0o700)
        for file in own.iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600, file)
        elsewhere = self.home / "laptop"
        made = run("init", "--data", str(self.home / "data"), "--export-client", str(elsewhere))
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("kept the certificates", made.stdout)
        self.assertEqual({f.name for f in (elsewhere / "control").iterdir()}, {"ca.pem", "client.pem", "client.key"})
        self.assertEqual(self.cli("status", data=elsewhere).returncode, 0)

    def test_a_command_without_certificate_or_daemon_says_what_is_missing(self):
        self.port = 9  # nobody listens there
        without = self.cli("positions", data=self.home / "nowhere")
        self.assertEqual(without.returncode, 4)
        self.assertIn("bulkhead init", without.stderr)
        run("init", "--data", str(self.home / "data"))
        self.assertEqual(self.told("positions", code=3)["error"].split(":")[0], "NOT_REACHABLE")
        self.assertEqual(run("positions", "--node", "here", "--data", str(self.home / "data")).returncode, 2)


def may_make_namespaces():
    """As root, where the kernel lets it: tried with one that is taken away again."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"bhprobe{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return made


class Relay(Cli):
    def setUp(self):
        super().setUp()
        self.serve(extra="")
        self.daemon.end()
        text = (self.home / "config" / "risk_config.yaml").read_text()
        (self.home / "config" / "risk_config.yaml").write_text(text.replace("{ port: 0 }", '{ host: "0.0.0.0", port: 0 }'))
        self.daemon = self.start()
        line = next(line for line in self.daemon.lines if "control_port=" in line)
        self.port = int(line.split("control_port=")[1].split()[0])

    def knock(self):
        knocking = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.addCleanup(knocking.close)
        knocking.settimeout(PATIENCE)
        return knocking

    def test_lets_the_certified_through_and_the_silent_wait_five_seconds(self):
        inside = Process(["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")])
        self.addCleanup(inside.end)
        inside.wait_for("state account=101", "OK")
        begun = time.monotonic()
        silent = [self.knock() for _ in range(63)]
        self.assertEqual(self.knock().recv(1), b"")  # the 65th is turned away at once
        self.assertLess(time.monotonic() - begun, 4.0)
        self.assertEqual({knocking.recv(1) for knocking in silent}, {b""})
        self.assertGreater(time.monotonic() - begun, 4.5)
        self.assertEqual(self.cli("status").returncode, 0)
        self.position(51)
        inside.wait_for("breach-detected", "RULE-001")  # who has spoken may stay as long as it likes

    def test_ten_thousand_connections_cost_the_daemon_nothing(self):
        inside = Process(["watch", "--node", f"127.0.0.1:{self.port}", "--data", str(self.home / "data")])
        self.addCleanup(inside.end)
        inside.wait_for("state account=101", "OK")
        few = 1024  # descriptors, where the service manager would give more
        resource.prlimit(self.daemon.process.pid, resource.RLIMIT_NOFILE, (few, few))
        knocking = []
        for _ in range(10_000):
            knocking.append(self.knock())
            if len(knocking) == 500:  # this process has its limits too
                knocking.pop(0).close()
        files = len(os.listdir(f"/proc/{self.daemon.process.pid}/fd"))
        self.assertLess(files, few / 2)
        seen = len(inside.lines)
        self.position(51)
        inside.wait_for("breach-detected", "RULE-001", start=seen)
        self.wait_flat()
        for knock in knocking:
            knock.close()
        self.wait_until("a free place", lambda: self.cli("status").returncode == 0)

    def test_who_falls_silent_is_closed(self):
        with contextlib.closing(self.knock()) as knocking:
            knocking.sendall(b"\x16\x03\x01\x02\x00")  # the first bytes of a handshake, and no more
            begun = time.monotonic()
            self.assertEqual(knocking.recv(1), b"")
            self.assertGreater(time.monotonic() - begun, 9.0)

    @unittest.skipUnless(may_make_namespaces(), "needs root and network namespaces")
    def test_serves_another_machine_with_an_exported_certificate(self):
        there, here_end, there_end = (f"bh{os.getpid()}{end}" for end in ("", "a", "b"))
        net = f"10.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 200 + 20}"

        def ip(*words):
            subprocess.run(["ip", *words], check=True, capture_output=True, timeout=PATIENCE)

        ip("netns", "add", there)
        self.addCleanup(ip, "netns", "del", there)
        ip("link", "add", here_end, "type", "veth", "peer", "name", there_end, "netns", there)
        ip("address", "add", f"{net}.1/30", "dev", here_end)
        ip("link", "set", here_end, "up")
        ip("-n", there, "address", "add", f"{net}.2/30", "dev", there_end)
        ip("-n", there, "link", "set", there_end, "up")
        made = run("init", "--data", str(self.home / "data"), "--export-client", str(self.home / "client"))
        self.assertEqual(made.returncode, 0, made.stderr)

        def from_there(*words):
            return subprocess.run(["ip", "netns", "exec", there, daemon_harness.BULKHEAD, *words, "--node",
                                   f"{net}.1:{self.port}", "--data", str(self.home / "client"), "--json"],
                                  capture_output=True, text=True, timeout=PATIENCE, check=False)

        status = from_there("status")
        self.assertEqual(status.returncode, 0, status.stdout + status.stderr)
        self.assertEqual([a["account_id"] for a in json.loads(status.stdout)["data"]["accounts"]], [101])
        self.assertEqual(from_there("flatten", "--yes").returncode, 4, "the certificate alone may not act")


class Sessions(Cli):
    def test_acting_takes_a_password_that_was_set_and_a_session(self):
        self.serve()
        for words in ADMIN_COMMANDS:
            self.assertIn("UNAUTHORIZED", self.told(*words, code=4)["error"])
        refused = self.told("login", "--password-file", self.password_file(), code=4)
        self.assertIn("no admin password is set", refused["error"])
        self.become_admin()
        session = self.home / "data" / "control" / "session"
        self.assertEqual(session.stat().st_mode & 0o777, 0o600)
        self.assertTrue(self.told("block", "--account", "101")["blocked"])
        self.told("logout")
        self.assertFalse(session.exists())
        for words in ADMIN_COMMANDS:
            self.assertIn("UNAUTHORIZED", self.told(*words, code=4)["error"])
        self.assertTrue(self.told("lockouts")["active"])  # nobody has lifted it meanwhile

    def test_a_made_up_or_foreign_token_is_nobodys(self):
        self.serve()
        self.become_admin()
        session = self.home / "data" / "control" / "session"
        for token in ("", "0" * 64, session.read_text().strip()[:-1]):
            session.write_text(token)
            self.assertIn("UNAUTHORIZED", self.told("flatten", "--account", "101", code=4)["error"])

    def test_five_wrong_passwords_lock_even_the_right_one_out(self):
        daemon = self.serve()
        self.become_admin()
        wrong = self.password_file("not the password", "wrong")
        for _ in range(5):
            self.assertIn("wrong password", self.told("login", "--password-file", wrong, code=4)["error"])
        locked = self.told("login", "--password-file", self.password_file(), code=4)
        self.assertIn("too many wrong passwords", locked["error"])
        daemon.wait_for("admin-login-locked")
        self.assertTrue(self.told("block", "--account", "101")["blocked"])  # who is inside stays inside

    def test_every_attempt_and_its_outcome_is_written_down_and_no_secret(self):
        self.serve()
        self.told("flatten", "--account", "101", "--reason", "too early", code=4)
        self.become_admin()
        token = (self.home / "data" / "control" / "session").read_text().strip()
        self.told("block", "--account", "101", "--reason", "enough for today")
        audit = self.home / "data" / "control" / "audit.log"
        self.assertEqual(audit.stat().st_mode & 0o777, 0o600)
        self.wait_until("the outcome is not written", lambda: '"done"' in audit.read_text())
        lines = [json.loads(line) for line in audit.read_text().splitlines()]
        self.assertEqual([(line["command"], line["outcome"]) for line in lines],
                         [("flatten", "UNAUTHORIZED"), ("login", "admitted"), ("block", "admitted"), ("block", "done")])
        self.assertEqual(lines[-1]["reason"], "enough for today")
        everything = audit.read_text() + "\n".join(self.daemon.lines)
        self.assertNotIn(PASSWORD, everything)
        self.assertNotIn(token, everything)

    def test_nothing_is_asked_where_nobody_can_answer(self):
        self.serve(accounts=(101, 102))
        self.become_admin()
        self.assertEqual(self.cli("login").returncode, 2)  # no terminal, no file
        refused = self.cli("block")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--yes", refused.stderr)
        self.assertEqual(self.told("lockouts")["active"], [])
        rows = self.told("block", "--yes")["accounts"]
        self.assertEqual([row["account_id"] for row in rows], [101, 102])

    def test_an_action_on_all_accounts_wants_their_number_typed(self):
        self.serve(accounts=(101, 102))
        self.become_admin()
        for typed, code in ((b"1\n", 2), (b"2\n", 0)):
            pid, terminal = os.forkpty()
            if pid == 0:
                os.execv(daemon_harness.BULKHEAD, ["bulkhead", "flatten", "--node", f"127.0.0.1:{self.port}", "--data",
                                                   str(self.home / "data")])
            shown = b""
            while b"to go on: " not in shown:
                shown += os.read(terminal, 4096)
            self.assertIn(b"flatten ALL 2 accounts", shown)
            os.write(terminal, typed)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), code)
            os.close(terminal)


if __name__ == "__main__":
    daemon_harness.BULKHEAD = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
