// What a person, or a read of long ago, tells of an account: changes of the balance that no trade explains,
// and days whose records are lost.

#include "model/account_fold.hpp"

#include <algorithm>
#include <utility>

namespace bulkhead::model {
namespace {

/// What is told now showed at the end of the last finished day already.
bool was_seen(AccountHistory& history, Money change) {
  const auto n = history.days.size();
  if (n < 2 || !history.days[n - 1].balance || !history.days[n - 2].balance) return false;
  PastDay& last = history.days[n - 1];
  if (!fold::explains(change, *last.balance - *history.days[n - 2].balance - last.net - last.adjusted))
    return false;
  last.adjusted += change;
  return true;
}

} // namespace

bool fold::explains(Money change, Money shown) { return (shown - change).abs() < shown.abs(); }

void fold::see_awaited(AccountState& state) {
  auto& history = state.history;
  if (history.awaited == Money{} || !history.opening || !history.opening_settled) return;
  const Money shown = *state.account.balance - *history.opening - state.ledger.net() - history.adjusted_today;
  if (explains(history.awaited, shown)) history.adjusted_today += std::exchange(history.awaited, {});
}

void fold::expect(AccountState& state, Money change) {
  auto& history = state.history;
  if (state.peak_equity) state.peak_equity = *state.peak_equity + change;
  if (was_seen(history, change)) return;
  history.awaited += change;
  history.awaited_from = state.ledger.day();
}

Applied fold::history_read(AccountState& state, const HistoryRead& read) {
  auto& history = state.history;
  const bool wanted = history.days.empty() && history.earlier != EarlierDays::closed;
  if (!wanted || !history.opening) return Applied::unchanged;
  const auto before = history.earlier;
  history.earlier = read.days.empty() ? EarlierDays::untold : EarlierDays::closed;
  if (history.earlier == before) return Applied::unchanged; // nothing, once more
  history.days = read.days;
  Money balance = *history.opening;
  for (auto day = history.days.rbegin(); day != history.days.rend(); ++day) {
    day->balance = balance;
    history.high_balance = std::max(history.high_balance.value_or(balance), balance);
    balance -= day->net + day->adjusted;
  }
  return Applied::changed;
}

} // namespace bulkhead::model
