#pragma once
// What outlives a process of the daemon: the clock on the wall, the disk, the store, the gateway's address,
// the rules on file; and the trap that ends the process in the middle of a step. Owned by one simulated day.

#include "actors/interfaces.hpp"
#include "persistence/data_dir.hpp"
#include "persistence/memory_store.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/gateway.hpp"
#include "tests/simulation/timeline.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace bulkhead::simulation {

class Watch;

/// Thrown to end the process; `stage` as in Machine::Trap.
struct Crash {
  int stage = 0;
  /// What was written and what was decided are not the same.
  [[nodiscard]] bool mid_step() const { return stage == 1 || stage == 2; }
};

struct Machine {
  Timeline& timeline;
  Gateway& gateway;
  Watch& watch;
  std::uint64_t seed = 0;
  std::vector<model::AccountId> accounts = {};
  std::map<model::AccountId, std::shared_ptr<const rules::RuleSet>> rules = {};
  Disk* disk = nullptr;
  std::shared_ptr<persistence::MemoryStore> store = {};
  persistence::DataDir* data = nullptr;
  model::Duration wall_ahead{}; // of the true time
  model::Instant booted = {};
  std::string boot_id = "boot-1";
  bool slow_disk = false;
  model::Duration snapshot_interval = std::chrono::seconds{60};

  /// Ends the process at the `countdown`th time that a step comes to `stage`: 0 before the event is written,
  /// 1 before it is decided on, 2 before the decision is written, 3 before anything is sent.
  struct Trap {
    int stage = -1;
    int countdown = 0;
  } trap = {};
  void pass(int stage) {
    if (trap.stage == stage && --trap.countdown < 0) {
      trap.stage = -1;
      throw Crash{stage};
    }
  }
};

/// The daemon's clock: the real one, over the machine's.
class SimClock final : public actors::Clock {
public:
  explicit SimClock(const Machine& machine)
      : machine_(machine),
        trusted_({[&machine] { return machine.timeline.now() + machine.wall_ahead; },
                  [&machine] { return std::chrono::nanoseconds{machine.timeline.now() - machine.booted}; }}) {
  }
  [[nodiscard]] model::Instant now() const override { return trusted_.now(); }
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override { return machine_.timeline.nanos(); }
  void heard_from_gateway(std::optional<model::Instant> its_time) override {
    const auto before = trusted_.now();
    trusted_.heard_from_gateway(its_time);
    if (trusted_.now() != before) on_moved();
  }
  [[nodiscard]] bool settled() const override { return trusted_.settled(); }
  void settle() override { trusted_.settle(); }
  [[nodiscard]] actors::TrustedClock& trusted() { return trusted_; }
  /// It was set: alarms must be looked at again, which the daemon does every second.
  std::function<void()> on_moved = [] {};

private:
  const Machine& machine_;
  actors::TrustedClock trusted_;
};

} // namespace bulkhead::simulation
