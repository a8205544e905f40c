#pragma once
// One simulated day: builds the machine, the gateway, the traders and the daemon of a plan, lets 24 hours
// pass, and says what was wrong. Deterministic: the same plan gives the same trace.

#include "tests/simulation/plan.hpp"
#include "tests/simulation/watch.hpp"

namespace bulkhead::simulation {

struct DayResult {
  std::vector<std::string> failures;
  std::uint64_t trace = 0;
  Figures figures;
  std::vector<std::string> log;
  [[nodiscard]] bool good() const { return failures.empty(); }
};

[[nodiscard]] DayResult play(const Plan& plan, bool keep_log = false);
/// Level two: the real actors, and which of them runs next is drawn from the seed. For plan_for_actors().
[[nodiscard]] DayResult play_with_actors(const Plan& plan, bool keep_log = false);

} // namespace bulkhead::simulation
