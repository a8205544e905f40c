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

bool take_days(AccountHistory& history, const HistoryRead& read) {
  const bool wanted = history.days.empty() && history.earlier != EarlierDays::closed;
  if (!wanted || !history.opening) return false;
  const auto before = history.earlier;
  history.earlier = read.days.empty() ? EarlierDays::untold : EarlierDays::closed;
  if (history.earlier == before) return false; // nothing, once more
  history.days = read.days;
  Money balance = *history.opening;
  for (auto day = history.days.rbegin(); day != history.days.rend(); ++day) {
    day->balance = balance;
    history.high_balance = std::max(history.high_balance.value_or(balance), balance);
    balance -= day->net + day->adjusted;
  }
  return true;
}

bool take_highs(AccountState& state, const HistoryRead& read) {
  auto& history = state.history;
  const auto begun_with = history.base ? history.base : history.opening;
  if (!read.highs || !begun_with) return false;
  const auto& [earlier, today, whole] = *read.highs;
  for (const auto& above : {earlier, today}) {
    if (above)
      history.high_equity = std::max(history.high_equity.value_or(*begun_with), *begun_with + *above);
  }
  if (today)
    history.high_result_today = std::max(history.high_result_today, *today - state.unrealized_at_reset);
  history.unwatched_from.reset();
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

void fold::unwatched(AccountState& state, Instant at) {
  if (at != Instant{} && !state.history.unwatched_from) state.history.unwatched_from = at;
}

void fold::watched_again(AccountState& state) {
  const auto since = state.history.unwatched_from;
  const bool quiet =
      state.positions.empty() && state.book_changed_at <= since && state.balance_changed_at <= since;
  if (quiet) state.history.unwatched_from.reset();
}

Applied fold::history_read(AccountState& state, const HistoryRead& read) {
  const bool days = take_days(state.history, read);
  const bool highs = take_highs(state, read);
  return days || highs ? Applied::changed : Applied::unchanged;
}

} // namespace bulkhead::model
