#pragma once
// Begins every trading day once: at the reset instant of the schedule, and for an account that starts inside
// a day its ledger does not know yet (the daemon was down over a reset).

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"

#include <map>
#include <memory>

namespace bulkhead::actors {

struct ResetSchedulerState {
  static inline const char* name = "reset";
  std::map<model::AccountId, account_actor> accounts;
  SelfTimer timer;
};

/// The day that contains `at`.
[[nodiscard]] model::DailyReset day_at(const model::ResetSchedule& schedule, model::Instant at);

reset_scheduler_actor::behavior_type
reset_scheduler(reset_scheduler_actor::stateful_pointer<ResetSchedulerState> self,
                std::shared_ptr<const Clock> clock, model::ResetSchedule schedule);

} // namespace bulkhead::actors
