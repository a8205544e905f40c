#pragma once
// Level two: one process of the daemon as it is, from the supervisor down, on CAF's test coordinator in
// virtual time. Which actor runs next is drawn from the seed. Only sockets, disk and clock are simulated.
// Dies by being destroyed. One thread.

#include "actors/supervisor.hpp"
#include "tests/simulation/machine.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace bulkhead::simulation {

class Crew {
public:
  Crew(Machine& machine, std::shared_ptr<const model::Config> config, std::uint64_t number);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// The next thing that happens until `end`; false when nothing does.
  bool step(model::Instant end);
  void on_quote(const model::QuoteUpdate& quote);
  [[nodiscard]] actors::AccountView view(model::AccountId account);

private:
  struct Config : caf::actor_system_config {
    Config() { set("scheduler.policy", caf::atom("testing")); }
  };
  void run_actors();
  [[nodiscard]] caf::detail::test_actor_clock::time_point point(model::Instant at) const {
    return zero_ + (at - began_);
  }

  Machine& machine_;
  Random order_;
  Config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& sched_;
  caf::detail::test_actor_clock::time_point zero_;
  model::Instant began_;
  std::shared_ptr<SimClock> clock_;
  std::shared_ptr<actors::GatewaySender> sender_;
  std::shared_ptr<class MarketSocket> market_;
  actors::supervisor_actor supervisor_;
  actors::subscriber_actor ear_;
};

} // namespace bulkhead::simulation
