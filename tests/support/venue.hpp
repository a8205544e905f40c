#pragma once
// The simulated gateway without its sockets: REST and both hubs in virtual time, 5 ms each way, behind the
// two transport seams. Outlives the daemons that are started before it. For one thread; callbacks run from
// run_due() only.

#include "protocol/transport.hpp"
#include "simulator/core.hpp"
#include "simulator/rest_api.hpp"
#include "tests/support/builders.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace bulkhead::testing {

class Venue final : public protocol::RestTransport {
public:
  explicit Venue(Instant begin);

  Instant now;
  simulator::Core core;

  /// The trader, or the market: sets a position and streams it with its fills.
  void hold(AccountId account, const ContractId& contract, std::int32_t quantity);
  /// A round trip of one contract that loses so many dollars.
  void lose(AccountId account, const ContractId& contract, std::string_view dollars);
  void place_stop(AccountId account, const ContractId& contract, Side side, std::int32_t size,
                  std::string_view price);
  [[nodiscard]] std::int32_t held(AccountId account, const ContractId& contract) const;
  [[nodiscard]] std::size_t working_orders(AccountId account) const;
  [[nodiscard]] std::size_t requests(const std::string& path) const;

  [[nodiscard]] std::shared_ptr<protocol::WebsocketTransport> make_socket(simulator::HubKind kind);
  void later(Duration delay, std::function<void()> what) { queue_.emplace(now + delay, std::move(what)); }
  [[nodiscard]] std::optional<Instant> next() const;
  void run_due(Instant at);
  /// The process at the other end is gone: what is under way reaches nobody.
  void cut() { queue_.clear(); }

  void send(protocol::HttpRequest request, OnReply on_reply) override;
  void set_lane_width(protocol::LaneId lane, std::size_t connections) override {
    widths_[lane] = connections;
  }
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId lane) const override {
    const auto it = widths_.find(lane);
    return it == widths_.end() ? 0 : it->second;
  }
  void close() override {}

private:
  simulator::RestApi rest_{core};
  std::multimap<Instant, std::function<void()>> queue_;
  std::map<protocol::LaneId, std::size_t> widths_;
};

} // namespace bulkhead::testing
