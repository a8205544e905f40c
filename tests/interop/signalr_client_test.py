#!/usr/bin/python3
"""Meets the simulated gateway with Microsoft's own SignalR client, over plain sockets and over TLS.

usage: signalr_client_test.py BULKHEAD_BINARY WORK_DIR   needs node and npm; packages go to WORK_DIR, not to the sources
"""
import json
import os
import queue
import shutil
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "signalr_client"
ACCOUNT, CONTRACT = 101, "CON.F.US.MNQ.U26"
START_SECONDS, CLIENT_SECONDS, INSTALL_SECONDS = 10, 35, 80


class Lines:
    """The lines a process prints, readable with a time limit; a thread keeps the pipe from filling up."""

    def __init__(self, pipe):
        self.queue = queue.Queue()
        threading.Thread(target=self._drain, args=(pipe,), daemon=True).start()

    def _drain(self, pipe):
        for line in pipe:
            self.queue.put(line)
        self.queue.put(None)

    def next(self, deadline):
        """The next line, or None at the end of the output. Fails when the deadline (monotonic) passes."""
        try:
            return self.queue.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise AssertionError("no further output in time") from None


def install(work):
    """Puts the locked packages into the build folder; a second run with the same lock file needs no network."""
    work.mkdir(parents=True, exist_ok=True)
    lock = (SOURCES / "package-lock.json").read_bytes()
    stamp = work / "installed.lock"
    for name in ("package.json", "package-lock.json", "run.mjs"):
        shutil.copyfile(SOURCES / name, work / name)
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=work, check=True, timeout=INSTALL_SECONDS, stdin=subprocess.DEVNULL)
    stamp.write_bytes(lock)


def post(url, body, ca_file=None):
    context = ssl.create_default_context(cafile=ca_file) if url.startswith("https") else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with opener.open(request, timeout=10) as reply:
        text = reply.read()
        assert reply.status == 200, f"{url}: HTTP {reply.status} {text!r}"
        return json.loads(text or b"null")


def log_in(base, ca_file):
    reply = post(f"{base}/api/Auth/loginKey", {"userName": "trader1", "apiKey": "demo-key"}, ca_file)
    assert reply.get("success") and reply.get("token"), f"login refused: {reply}"
    return reply["token"]


def run_client(work, base, ca_file, control):
    """Starts the client, makes something happen once it has subscribed, and expects it to be content."""
    environment = {**os.environ, "NODE_OPTIONS": "--dns-result-order=ipv4first"}
    if ca_file:
        environment["NODE_EXTRA_CA_CERTS"] = ca_file
    command = ["node", "run.mjs", base, log_in(base, ca_file), str(ACCOUNT), CONTRACT]
    client = subprocess.Popen(command, cwd=work, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        lines, deadline = Lines(client.stdout), time.monotonic() + CLIENT_SECONDS
        while (line := lines.next(deadline)) is not None:
            print("  client:", line.rstrip(), flush=True)
            if json.loads(line).get("event") == "ready":
                position = {"accountId": ACCOUNT, "contractId": CONTRACT, "size": 1, "type": 1}
                quote = {"contractId": CONTRACT, "last": "21000.25", "bid": "21000.00", "ask": "21000.25"}
                post(f"{control}/sim/quote", quote)  # first: a position is opened at a price
                post(f"{control}/sim/position", position)
        code = client.wait(timeout=max(1.0, deadline - time.monotonic()))
        assert code == 0, f"the client ended with {code}"
    finally:
        stop(client)


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_mode(binary, work, options):
    """One simulator, one client. The simulator's log is shown when anything went wrong."""
    log = work / f"simulator{'_'.join(options).replace('--', '_')}.log"
    command = [binary, "simulate", "--port", "0", "--control-port", "0", "--print-ports", *options]
    environment = {**os.environ, "TMPDIR": str(work)}  # its CA file, which no other simulator may overwrite
    with open(log, "w", encoding="utf-8") as errors:
        simulator = subprocess.Popen(
            command, cwd=work, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            line = Lines(simulator.stdout).next(time.monotonic() + START_SECONDS)
            assert line is not None, f"the simulator ended with {simulator.wait(timeout=10)}"
            ports = json.loads(line)
            ca_file = ports.get("ca_file")
            assert bool(ca_file) == ("--tls" in options), f"ca_file: {ca_file}"
            base = f"https://localhost:{ports['port']}" if ca_file else f"http://127.0.0.1:{ports['port']}"
            run_client(work, base, ca_file, f"http://127.0.0.1:{ports['control_port']}")
        except BaseException:
            stop(simulator)
            print(f"--- {log}", log.read_text(encoding="utf-8", errors="replace")[-4000:], sep="\n", file=sys.stderr)
            raise
        finally:
            stop(simulator)


def main():
    binary, work = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
    install(work)
    for options in ([], ["--tls"]):
        print("simulate", *options, flush=True)
        run_mode(binary, work, options)


if __name__ == "__main__":
    main()
