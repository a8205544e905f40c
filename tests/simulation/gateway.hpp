#pragma once
// The model gateway: owns the truth (book, orders, fills, balance, tokens, request limit) and misbehaves as
// the plan says. REST and the user hub in virtual time behind the daemon's transport seam; everything on the
// wire is bytes. What our requests did to the market is written down for the invariants. One thread, one day.

#include "protocol/transport.hpp"
#include "simulator/core.hpp"
#include "simulator/rest_api.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/timeline.hpp"

#include <deque>
#include <functional>
#include <map>

namespace bulkhead::simulation {

/// A trading request of ours that arrived, and what it did.
struct Asked {
  std::uint64_t number = 0; // of the HTTP request
  model::Instant at;
  model::AccountId account;
  std::string what; // "closeContract", "partialCloseContract", "cancel", "place", "modify"
  model::ContractId contract;
  model::OrderId order;
  int size = 0;
  int before = 0, after = 0; // what is held of the contract
  int status = 0;            // 0: no answer was sent
};

class Gateway final : public protocol::RestTransport {
public:
  Gateway(Timeline& timeline, std::uint64_t seed, simulator::WireShape shape, int accounts);

  simulator::Core core;
  std::string api_key;
  std::function<void(const Asked&)> on_asked;
  std::uint64_t requests = 0, refused_429 = 0, frames = 0, faults_met = 0;
  std::size_t own_in_window = 0; // requests of ours in the last minute
  bool outsider_seen = false;
  std::map<std::string, std::uint64_t> met; // what happened to requests and frames, for the table

  /// From now on until its end.
  void begin(const Fault& fault);
  [[nodiscard]] bool closed_for_maintenance() const { return active(FaultKind::maintenance) != nullptr; }
  [[nodiscard]] bool reachable() const; // nothing is wrong with REST
  /// The hub's connection is there, and nothing will come over it any more.
  [[nodiscard]] bool stream_frozen() const { return frozen_; }
  [[nodiscard]] bool no_quotes() const { return active(FaultKind::no_quotes) != nullptr; }
  /// The daemon's process is gone: what is under way reaches nobody.
  void cut();

  void open_hub(std::string token, protocol::WebsocketTransport::Handlers handlers);
  void hub_says(std::string text); // to the gateway
  void close_hub();

  void send(protocol::HttpRequest request, OnReply on_reply) override;
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 2; }
  void close() override {}

private:
  struct Active {
    Fault fault;
    model::Instant until;
  };
  struct Call;
  using CallPtr = std::shared_ptr<Call>;
  [[nodiscard]] const Active* active(FaultKind kind, std::int64_t account = 0) const;
  /// Whether it strikes now.
  [[nodiscard]] const Active* strikes(FaultKind kind, std::int64_t account);
  [[nodiscard]] Random& luck(std::int64_t account);
  void arrive(const CallPtr& call);
  [[nodiscard]] std::optional<protocol::HttpReply> spoiled(const CallPtr& call);
  void perform(const CallPtr& call);
  void answer(const CallPtr& call, model::Duration pause, Outcome outcome);
  void fail(const CallPtr& call, model::Duration pause, const char* why, bool may_have_arrived);
  void note(Asked asked, int status);
  bool over_limit();

  // gateway_hub.cpp
  void admit(const std::string& token, std::uint64_t link);
  void end_hub(const char* why);
  void pump();
  void tick(std::uint64_t link);
  void deliver(std::string payload);
  void arrive_later(std::string payload, model::Duration pause);
  void talk_rubbish();
  [[nodiscard]] std::int64_t hub_time() const;

  Timeline& timeline_;
  std::uint64_t seed_;
  simulator::RestApi rest_{core};
  std::map<std::int64_t, Random> luck_;
  Random frame_luck_;
  std::vector<Active> active_;
  std::deque<model::Instant> window_;
  std::deque<model::Instant> own_window_;
  std::uint64_t process_ = 0; // grows with each cut
  std::uint64_t link_ = 0;    // of the hub
  protocol::WebsocketTransport::Handlers hub_;
  std::shared_ptr<simulator::HubConnection> connection_;
  std::int64_t hub_began_ = 0;
  bool frozen_ = false;
  model::Instant admitted_;
  model::Instant last_frame_;
};

} // namespace bulkhead::simulation
