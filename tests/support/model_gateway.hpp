#pragma once
// The venue as a test needs it: the truth of positions and orders, requests that take time and fail on order,
// live events, all in virtual time. Written apart from the simulated gateway, so that a misreading there is
// not repeated here. A RestTransport; for one thread. Callbacks run from run_due() only.

#include "protocol/transport.hpp"
#include "tests/support/builders.hpp"

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace bulkhead::testing {

class ModelGateway final : public protocol::RestTransport {
public:
  /// What goes wrong with one request; nothing, until said otherwise.
  struct Fault {
    int status = 200;      // not 200: no effect
    std::int64_t code = 0; // not 0: no effect
    std::optional<std::string> message = std::nullopt;
    std::string body = {};      // instead of the envelope
    bool never_arrives = false; // refused connection: surely no effect
    bool lost_before = false;   // reset on the way there: no effect, but who can tell
    bool lost_after = false;    // reset on the way back, after the effect
    bool no_effect = false;     // success, and nothing happens
    Duration reply_delay{0};    // longer than the round trip
    Duration effect_delay{0};
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
  };
  struct Request {
    Instant at; // arrival
    AccountId account;
    std::string what; // "closeContract", "cancel", ...
    ContractId contract;
    OrderId order;
    std::int32_t size = 0;
    [[nodiscard]] bool trades() const {
      return what == "closeContract" || what == "partialCloseContract" || what == "cancel";
    }
  };
  struct Effect {
    Instant at;
    Request request;
    std::int32_t before = 0;
    std::int32_t after = 0;
  };
  using Positions = std::map<ContractId, std::int32_t>; // signed, without zeros

  explicit ModelGateway(Instant begin) : now_(begin) {}

  // What a test sets.
  Duration round_trip{std::chrono::milliseconds{10}};
  Duration event_delay{std::chrono::milliseconds{5}};
  std::size_t limit = 0; // requests per 60 s; 0: none
  std::function<Fault(const Request&)> fault = [](const Request&) { return Fault{}; };
  std::function<void(std::vector<Event>)> on_events = [](std::vector<Event>) {};
  int event_copies = 1;
  std::map<AccountId, Positions> positions;
  std::map<AccountId, std::map<OrderId, Order>> orders; // live ones

  // What happened.
  std::vector<Request> requests; // that arrived
  std::vector<Effect> effects;   // on positions, by our requests
  std::size_t refused_429 = 0;

  [[nodiscard]] std::size_t count(std::string_view what) const;
  [[nodiscard]] bool flat(AccountId account) const;

  /// The trader, or the market: sets a position and tells of it.
  void trade(AccountId account, const ContractId& contract, std::int32_t quantity);
  void place(Order order);
  void later(Duration delay, std::function<void()> what) { queue_.emplace(now_ + delay, std::move(what)); }

  [[nodiscard]] std::optional<Instant> next() const;
  /// Lets everything happen that is due at `now`.
  void run_due(Instant now);

  void send(protocol::HttpRequest request, OnReply on_reply) override;
  void set_lane_width(protocol::LaneId lane, std::size_t connections) override;
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId lane) const override;
  void close() override { queue_.clear(); }

private:
  struct Call {
    protocol::HttpRequest http;
    OnReply on_reply;
    Instant written;
    bool answered = false;
  };
  using CallPtr = std::shared_ptr<Call>;
  struct Lane {
    std::size_t width = 1;
    std::size_t busy = 0;
    std::deque<CallPtr> waiting;
  };

  void start(const CallPtr& call);
  void arrive(const CallPtr& call);
  void answer(const CallPtr& call, protocol::RestTransport::Outcome outcome);
  [[nodiscard]] bool over_limit();
  [[nodiscard]] std::int64_t refusal(const Request& request) const;
  void take_effect(const Request& request);
  [[nodiscard]] std::string body_of(const Request& request) const;
  void tell(AccountId account, const ContractId& contract);

  Instant now_;
  std::multimap<Instant, std::function<void()>> queue_;
  std::map<protocol::LaneId, Lane> lanes_;
  std::deque<Instant> window_;
};

} // namespace bulkhead::testing
