#include "actors/event_router.hpp"

#include "actors/clock.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using RouterSelf = event_router_actor::stateful_pointer<EventRouterState>;
using model::AccountId;

constexpr model::Duration contract_is_fresh_for = std::chrono::hours{24}; // rules.md 3.6

/// The account a user event speaks of; 0 for quotes.
AccountId owner_of(const model::Payload& payload) {
  if (const auto* e = std::get_if<model::PositionUpdate>(&payload)) return e->account;
  if (const auto* e = std::get_if<model::Order>(&payload)) return e->account;
  if (const auto* e = std::get_if<model::Fill>(&payload)) return e->account;
  if (const auto* e = std::get_if<model::Account>(&payload)) return e->id;
  return AccountId{};
}

void deliver_quotes(RouterSelf self, RoutedAccount& account) {
  if (account.busy_with_quotes || account.waiting.empty()) return;
  QuotesChanged message;
  for (auto& [contract, event] : account.waiting) message.quotes.push_back(std::move(event));
  account.waiting.clear();
  account.busy_with_quotes = true;
  self->send(account.handle, std::move(message));
}

void route_quote(RouterSelf self, const model::Event& event, const model::QuoteUpdate& quote) {
  const auto watchers = self->state.watchers.find(quote.contract);
  if (watchers == self->state.watchers.end()) return;
  for (const auto id : watchers->second) {
    auto& account = self->state.accounts.at(id);
    const auto [it, added] = account.waiting.try_emplace(quote.contract, event);
    if (!added) {
      // Sparse: what the newer quote does not mention stays as the waiting one had it.
      auto& waiting = std::get<model::QuoteUpdate>(it->second.payload);
      if (quote.last) waiting.last = quote.last;
      if (quote.bid) waiting.bid = quote.bid;
      if (quote.ask) waiting.ask = quote.ask;
      it->second.at = event.at;
    }
    deliver_quotes(self, account);
  }
}

void route(RouterSelf self, const HubEventsReceived& message) {
  for (const auto& event : message.events) {
    if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.payload)) {
      route_quote(self, event, *quote);
      continue;
    }
    const auto account = self->state.accounts.find(owner_of(event.payload));
    if (account == self->state.accounts.end()) {
      ++self->state.unknown_accounts; // another account of the same user, not configured here
    } else {
      self->send(account->second.handle, Happened{event});
    }
  }
}

void tell_market(RouterSelf self, const model::CredentialId& credential) {
  WatchContracts all;
  for (const auto& [id, account] : self->state.accounts) {
    if (account.credential == credential)
      all.contracts.insert(account.watches.begin(), account.watches.end());
  }
  const auto peers = self->state.credentials.find(credential);
  if (peers != self->state.credentials.end()) self->send(peers->second.market, std::move(all));
}

void watch(RouterSelf self, const Clock& clock, const WatchContracts& message) {
  const auto account = self->state.accounts.find(message.account);
  if (account == self->state.accounts.end()) return;
  for (const auto& gone : account->second.watches) self->state.watchers[gone].erase(message.account);
  account->second.watches = message.contracts;
  for (const auto& contract : message.contracts) {
    self->state.watchers[contract].insert(message.account);
    const auto known = self->state.contracts.find(contract);
    const bool is_known = known != self->state.contracts.end();
    if (is_known) {
      self->send(account->second.handle,
                 Happened{{clock.now(), 0, model::ContractLearned{known->second.contract}}});
    }
    if (is_known && clock.now() - known->second.cached_at < contract_is_fresh_for) continue;
    const auto peers = self->state.credentials.find(account->second.credential);
    if (peers != self->state.credentials.end()) {
      self->send(peers->second.reconciler, LearnContract{contract});
    }
  }
  std::erase_if(self->state.watchers, [](const auto& entry) { return entry.second.empty(); });
  tell_market(self, account->second.credential);
}

model::Payload stream_event(bool connected) {
  if (connected) return model::ConnectionRestored{};
  return model::ConnectionLost{};
}

void add_account(RouterSelf self, const Clock& clock, const AccountStarted& message) {
  auto& account = self->state.accounts[message.account];
  account.handle = message.handle;
  account.credential = message.credential;
  account.busy_with_quotes = false; // the predecessor's credit died with it
  account.waiting.clear();
  if (self->state.connected.contains(message.credential)) {
    self->send(message.handle, Happened{{clock.now(), 0, stream_event(true)}});
  }
}

void stream_changed(RouterSelf self, const Clock& clock, const StreamChanged& message) {
  if (message.connected) {
    self->state.connected.insert(message.credential);
  } else {
    self->state.connected.erase(message.credential);
  }
  for (const auto& [id, account] : self->state.accounts) {
    if (account.credential != message.credential) continue;
    self->send(account.handle, Happened{{clock.now(), 0, stream_event(message.connected)}});
  }
}

void contract_found(RouterSelf self, const Clock& clock, const ContractFound& message) {
  self->state.contracts.insert_or_assign(message.contract.id,
                                         persistence::CachedContract{message.contract, clock.now()});
  const auto watchers = self->state.watchers.find(message.contract.id);
  if (watchers == self->state.watchers.end()) return;
  for (const auto id : watchers->second) {
    self->send(self->state.accounts.at(id).handle,
               Happened{{clock.now(), 0, model::ContractLearned{message.contract}}});
  }
}

} // namespace

event_router_actor::behavior_type event_router(RouterSelf self, std::shared_ptr<const Clock> clock,
                                               std::vector<persistence::CachedContract> cached) {
  for (auto& entry : cached) self->state.contracts.emplace(entry.contract.id, std::move(entry));
  return {
      [=](const CredentialStarted& m) { self->state.credentials.insert_or_assign(m.credential, m); },
      [=](const AccountStarted& m) { add_account(self, *clock, m); },
      [=](const HubEventsReceived& m) { route(self, m); },
      [=](const StreamChanged& m) { stream_changed(self, *clock, m); },
      [=](const WatchContracts& m) { watch(self, *clock, m); },
      [=](const QuotesTaken& m) {
        const auto account = self->state.accounts.find(m.account);
        if (account == self->state.accounts.end()) return;
        account->second.busy_with_quotes = false;
        deliver_quotes(self, account->second);
      },
      [=](const ContractFound& m) { contract_found(self, *clock, m); },
  };
}

} // namespace bulkhead::actors
