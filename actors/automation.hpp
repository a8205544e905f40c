#pragma once
// Carries out what rules want done beside enforcement: stops placed and moved, one worker per account, over
// the account's own lane. Each request is sent once and never repeated; what the budget holds back waits, at
// most sixteen requests and two seconds each, and is reported as not done after that. Nothing here protects
// the account by itself, so closes and cancels of enforcement always come first.

#include "actors/gateway_sender.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"

#include <deque>
#include <map>
#include <memory>

namespace bulkhead::actors {

struct AutomationDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  notifier_actor notifier;
  account_actor account;
};

struct AutomationState {
  static inline const char* name = "automation";
  struct Waiting {
    model::AutomationRequest request;
    model::Instant give_up_at;
  };
  std::deque<Waiting> waiting;                                 // for budget or token, in order
  std::map<std::uint64_t, model::AutomationRequest> in_flight; // by tag
  std::uint64_t last_tag = 0;
  SelfTimer timer;
};

automation_actor::behavior_type automation(automation_actor::stateful_pointer<AutomationState> self,
                                           model::AccountId account, AutomationDeps deps);

} // namespace bulkhead::actors
