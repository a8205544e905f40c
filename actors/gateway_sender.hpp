#pragma once
// The sender in front of one credential's REST sockets: adds the current token, asks the request budget, and
// hands the request to the warm connections. A seam between actors and sockets: with the Asio-driven
// scheduler the write happens on the calling thread, with CAF's own it is posted. Shared by the actors of one
// credential, thread-safe; never blocks longer than a few instructions under its own lock. After a 401
// nothing leaves with that token for five seconds, so that all waiters share one new login. Reads of the same
// thing are merged: at most 64 callers share one.

#include "actors/clock.hpp"
#include "protocol/budget_line.hpp"
#include "protocol/transport.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

class GatewaySender {
public:
  /// Told on the transport's thread that a token of this generation was refused.
  using OnUnauthorized = std::function<void(std::uint64_t generation)>;
  using OnReply = protocol::RestTransport::OnReply;

  /// Requires: transport and clock outlive the sender.
  GatewaySender(protocol::RestTransport& transport, Clock& clock);

  void set_token(std::string token, std::uint64_t generation);
  /// The current token, empty before the first login. For the websocket's query; never to be logged.
  [[nodiscard]] std::string token();
  void on_unauthorized(OnUnauthorized handler);

  /// Sends with the current token and counts it against the budget. When the budget or a missing token
  /// forbids it, nothing is sent, `on_reply` is not kept, and the instant to ask again is returned.
  [[nodiscard]] std::optional<model::Instant> send(protocol::RequestClass urgency,
                                                   protocol::HttpRequest request, OnReply on_reply);
  [[nodiscard]] std::optional<model::Instant> send(const protocol::BudgetClaim& claim,
                                                   protocol::HttpRequest request, OnReply on_reply);
  struct ReadSent {
    std::optional<model::Instant> held_until;
    model::Instant sent_at; // what the answer will show is as old as this
  };
  /// The same for a read: one already under way serves when it was sent at or after `not_before`.
  [[nodiscard]] ReadSent read(const protocol::BudgetClaim& claim, protocol::HttpRequest request,
                              model::Instant not_before, OnReply on_reply);
  /// Sends without a token (login) and without asking: a login must never wait behind reads.
  void send_login(protocol::HttpRequest request, OnReply on_reply);
  /// This lane waits for nothing any more.
  void leave_line(protocol::LaneId lane);
  void set_lane_width(protocol::LaneId lane, std::size_t connections) {
    transport_.set_lane_width(lane, connections);
  }
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId lane) const {
    return transport_.warm_connections(lane);
  }
  /// How many closes could leave right now.
  [[nodiscard]] std::size_t closes_available();

private:
  struct Sharers {
    std::uint64_t owner = 0;
    model::Instant sent_at;
    std::vector<OnReply> waiting;
  };

  void note(const protocol::RestTransport::Outcome& outcome, std::uint64_t generation);
  void answer_sharers(const std::string& what, std::uint64_t owner,
                      const protocol::RestTransport::Outcome& outcome);

  protocol::RestTransport& transport_;
  Clock& clock_;
  std::mutex mutex_; // guards all below
  std::string token_;
  std::uint64_t generation_ = 0;
  model::Instant refused_until_; // of the present token
  OnUnauthorized on_unauthorized_;
  protocol::BudgetLine line_;
  std::uint64_t last_read_ = 0;
  std::map<std::string, Sharers> reads_; // under way, by what they ask
};

} // namespace bulkhead::actors
