// The webhooks of a running daemon: sockets on the market shard, an actor each.

#include "actors/placement.hpp"
#include "actors/runtime_parts.hpp"
#include "actors/webhook_sender.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

namespace net = protocol::net;

model::Result<void> Runtime::Parts::add_webhooks() {
  for (const auto& hook : options.config.alerts.webhooks) {
    auto where = protocol::Endpoint::parse(hook.url.reveal());
    if (!where) return model::Error{model::Errc::malformed, "a webhook URL is not https://host/path"};
    auto tls = net::make_tls_context(std::nullopt);
    if (!tls) return tls.error();
    WebhookDeps deps;
    deps.clock = clock;
    deps.target = std::exchange(where->path, "");
    deps.transport = std::make_shared<net::BeastRestTransport>(market_io.context(), *where, *tls);
    deps.hook = hook;
    const auto sender = spawn_on(system, Shard::market, Lane::normal, webhook_sender, std::move(deps));
    subscribers.push_back(sender);
    caf::anon_send(supervisor, Subscribe{sender});
  }
  return {};
}

} // namespace bulkhead::actors
