#pragma once
// One hub of one credential. Feeds a HubSession with what its websocket says and performs what the session
// asks for; decodes events and passes them to the router in their order. The user hub's connection also keeps
// the credential's token alive. User hub and market hub are separate actors on separate sockets, so a burst
// of quotes never delays a fill.

#include "actors/gateway_sender.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"
#include "model/config.hpp"
#include "protocol/projectx/decode.hpp"
#include "protocol/signalr/session.hpp"
#include "protocol/token_lifecycle.hpp"
#include "protocol/transport.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulkhead::actors {

enum class Hub { user, market };

struct ConnectionConfig {
  Hub hub = Hub::user;
  model::CredentialId credential;
  std::string username;
  model::Secret api_key;
  protocol::Endpoint endpoint;            // of the hub
  std::vector<model::AccountId> accounts; // subscribed on the user hub
  std::uint64_t seed = 0;                 // of every jitter
};

struct ConnectionDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  std::shared_ptr<protocol::WebsocketTransport> socket;
  event_router_actor router;
  reconciler_actor reconciler;
  notifier_actor notifier;
};

struct ConnectionState {
  static inline const char* name = "connection";
  std::optional<protocol::signalr::HubSession> session;
  std::optional<protocol::TokenLifecycle> token; // user hub only
  protocol::projectx::Decoder decoder;
  std::vector<model::Event> decoded; // of the frame being handled
  MonotonicNanos frame_received = 0;
  model::Instant frame_at;  // when it came to be handled
  std::uint64_t socket = 0; // generation; messages of older sockets are ignored
  bool streaming = false;   // the router was told that the stream stands
  bool interrupted = false; // it stood before, and people were told that it was lost
  bool started = false;
  bool logged_out = false; // the frame being handled ended the session
  std::set<model::ContractId> watched;
  std::map<model::ContractId, model::Instant> leaving; // subscribed until then though nobody watches
  std::uint64_t undecodable = 0;
  SelfTimer timer;
};

connection_actor::behavior_type connection(connection_actor::stateful_pointer<ConnectionState> self,
                                           ConnectionConfig config, ConnectionDeps deps);

} // namespace bulkhead::actors
