#!/usr/bin/python3
"""What a trader would script: listens on the user hub, and on too many contracts searches the positions and closes
each one, as the usual recipes do it. Kept-alive connection, no sleeps, no logging.

usage: python_client.py PORT ACCOUNT TOKEN CA_FILE
"""
import asyncio
import json
import ssl
import sys

import requests
import websockets

SEPARATOR = "\x1e"
port, account, token, ca_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
base = f"https://127.0.0.1:{port}"


class Gateway:
    def __init__(self):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca_file
        self.session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path, body):
        return self.session.post(base + path, data=json.dumps(body, separators=(",", ":")),
                                 headers={"Content-Type": "application/json"}, timeout=3).json()

    def flatten(self):
        for position in self.post("/api/Position/searchOpen", {"accountId": account})["positions"]:
            self.post("/api/Position/closeContract", {"accountId": account, "contractId": position["contractId"]})


def breaches(message):
    if message.get("target") != "GatewayUserPosition":
        return False
    return any(row["data"]["accountId"] == account and row["data"]["size"] > 1 for row in message["arguments"][0:])


async def main():
    gateway = Gateway()
    gateway.post("/api/Position/searchOpen", {"accountId": account})  # the connection is warm from now on
    tls = ssl.create_default_context(cafile=ca_file)
    async with websockets.connect(f"wss://127.0.0.1:{port}/hubs/user?access_token={token}", ssl=tls,
                                  compression=None, ping_interval=None) as hub:
        await hub.send(json.dumps({"protocol": "json", "version": 1}) + SEPARATOR)
        await hub.recv()
        for call in ("SubscribeAccounts", "SubscribeOrders", "SubscribePositions", "SubscribeTrades"):
            await hub.send(json.dumps({"type": 1, "target": call, "arguments": [account]}) + SEPARATOR)
        async for frame in hub:
            for record in frame.split(SEPARATOR):
                if record and breaches(json.loads(record)):
                    gateway.flatten()


asyncio.run(main())
