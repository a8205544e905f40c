#pragma once
// What answers the command line. `control_front` is published: it holds nothing, validates what came from a
// peer, has the gatekeeper decide about those who want to act, and passes on what was let in. `control`
// behind it knows the accounts and asks each of them, with a limit on the wait, so that a slow account shows
// as not responding instead of holding up the answer. At most 64 requests are under way; the next is told
// BUSY.

#include "actors/clock.hpp"
#include "actors/control_watch.hpp"
#include "actors/interfaces.hpp"
#include "model/config.hpp"

#include <map>
#include <memory>
#include <string>

namespace bulkhead::actors {

struct ControlDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<const model::Config> config;
  journal_actor journal;
};

struct ControlState {
  static inline const char* name = "control";
  std::map<model::AccountId, account_actor> accounts; // null until the account has started
  model::Instant started_at;
  WatchDesk watchers;
};

control_backend_actor::behavior_type control(control_backend_actor::stateful_pointer<ControlState> self,
                                             ControlDeps deps);

struct ControlFrontState {
  static inline const char* name = "control_front";
  int under_way = 0;
};

struct ControlFrontDeps {
  house_actor house; // the supervisor, which survives restarts of what is behind it
  gatekeeper_actor gatekeeper;
  clerk_actor clerk;
};

control_actor::behavior_type control_front(control_actor::stateful_pointer<ControlFrontState> self,
                                           ControlFrontDeps deps);

/// "0.1.0"
[[nodiscard]] const char* version() noexcept;

} // namespace bulkhead::actors
