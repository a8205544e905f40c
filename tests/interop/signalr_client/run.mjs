// Connects to both hubs of a gateway with Microsoft's own SignalR client, each once with negotiation and once straight
// over a websocket, and waits until every connection has seen an event of its kind. Prints one JSON line per event.
//   node run.mjs BASE_URL TOKEN ACCOUNT_ID CONTRACT_ID      (NODE_EXTRA_CA_CERTS names the CA of an https gateway)
// Exit code 0 when all events came, 1 when one is missing or a connection failed, 2 for a wrong call.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [base, token, account, contract] = process.argv.slice(2);
if (!base || !token || !contract || !Number.isInteger(Number(account))) {
  console.error("usage: run.mjs BASE_URL TOKEN ACCOUNT_ID CONTRACT_ID");
  process.exit(2);
}

const wait_ms = 10_000;
const hubs = {
  user: {
    events: ["GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade"],
    awaited: ["GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade"], // one of them is enough
    subscriptions: [
      ["SubscribeAccounts"],
      ["SubscribeOrders", Number(account)],
      ["SubscribePositions", Number(account)],
      ["SubscribeTrades", Number(account)],
    ],
  },
  market: {
    events: ["GatewayQuote"],
    awaited: ["GatewayQuote"],
    subscriptions: [["SubscribeContractQuotes", contract]],
  },
};

// The two ways clients reach a hub: the token as a header after negotiation, or in the address without.
const ways = {
  negotiated: (hub) => [`${base}/hubs/${hub}`, { accessTokenFactory: () => token }],
  direct: (hub) => [
    `${base}/hubs/${hub}?access_token=${encodeURIComponent(token)}`,
    { skipNegotiation: true, transport: HttpTransportType.WebSockets },
  ],
};

const print = (line) => console.log(JSON.stringify(line));
const seen = new Set();
const connections = [];
let everything_seen;
const all_events = new Promise((resolve) => { everything_seen = resolve; });

const names = Object.keys(hubs).flatMap((hub) => Object.keys(ways).map((way) => `${hub}/${way}`));
const missing = () => names.filter((name) => !seen.has(name));

async function connect(name) {
  const [hub, way] = name.split("/");
  const { events, awaited, subscriptions } = hubs[hub];
  const connection = new HubConnectionBuilder()
    .withUrl(...ways[way](hub))
    .configureLogging(LogLevel.Warning)
    .build();
  connections.push(connection);
  for (const event of events) {
    connection.on(event, (...data) => {
      print({ connection: name, event, data });
      if (awaited.includes(event)) { seen.add(name); }
      if (missing().length === 0) { everything_seen(); }
    });
  }
  connection.onclose((error) => print({ connection: name, event: "closed", error: error?.message ?? null }));
  await connection.start();
  // invoke, not send: a subscription counts only when the gateway has completed it.
  for (const subscription of subscriptions) { await connection.invoke(...subscription); }
}

async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${milliseconds} ms`)), milliseconds);
  });
  try { return await Promise.race([promise, late]); } finally { clearTimeout(timer); }
}

try {
  await within(wait_ms, Promise.all(names.map(connect)), "not every connection was subscribed");
  print({ event: "ready" });
  await within(wait_ms, all_events, "not every event came");
  await within(wait_ms, Promise.all(connections.map((connection) => connection.stop())), "not every connection closed");
  process.exit(0);
} catch (error) {
  print({ event: "failed", error: error.message, missing: missing() });
  process.exit(1);
}
