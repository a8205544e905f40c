#pragma once
// What the command line reaches. `control_front` is published: it holds nothing, validates what came from a
// peer and passes it on. `control` behind it knows the accounts and asks each of them, with a limit on the
// wait, so that a slow account shows as not responding instead of holding up the answer.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"

#include <map>
#include <memory>
#include <vector>

namespace bulkhead::actors {

struct ControlState {
  static inline const char* name = "control";
  std::map<model::AccountId, account_actor> accounts; // null until the account has started
  model::Instant started_at;
};

control_backend_actor::behavior_type control(control_backend_actor::stateful_pointer<ControlState> self,
                                             std::shared_ptr<const Clock> clock,
                                             const std::vector<model::AccountId>& accounts);

struct ControlFrontState {
  static inline const char* name = "control_front";
};

/// `backend`: the supervisor, which survives restarts of what is behind it.
control_actor::behavior_type control_front(control_actor::stateful_pointer<ControlFrontState> self,
                                           control_actor backend);

/// "0.1.0"
[[nodiscard]] const char* version() noexcept;

} // namespace bulkhead::actors
