#pragma once
// The real actor graph in virtual time: router, timers, lockouts, notifier, accounts and their enforcement on
// CAF's test coordinator, before the model gateway. No thread, no socket, no disk. Owned by one test.

#include "actors/account.hpp"
#include "actors/event_router.hpp"
#include "actors/lockouts.hpp"
#include "actors/notifier.hpp"
#include "actors/timers.hpp"
#include "tests/support/engine.hpp"
#include "tests/support/model_gateway.hpp"
#include "tests/support/run_out.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <optional>
#include <random>

namespace bulkhead::testing {

using namespace std::chrono_literals;

/// Reads the coordinator's clock.
class VirtualClock final : public actors::Clock {
public:
  VirtualClock(caf::detail::test_actor_clock& clock, Instant begin)
      : clock_(clock), zero_(clock.now()), begin_(begin) {}
  [[nodiscard]] Instant now() const override {
    return begin_ + std::chrono::duration_cast<Duration>(clock_.now() - zero_);
  }
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now().time_since_epoch()).count();
  }
  [[nodiscard]] caf::detail::test_actor_clock::time_point point(Instant at) const {
    return zero_ + (at - begin_);
  }

private:
  caf::detail::test_actor_clock& clock_;
  caf::detail::test_actor_clock::time_point zero_;
  Instant begin_;
};

/// The accounts of a graph or a house, as most tests call them.
inline const AccountId one{101}, two{102};

class Graph {
public:
  explicit Graph(std::vector<RuleBlock> blocks, int accounts = 1);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  [[nodiscard]] static AccountId id(int n) { return AccountId{100 + n}; }
  [[nodiscard]] Instant now() const { return clock_->now(); }
  /// Everything that happens within `span`, in its order.
  void run_for(Duration span);
  /// Until `condition` or for at most `span`; whether it came true.
  template <class Condition>
  bool run_until(Condition condition, Duration span) {
    const auto end = now() + span;
    while (!condition()) {
      if (now() >= end || !step(end)) return condition();
    }
    return true;
  }
  /// From now on whoever acts next is drawn.
  void shuffle(std::uint64_t seed) { order_.emplace(seed); }
  /// Until nobody has anything to do; no time passes.
  void settle();
  void happen(AccountId account, Payload payload);
  /// As an event of a hub.
  void route(Payload payload);
  void quote(const ContractId& contract, std::string_view last);
  /// Reads the book of the gateway into the account, as the reconciler would.
  void reconcile(AccountId account);
  [[nodiscard]] actors::AccountView view(AccountId account);

  [[nodiscard]] std::vector<actors::Certificate> certificates(AccountId account) const;
  [[nodiscard]] bool alerted(AccountId account, std::string_view code) const;

  std::vector<actors::Activity> told; // everything people were told
  std::vector<std::string> log;
  std::vector<std::string> enforcement_log;

private:
  struct TestingConfig : caf::actor_system_config {
    TestingConfig() { set("scheduler.policy", caf::atom("testing")); }
  };
  bool step(Instant end);
  bool run_jobs();

  TestingConfig config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& sched_;
  std::optional<std::mt19937_64> order_;
  std::shared_ptr<VirtualClock> clock_;

public:
  ModelGateway gateway;

private:
  std::shared_ptr<actors::GatewaySender> sender_;
  std::shared_ptr<const rules::RuleSet> rules_;
  actors::event_router_actor router_;
  std::map<AccountId, actors::account_actor> accounts_;
  std::vector<caf::actor> owned_;
};

/// A fault for the first `count` requests of one kind.
[[nodiscard]] inline auto first(std::size_t count, std::string what, ModelGateway::Fault fault) {
  return [left = count, what = std::move(what), fault](const ModelGateway::Request& request) mutable {
    if (request.what != what || left == 0) return ModelGateway::Fault{};
    --left;
    return fault;
  };
}

/// A block that closes everything and locks once the day's loss, open one included, reaches 500 dollars.
[[nodiscard]] inline RuleBlock loss_500() {
  return block("daily_realized_loss", {{"limit", "500"}, {"include_unrealized", "true"}});
}
[[nodiscard]] inline RuleBlock max_5() {
  return block("max_contracts", {{"limit", "5"}, {"unit", "contracts"}, {"close_all", "true"}});
}
[[nodiscard]] inline RuleBlock reduce_to_5() {
  return block("max_contracts",
               {{"limit", "5"}, {"unit", "contracts"}, {"close_all", "false"}, {"reduce_to_limit", "true"}});
}

} // namespace bulkhead::testing
