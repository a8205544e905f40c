"""Real processes for the scenario tests: the daemon, the simulated gateway, and a configuration for both."""
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path

BULKHEAD = ""  # the program under test; set by the test program
MNQ, ES = "CON.F.US.MNQ.U26", "CON.F.US.EP.U26"
LONG, SHORT = 1, 2
# A loaded machine is slow, and a binary with a sanitizer slower; nothing here waits this long when all is well.
PATIENCE = 30.0 * int(os.environ.get("BULKHEAD_SLOW", "1"))


class Process:
    """A child with its stderr (or stdout) collected line by line; ended by pid."""

    def __init__(self, arguments, env=None, **options):
        self.process = subprocess.Popen([BULKHEAD, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, text=True, env={**os.environ, **(env or {})},
                                        **options)
        self.lines, self.changed = [], threading.Condition()
        for pipe in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._collect, args=(pipe,), daemon=True).start()

    def _collect(self, pipe):
        for line in pipe:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, *words, start=0, patience=PATIENCE):
        """The index behind the first line from `start` on that holds all words."""
        deadline = time.monotonic() + patience
        with self.changed:
            seen = start
            while True:
                for index in range(seen, len(self.lines)):
                    if all(word in self.lines[index] for word in words):
                        return index + 1
                seen = len(self.lines)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no line with {words} in:\n" + "\n".join(self.lines))
                self.changed.wait(left)

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def run(*arguments):
    return subprocess.run([BULKHEAD, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


class Daemon(unittest.TestCase):
    simulate = ()  # further arguments of the simulated gateway

    def surroundings(self):
        """Further variables of the simulated gateway's environment; called before it starts."""
        return {}

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.home = Path(self.directory.name)
        surroundings = self.surroundings()
        self.simulator = Process(["simulate", "--port", "0", "--control-port", "0", *self.simulate], surroundings)
        self.addCleanup(self.simulator.end)
        self.simulator.wait_for("control_port")
        ports = json.loads(self.simulator.lines[0])
        self.gateway, self.script = f"http://127.0.0.1:{ports['port']}", f"http://127.0.0.1:{ports['control_port']}"

    def configure(self, rules, accounts=(101,), key="demo-key", gateway=None, extra=""):
        gateway = gateway or self.gateway
        config = self.home / "config"
        config.mkdir(exist_ok=True)
        rows = "".join(f"  - {{ account_id: {a}, username: trader1, api_key: {key} }}\n" for a in accounts)
        (config / "accounts.yaml").write_text(
            f"accounts:\n{rows}api: {{ base_url: '{gateway}', user_hub: '{gateway}/hubs/user', "
            f"market_hub: '{gateway}/hubs/market' }}\n")
        (config / "risk_config.yaml").write_text(f"rules:\n{rules}\ncontrol: {{ port: 0 }}\n{extra}")
        (config / "accounts.yaml").chmod(0o600)

    def start(self, env=None, ready=(101,), **options):
        daemon = Process(["run", "--config", str(self.home / "config"), "--data", str(self.home / "data")], env, **options)
        self.addCleanup(daemon.end, signal.SIGKILL)
        daemon.wait_for("started bulkhead")
        for account in ready:
            daemon.wait_for("ready", f"account={account}")
        return daemon

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(self.script + path, data), timeout=PATIENCE) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def position(self, size, contract=MNQ, account=101, side=LONG):
        self.ask("/sim/position", {"accountId": account, "contractId": contract, "type": side, "size": size})

    def lose(self, amount):
        self.ask("/sim/fill", {"accountId": 101, "contractId": ES, "side": 0, "size": 1})
        self.ask("/sim/fill", {"accountId": 101, "contractId": ES, "side": 1, "size": 1, "pnl": f"-{amount}"})

    def truth(self, account=101):
        state = self.ask("/sim/state")
        return next(a for a in state["accounts"] if a["id"] == account), state

    def wait_until(self, what, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.02)

    def sizes(self, account=101):
        return [p["size"] for p in self.truth(account)[0]["positions"] if p["size"]]

    def wait_flat(self, account=101):
        self.wait_until("the account is not flat", lambda: not self.sizes(account))

    def row(self, daemon):
        return self.status(daemon)["data"]["accounts"][0]

    def status(self, daemon):
        line = next(line for line in daemon.lines if "control_port=" in line)
        port = line.split("control_port=")[1].split()[0]
        result = run("status", "--node", f"127.0.0.1:{port}", "--json", "--data", str(self.home / "data"))
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)
