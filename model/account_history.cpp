// Days, high-water marks and withdrawals: what only the passing of days changes.

#include "model/account_fold.hpp"

#include <algorithm>
#include <utility>

namespace bulkhead::model {
namespace {

constexpr auto awaited_for = std::chrono::days{7};

void raise(std::optional<Money>& best, Money value) {
  if (!best || value > *best) best = value;
}

void forget_oldest(AccountHistory& history) {
  while (history.days.size() > AccountHistory::days_kept) {
    const PastDay& oldest = history.days.front();
    if (oldest.day >= history.period_start) {
      history.older_net += oldest.net;
      history.older_best = std::max(history.older_best, oldest.net);
    }
    history.days.erase(history.days.begin());
  }
}

std::chrono::days days_between(TradingDay from, TradingDay to) {
  return std::chrono::sys_days(to.date) - std::chrono::sys_days(from.date);
}

/// The balance with which the present day began is known: the day before is complete. `observed`: nothing of
/// that day was missed.
void settle_opening(AccountState& state, bool observed) {
  auto& history = state.history;
  const auto before = history.opening;
  history.opening = *state.account.balance - state.ledger.net() - history.adjusted_today;
  history.opening_settled = true;
  raise(history.high_balance, *history.opening);
  if (history.days.empty() || history.days.back().balance) return;
  PastDay& ended = history.days.back();
  ended.balance = history.opening;
  if (before && fold::explains(history.awaited, *history.opening - *before - ended.net - ended.adjusted))
    ended.adjusted += std::exchange(history.awaited, {});
  if (!observed && before) ended.net = *history.opening - *before - ended.adjusted;
  const bool idle = ended.fills == 0 && ended.net == Money{} && ended.adjusted == Money{};
  if (idle && before) history.days.pop_back();
}

/// Fills and positions tell of the same trades, as far as their worth goes: a fill of a contract that is not
/// held counts once in any case.
bool agree(const AccountState& state, Instant at) {
  return std::all_of(state.unseen.begin(), state.unseen.end(), [&](const auto& entry) {
    const UnseenFills& unseen = entry.second;
    const bool twice = unseen.quantity != 0 && state.positions.contains(entry.first);
    return !fold::fresh(unseen, at) || (unseen.early == 0 && !twice);
  });
}

std::optional<Money> sure_equity_of(const AccountState& state, const UnrealizedTotal& open, Instant at) {
  // What a balance from before a start has missed, only a read tells: too low a figure would lock for good.
  if (!state.account.balance || open.unvalued > 0 || !state.complete()) return std::nullopt;
  if (at >= equity_settled_at(state)) return *state.account.balance + open.sum;
  if (!state.history.base || !agree(state, at)) return std::nullopt;
  return *state.history.base + state.ledger.net() + open.sum;
}

} // namespace

namespace fold {

void end_day(AccountState& state, const DailyReset& reset) {
  auto& history = state.history;
  const bool ends_one = state.ledger.start() != Instant::min() && reset.day != state.ledger.day();
  const Money net = state.ledger.net();
  if (ends_one) {
    const auto fills = static_cast<std::uint32_t>(state.ledger.count());
    history.days.push_back({state.ledger.day(), std::nullopt, net, history.adjusted_today, fills});
    forget_oldest(history);
    history.adjusted_today = {};
    history.opening_settled = false;
    if (history.awaited != Money{} && days_between(history.awaited_from, reset.day) > awaited_for)
      history.awaited = {};
  }
  state.ledger.begin(reset);
  history.high_realized_today = {};
  history.high_result_today = {};
  state.unrealized_at_reset = unrealized_total(state).sum;
  const bool watched = state.complete() && (state.connected || state.trusted_from == Instant{});
  // Of a day that ended unobserved there may be trades in the balance that the ledger never heard of.
  if (!watched)
    history.base.reset();
  else if (history.base)
    history.base = *history.base + net - state.ledger.net();
  if (ends_one && state.account.balance && watched) settle_opening(state, true);
}

void learn_opening(AccountState& state) {
  if (state.account.balance && !state.history.opening_settled) settle_opening(state, false);
}

void adjusted(AccountState& state, const BalanceAdjusted& change) {
  auto& history = state.history;
  switch (change.kind) {
  case BalanceAdjusted::Kind::payout:
    expect(state, -change.amount.abs());
    ++history.payouts;
    history.period_start = state.ledger.day();
    history.older_net = history.older_best = {};
    break;
  case BalanceAdjusted::Kind::correction: expect(state, change.amount); break;
  case BalanceAdjusted::Kind::restart:
    history = {};
    history.earlier = EarlierDays::closed;
    state.peak_equity.reset();
    // The fills of today belong to the account as it was.
    history.adjusted_today = -state.ledger.net();
    history.period_start = state.ledger.day();
    if (state.account.balance) settle_opening(state, true);
    break;
  }
}

void follow_day(AccountState& state, Instant at) {
  auto& history = state.history;
  history.high_realized_today = std::max(history.high_realized_today, state.ledger.net());
  const auto open = unrealized_total(state);
  if (state.account.balance && at >= equity_settled_at(state)) {
    if (state.complete()) history.base = *state.account.balance - state.ledger.net();
    see_awaited(state);
    if (open.unvalued == 0) raise(state.peak_equity, *state.account.balance + history.awaited + open.sum);
  }
  if (const auto equity = sure_equity_of(state, open, at)) raise(history.high_equity, *equity);
  if (open.unvalued > 0 || !agree(state, at)) return;
  const Money result = state.ledger.net() + open.sum - state.unrealized_at_reset;
  history.high_result_today = std::max(history.high_result_today, result);
}

} // namespace fold

std::optional<Money> sure_equity(const AccountState& state, Instant at) {
  return sure_equity_of(state, unrealized_total(state), at);
}

std::optional<Money> sure_day_result(const AccountState& state, Instant at) {
  const auto open = unrealized_total(state);
  if (open.unvalued > 0 || !agree(state, at)) return std::nullopt;
  return state.ledger.net() + open.sum - state.unrealized_at_reset;
}

PeriodProfit period_profit(const AccountState& state, Money winning) {
  const auto& history = state.history;
  PeriodProfit profit{history.older_net, history.older_best, state.ledger.net(), 0};
  for (const auto& day : history.days) {
    if (day.day < history.period_start) continue;
    profit.others += day.net;
    profit.best_other = std::max(profit.best_other, day.net);
    if (day.net >= winning) ++profit.winning_days;
  }
  return profit;
}

} // namespace bulkhead::model
