#pragma once
// An account's state from 17:00 in Chicago on, a millisecond per event.

#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

namespace bulkhead::testing {

class Life {
public:
  Life() {
    state.id = trader();
    happen(reset(instant("2026-07-14T22:00:00Z")));
    apply(state, learned(mnq(), "0.25", "0.50"));
  }
  template <class P>
  void happen(P payload) {
    now += std::chrono::milliseconds{1};
    apply(state, at(now, Payload(std::move(payload))));
  }
  void apply(AccountState& s, const Event& event) { (void)model::apply(s, event); }
  void apply(AccountState& s, ContractLearned event) { (void)model::apply(s, at(now, std::move(event))); }
  void balance(std::string_view amount) { happen(Account(account().balance(amount))); }
  void earn(std::string_view pnl) { happen(Fill(fill(++fills).sell(1).pnl(pnl).executed(now))); }
  void next_day() {
    const auto start = state.ledger.end();
    now = start;
    (void)model::apply(state, at(now, reset(start)));
  }

  AccountState state;
  Instant now = instant("2026-07-14T22:00:00Z");
  std::int64_t fills = 0;
};

} // namespace bulkhead::testing
