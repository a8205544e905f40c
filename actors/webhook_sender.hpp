#pragma once
// Posts alerts to one webhook, one after the other, on sockets of its own. A subscriber like any other: the
// breach path never waits for it. Its URL is a secret and never logged. Runs on the market shard.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/notifier.hpp"
#include "actors/self_timer.hpp"
#include "actors/webhooks.hpp"

#include <memory>

namespace bulkhead::actors {

using webhook_actor =
    caf::typed_actor<caf::reacts_to<Activity>, caf::reacts_to<ReplyReceived>, caf::reacts_to<TimerCame>>;

struct WebhookDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<protocol::RestTransport> transport; // to the webhook's host
  std::string target;                                 // path and query, which hold the secret
  model::WebhookConfig hook;
};

struct WebhookState {
  static inline const char* name = "webhook";
  std::shared_ptr<protocol::RestTransport> transport; // ends with the actor
  WebhookQueue queue;
  SelfTimer timer;
};

webhook_actor::behavior_type webhook_sender(webhook_actor::stateful_pointer<WebhookState> self,
                                            WebhookDeps deps);

} // namespace bulkhead::actors
