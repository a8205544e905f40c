#pragma once
// Watches the published front: a certified peer can end it, since CAF delivers exit messages to whatever it
// publishes. A new front takes over its port; commands under way get no answer, everything behind the front
// does not notice. Detached: publishing blocks for a moment.

#include "actors/control.hpp"
#include "actors/logs.hpp"

namespace bulkhead::actors {

/// Ended by ShutDown, which takes the port back and ends the front.
using front_keeper_actor = caf::typed_actor<caf::reacts_to<TimerCame>, caf::replies_to<ShutDown>::with<bool>>;

struct FrontKeeperDeps {
  control_actor front; // published under the port already
  ControlFrontDeps behind;
  std::string host;
  std::uint16_t port = 0;
  Logs logs;
};

struct FrontKeeperState {
  static inline const char* name = "front_keeper";
};

front_keeper_actor::behavior_type front_keeper(front_keeper_actor::stateful_pointer<FrontKeeperState> self,
                                               FrontKeeperDeps deps);

} // namespace bulkhead::actors
