#pragma once
// What the tests of both transports share: an endpoint on loopback and records of what was called back.

#include "protocol/transport.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulkhead::testing {

[[nodiscard]] inline protocol::Endpoint loopback(std::uint16_t port, bool tls = false,
                                                 std::string host = "127.0.0.1") {
  return {tls, std::move(host), port, "/"};
}

/// Collects what a websocket reports; must outlive it.
struct WebsocketProbe {
  int opened = 0;
  std::vector<std::string> messages;
  std::vector<model::Error> closed;
  protocol::MonotonicNanos last_received = 0;

  [[nodiscard]] protocol::WebsocketTransport::Handlers handlers() {
    return {[this] { ++opened; },
            [this](std::string_view bytes, protocol::MonotonicNanos received) {
              messages.emplace_back(bytes);
              last_received = received;
            },
            [this](const model::Error& why) { closed.push_back(why); }};
  }
};

/// The one outcome of one request.
struct ReplyProbe {
  std::optional<protocol::RestTransport::Outcome> outcome;
  int calls = 0;

  [[nodiscard]] protocol::RestTransport::OnReply on_reply() {
    return [this](protocol::RestTransport::Outcome result) {
      outcome.emplace(std::move(result));
      ++calls;
    };
  }
  [[nodiscard]] bool done() const { return outcome.has_value(); }
  [[nodiscard]] const protocol::HttpReply& reply() const { return outcome->value(); }
  [[nodiscard]] bool failed_with(model::Errc code, bool may_have_arrived) const {
    return outcome && outcome->has_error() && outcome->error().error.code() == code &&
           outcome->error().may_have_arrived == may_have_arrived &&
           (outcome->error().written != 0) == may_have_arrived;
  }
  [[nodiscard]] std::string message() const {
    if (!outcome) return "no outcome";
    return outcome->has_error() ? outcome->error().error.message() : "a reply";
  }
};

} // namespace bulkhead::testing
