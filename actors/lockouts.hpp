#pragma once
// All lockouts of all accounts in one place. The rows themselves live in each account's state, because the
// gate must see them in the same turn and a replay must reproduce them; this actor holds the newest
// projection for questions about the whole house.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"

#include <map>
#include <memory>

namespace bulkhead::actors {

struct LockoutsState {
  static inline const char* name = "lockouts";
  std::map<model::AccountId, model::LockoutSet> by_account;
};

/// The clock is not needed yet, but CAF 0.17 dereferences null when it spawns a function without arguments.
lockouts_actor::behavior_type lockouts(lockouts_actor::stateful_pointer<LockoutsState> self,
                                       std::shared_ptr<const Clock>);

} // namespace bulkhead::actors
