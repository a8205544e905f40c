#pragma once
// What a simulated day has whoever plays the daemon: clock, gateway, prices, traders, disk, rules, and when
// faults strike and checks are due. Owned by the day.

#include "tests/persistence/temp_dir.hpp"
#include "tests/simulation/day.hpp"
#include "tests/simulation/trader.hpp"

namespace bulkhead::simulation {

class Floor {
public:
  Floor(const Plan& plan, bool keep_log);
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  std::function<void(const model::QuoteUpdate&)> on_quote; // for the daemon
  std::function<bool(model::AccountId)> is_locked;         // as a trader might notice
  std::function<void(const Fault&)> on_fault;              // of the daemon's machine, or by people
  std::function<void()> on_calm;                           // all has been well for long enough

  const Plan plan;
  Timeline timeline;
  Watch watch;
  Random random;
  Gateway gateway;
  Disk disk;
  persistence::TempDir temp;
  persistence::DataDir data;
  Machine machine;

  /// Prices and traders move from now on, faults strike.
  void open();
  /// Other rules for an account, drawn from the seed.
  void settle_rules(model::AccountId id, int version);
  [[nodiscard]] bool knows(model::AccountId id) const;
  /// No fault for long enough that all must be well again.
  [[nodiscard]] bool quiet() const;
  [[nodiscard]] model::Instant end() const { return timeline.begin() + plan.until; }

private:
  void plan_checks();
  [[nodiscard]] bool calm() const;
  [[nodiscard]] bool stormy() const;
  void market();
  void move_price(const model::ContractId& contract, std::int64_t ticks);
  void quote_tick();
  [[nodiscard]] bool held_somewhere(const char* contract) const;
  void trade_later(model::AccountId id, model::Duration pause);
  void strike(const Fault& fault);
  void allow(model::AccountId account, bool yes);

  Random quotes_;
  std::map<model::AccountId, Trader> traders_;
  std::vector<std::pair<model::Duration, model::Duration>> storms_; // of each fault
  std::vector<model::Duration> calm_;
};

} // namespace bulkhead::simulation
