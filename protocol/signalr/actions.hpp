#pragma once
// What a HubSession asks of its owner. Plain values; the owner carries them out in order. Texts may hold
// words of the gateway: escape control bytes before logging, and never log access_token, connection_token or
// a whole url.

#include "model/time.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::protocol::signalr {

/// POST <hub>/negotiate?negotiateVersion=1 and answer with on_negotiated() or on_negotiate_failed().
struct Negotiate {
  std::string url;          // of a redirect; empty: the hub's own
  std::string access_token; // of a redirect; empty: the current token
  friend bool operator==(const Negotiate&, const Negotiate&) = default;
};
/// Open the websocket with the *current* access token and answer with on_open() or on_transport_closed().
struct OpenSocket {
  std::string url;              // of a redirect; empty: the hub's own
  std::string access_token;     // of a redirect; empty: the current token
  std::string connection_token; // `id` of the query; empty: none
  friend bool operator==(const OpenSocket&, const OpenSocket&) = default;
};
struct SendText {
  std::string text;
  friend bool operator==(const SendText&, const SendText&) = default;
};
/// Close the websocket; on_transport_closed() must follow, as it must after every OpenSocket.
struct CloseSocket {
  friend bool operator==(const CloseSocket&, const CloseSocket&) = default;
};
/// The handshake is done. Events of this connection may already have gone to the sink.
struct Connected {
  friend bool operator==(const Connected&, const Connected&) = default;
};
/// Every subscription is confirmed: from here on no event is missed, and a REST snapshot closes the gap
/// before.
struct Subscribed {
  friend bool operator==(const Subscribed&, const Subscribed&) = default;
};
/// The gateway refused or ignored one subscription; it is asked again at `retry_at`, if that is set.
struct SubscriptionFailed {
  std::string target;
  std::string arguments;
  std::string error;
  std::optional<model::Instant> retry_at;
  friend bool operator==(const SubscriptionFailed&, const SubscriptionFailed&) = default;
};
/// There is no connection (any more), for whatever reason; ReconnectAt follows.
struct Lost {
  std::string reason;
  bool was_connected = false; // Connected had been issued: there is a gap in the events
  bool allow_reconnect =
      true; // false: the server asked us to stay away; the session returns late but returns
  bool another_session =
      false; // dropped repeatedly right after connecting: another program with the same login?
  friend bool operator==(const Lost&, const Lost&) = default;
};
/// on_timer() is due at `at`; until then the session rests.
struct ReconnectAt {
  model::Instant at{};
  friend bool operator==(const ReconnectAt&, const ReconnectAt&) = default;
};
/// A record could not be used and an event may be lost: re-read by REST. At most one per call, the rest is
/// counted.
struct ProtocolFault {
  std::string text;
  friend bool operator==(const ProtocolFault&, const ProtocolFault&) = default;
};

using Action = std::variant<Negotiate, OpenSocket, SendText, CloseSocket, Connected, Subscribed,
                            SubscriptionFailed, Lost, ReconnectAt, ProtocolFault>;
using Actions = std::vector<Action>;

} // namespace bulkhead::protocol::signalr
