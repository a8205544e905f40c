"""The command line as its users run it: every command is a process of its own."""
import json
import re
import subprocess

import daemon_harness
from daemon_harness import Daemon, PATIENCE, run

PASSWORD = "correct horse battery"


class Cli(Daemon):
    rules = "  max_contracts: { limit: 50, close_all: true }"

    def serve(self, accounts=(101,), rules=None, **options):
        self.configure(rules or self.rules, accounts=accounts, **options)
        self.daemon = self.start(ready=accounts)
        line = next(line for line in self.daemon.lines if "control_port=" in line)
        self.port = int(re.search(r"control_port=(\d+)", line).group(1))
        return self.daemon

    def cli(self, *words, data=None):
        """What a command printed, and its exit code."""
        return run(*words, "--node", f"127.0.0.1:{self.port}", "--data", str(data or self.home / "data"))

    def told(self, *words, code=0, **options):
        """The JSON of a command, after its exit code was looked at."""
        result = self.cli(*words, "--json", **options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        answer = json.loads(result.stdout)
        self.assertEqual(set(answer), {"status", "data", "error", "request_id"})
        self.assertEqual(answer["status"], "error" if code else "success")
        return answer["data"] if code == 0 else answer

    def password_file(self, text=PASSWORD, name="password"):
        file = self.home / name
        file.write_text(text + "\n")
        file.chmod(0o600)
        return str(file)

    def become_admin(self):
        made = run("init", "--data", str(self.home / "data"), "--admin-password-file", self.password_file())
        self.assertEqual(made.returncode, 0, made.stderr)
        self.told("login", "--password-file", self.password_file())

    def order(self, contract, side=0, size=1, price=20000, account=101):
        answer = self.ask("/sim/order", {"accountId": account, "contractId": contract, "type": 1, "side": side,
                                         "size": size, "limitPrice": price})
        return answer["orderId"]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=PATIENCE)


__all__ = ["Cli", "PASSWORD", "daemon_harness", "openssl", "run"]
