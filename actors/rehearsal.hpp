#pragma once
// Keeps the way of a breach warm. After milliseconds without an event the code of decoding, deciding and
// closing has left the caches and the core sleeps; that costs more than the work itself. So every few
// milliseconds an account that does not exist takes a breaching frame through TLS, parser, decoder, router,
// rules, journal and enforcement to a request that is encrypted and goes nowhere: nothing reaches a disk, a
// person or a gateway. On the breach shard; an option, since it costs CPU all the time.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "protocol/net/http_text.hpp"
#include "protocol/net/tls_loop.hpp"
#include "protocol/projectx/decode.hpp"
#include "protocol/signalr/message.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace bulkhead::actors {

using rehearsal_actor = caf::typed_actor<caf::reacts_to<TimerCame>>;

struct RehearsalDeps {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<const rules::RuleSet> rules; // must breach on two contracts; see rehearsed_rules
  std::chrono::milliseconds every{1};
  std::shared_ptr<protocol::net::TlsLoop> tls = nullptr;           // none: without TLS
  std::function<void(std::string_view wire)> on_request = nullptr; // told of what led nowhere
};

/// The rules of a configuration, and one that no position keeps.
[[nodiscard]] std::shared_ptr<const rules::RuleSet> rehearsed_rules(model::Config config);

struct RehearsalState {
  static inline const char* name = "rehearsal";
  RehearsalState() = default;
  ~RehearsalState(); // ends its account
  RehearsalState(const RehearsalState&) = delete;
  RehearsalState& operator=(const RehearsalState&) = delete;
  protocol::signalr::MessageParser parser;
  protocol::projectx::Decoder decoder;
  account_actor account;
  event_router_actor router;
};

rehearsal_actor::behavior_type rehearsal(rehearsal_actor::stateful_pointer<RehearsalState> self,
                                         RehearsalDeps deps);

} // namespace bulkhead::actors
