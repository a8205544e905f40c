#pragma once
// Which account gets which event. User events are forwarded one by one in their order and never dropped or
// merged. Quotes go to the accounts whose bands they leave, at most one message under way per account, and to
// the others for display alone, twice a second; QuoteFanout tells them apart. Contracts come from the cache
// of earlier runs at once, and are read again when the cached one is older than a day; nobody waits for that.

#include "actors/interfaces.hpp"
#include "actors/quote_fanout.hpp"
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
};

struct EventRouterState {
  static inline const char* name = "router";
  std::map<model::AccountId, RoutedAccount> accounts;
  std::map<model::CredentialId, CredentialStarted> credentials;
  std::unique_ptr<QuoteFanout> quotes;
  std::map<model::ContractId, persistence::CachedContract> contracts; // told again to accounts that restart
  std::set<model::CredentialId> connected;
  std::uint64_t unknown_accounts = 0;
  bool showing = false; // the timer of the display runs
};

event_router_actor::behavior_type event_router(event_router_actor::stateful_pointer<EventRouterState> self,
                                               std::shared_ptr<const Clock> clock,
                                               std::vector<persistence::CachedContract> cached,
                                               std::shared_ptr<QuoteBoard> board);

} // namespace bulkhead::actors
