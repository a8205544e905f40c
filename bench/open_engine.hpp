#pragma once
// A decision core on its first day, for the benchmarks that ask it in process.

#include "rules/risk_engine.hpp"

#include <memory>

namespace bulkhead::bench {

/// It knows the day and nothing of its account yet.
inline std::unique_ptr<rules::RiskEngine>
open_engine(model::AccountId account, std::shared_ptr<const rules::RuleSet> rules, model::Instant at) {
  model::AccountState state;
  state.id = account;
  const auto reset = rules->reset;
  auto out = std::make_unique<rules::RiskEngine>(std::move(state), std::move(rules));
  (void)out->step(
      {at, 0, model::DailyReset{reset.trading_day(at), reset.last_at_or_before(at), reset.next_after(at)}});
  return out;
}

/// What the gateway says of the account: $50,000 and no position.
inline model::Reconciled first_book(model::AccountId account, model::Instant at) {
  model::Reconciled book;
  book.requested_at = at;
  book.account = model::Account{};
  book.account->id = account;
  book.account->can_trade = true;
  book.account->balance = model::Money::dollars(50'000);
  return book;
}

} // namespace bulkhead::bench
