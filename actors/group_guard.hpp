#pragma once
// Watches the groups of accounts (RULE-025, RULE-027): hears what accounts tell of themselves after their own
// work, and orders lockouts and closes as a person would, so that each account records and enforces them like
// its own. It asks nobody and nobody waits for it: an account that is silent or slow costs the others
// nothing. Everything it knows comes from the accounts, which tell it again after a restart. One actor for
// all groups, on the breach shard.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bulkhead::actors {

struct GroupGuardState {
  static inline const char* name = "group_guard";
  struct Group {
    rules::GroupCore core;
    model::Instant wake_at;
  };
  std::map<std::string, Group> groups;
  std::map<model::AccountId, std::string> group_of;
  std::map<model::AccountId, account_actor> accounts; // who spoke last for each
  std::optional<UseGroups> after_reset;               // looser rules that wait
  model::Instant reset_at;
  SelfTimer timer;
};

group_guard_actor::behavior_type group_guard(group_guard_actor::stateful_pointer<GroupGuardState> self,
                                             std::shared_ptr<const Clock> clock, notifier_actor notifier);

} // namespace bulkhead::actors
