#include "actors/lockouts.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

lockouts_actor::behavior_type lockouts(lockouts_actor::stateful_pointer<LockoutsState> self,
                                       std::shared_ptr<const Clock>) {
  return {
      [=](const LockoutsChanged& m) { self->state.by_account.insert_or_assign(m.account, m.lockouts); },
  };
}

} // namespace bulkhead::actors
