#pragma once
// Deadlines of the accounts. An account asks for its earliest one; when it comes the account gets TimeReached
// and decides again. Deadlines are derived from the account's durable state, so a restart asks for them anew.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"

#include <map>
#include <memory>

namespace bulkhead::actors {

struct TimersState {
  static inline const char* name = "timers";
  std::map<model::AccountId, account_actor> accounts;
  std::map<model::AccountId, model::Instant> deadlines;
  SelfTimer timer;
};

timers_actor::behavior_type timers(timers_actor::stateful_pointer<TimersState> self,
                                   std::shared_ptr<const Clock> clock);

} // namespace bulkhead::actors
