// What a trader would script with the official SignalR client: on too many contracts it searches the positions and
// closes each one over a kept-alive connection. No sleeps, no logging.
//   SIGNALR_PACKAGES=DIR NODE_EXTRA_CA_CERTS=CA_FILE node node_client.mjs PORT ACCOUNT TOKEN CA_FILE
import fs from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";

const [port, account_text, token, ca_file] = process.argv.slice(2);
const { HttpTransportType, HubConnectionBuilder, LogLevel } = createRequire(`${process.env.SIGNALR_PACKAGES}/`)("@microsoft/signalr");
const account = Number(account_text);
const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(ca_file) });

function post(path, body) {
  const text = JSON.stringify(body);
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    Authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const request = https.request({ host: "127.0.0.1", port, path, method: "POST", agent, headers }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => resolve(JSON.parse(Buffer.concat(parts))));
    });
    request.on("error", reject);
    request.end(text);
  });
}

async function flatten() {
  const { positions } = await post("/api/Position/searchOpen", { accountId: account });
  for (const { contractId } of positions) await post("/api/Position/closeContract", { accountId: account, contractId });
}

const hub = new HubConnectionBuilder()
  .withUrl(`https://127.0.0.1:${port}/hubs/user?access_token=${token}`,
           { skipNegotiation: true, transport: HttpTransportType.WebSockets })
  .configureLogging(LogLevel.Error)
  .build();
hub.serverTimeoutInMilliseconds = 600_000;
hub.on("GatewayUserPosition", ({ data }) => {
  if (data.accountId === account && data.size > 1) flatten();
});
hub.onclose(() => process.exit(1));
await post("/api/Position/searchOpen", { accountId: account }); // the connection is warm from now on
await hub.start();
for (const call of ["SubscribeAccounts", "SubscribeOrders", "SubscribePositions", "SubscribeTrades"])
  await hub.send(call, account);
