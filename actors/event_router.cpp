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

constexpr model::Duration shown_every = std::chrono::milliseconds{500}; // to each account

void arm_display(RouterSelf self) {
  if (std::exchange(self->state.showing, true)) return;
  self->delayed_send(self, shown_every / QuoteFanout::turns, TimerCame{});
}

void show(RouterSelf self) {
  self->state.showing = false;
  if (self->state.quotes->show()) arm_display(self);
}

void take_bands(RouterSelf self, const QuotesTaken& said, bool taken) {
  const auto account = self->state.accounts.find(said.account);
  // What a predecessor has said knows nothing of this one.
  const bool its_own =
      account != self->state.accounts.end() &&
      caf::actor_cast<caf::strong_actor_ptr>(account->second.handle) == self->current_sender();
  if (its_own) self->state.quotes->state(said.account, said.bands, taken);
}

void route(RouterSelf self, const HubEventsReceived& message) {
  for (const auto& event : message.events) {
    if (const auto* quote = std::get_if<model::QuoteUpdate>(&event.payload)) {
      self->state.quotes->quote(event, *quote);
      arm_display(self);
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
  account->second.watches = message.contracts;
  self->state.quotes->watch(message.account, message.contracts);
  for (const auto& contract : message.contracts) {
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
  self->state.quotes->begin(message.account);
  if (self->state.connected.contains(message.credential))
    self->send(account.handle, Happened{{clock.now(), 0, stream_event(true)}});
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
  for (const auto id : self->state.quotes->watchers(message.contract.id)) {
    self->send(self->state.accounts.at(id).handle,
               Happened{{clock.now(), 0, model::ContractLearned{message.contract}}});
  }
}

} // namespace

event_router_actor::behavior_type event_router(RouterSelf self, std::shared_ptr<const Clock> clock,
                                               std::vector<persistence::CachedContract> cached,
                                               std::shared_ptr<QuoteBoard> board) {
  self->state.quotes = std::make_unique<QuoteFanout>(std::move(board), [self](QuoteFanout::Parcel parcel) {
    self->send(self->state.accounts.at(parcel.account).handle,
               QuotesChanged{std::move(parcel.quotes), parcel.number});
  });
  for (auto& entry : cached) self->state.contracts.emplace(entry.contract.id, std::move(entry));
  return {
      [=](const CredentialStarted& m) { self->state.credentials.insert_or_assign(m.credential, m); },
      [=](const AccountStarted& m) { add_account(self, *clock, m); },
      [=](const HubEventsReceived& m) { route(self, m); },
      [=](const StreamChanged& m) { stream_changed(self, *clock, m); },
      [=](const WatchContracts& m) { watch(self, *clock, m); },
      [=](const QuotesTaken& m) { take_bands(self, m, true); },
      [=](const BandsStated& m) { take_bands(self, m.bands, false); },
      [=](const ContractFound& m) { contract_found(self, *clock, m); },
      [=](const TimerCame&) { show(self); },
  };
}

} // namespace bulkhead::actors
