#pragma once
// Which account gets which event. User events are forwarded one by one in their order and never dropped or
// merged. Quotes go to the accounts that watch the contract, at most one message under way per account: while
// an account is behind, newer quotes of a contract replace older ones. Contracts come from the cache of
// earlier runs at once, and are read again when the cached one is older than a day; nobody waits for that.

#include "actors/interfaces.hpp"
#include "persistence/store.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace bulkhead::actors {

class Clock;

struct RoutedAccount {
  account_actor handle;
  model::CredentialId credential;
  std::set<model::ContractId> watches;
  bool busy_with_quotes = false;
  std::map<model::ContractId, model::Event> waiting; // latest quote per contract
};

struct EventRouterState {
  static inline const char* name = "router";
  std::map<model::AccountId, RoutedAccount> accounts;
  std::map<model::CredentialId, CredentialStarted> credentials;
  std::map<model::ContractId, std::set<model::AccountId>> watchers;
  std::map<model::ContractId, persistence::CachedContract> contracts; // told again to accounts that restart
  std::set<model::CredentialId> connected;
  std::uint64_t unknown_accounts = 0;
};

event_router_actor::behavior_type event_router(event_router_actor::stateful_pointer<EventRouterState> self,
                                               std::shared_ptr<const Clock> clock,
                                               std::vector<persistence::CachedContract> cached);

} // namespace bulkhead::actors
