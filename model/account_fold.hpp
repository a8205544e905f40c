#pragma once
// The parts of apply(): how each kind of event changes the book. Used by account_state*.cpp alone; pure
// functions over the state they are given.

#include "model/account_state.hpp"

namespace bulkhead::model::fold {

Applied position(AccountState& state, const PositionUpdate& update, Instant at);
Applied order(AccountState& state, const Order& order, Instant at);
Applied fill(AccountState& state, const Fill& fill, Instant at);
Applied quote(AccountState& state, const QuoteUpdate& update, Instant at);
Applied reconciled(AccountState& state, const Reconciled& read, Instant at);
Applied account(AccountState& state, const Account& update, Instant at);

/// Fills and position updates of one trade come within this time.
[[nodiscard]] inline bool fresh(const UnseenFills& unseen, Instant at) {
  return at - unseen.at <= std::chrono::seconds{2};
}

/// What is still unseen of `contract`, touched at `at`.
[[nodiscard]] UnseenFills& unseen(AccountState& state, const ContractId& contract, Instant at);
/// Takes out of `waiting` what is `told` now in the same direction, and gives what is told beyond it.
[[nodiscard]] std::int32_t match(std::int32_t& waiting, std::int32_t told);

/// Notes the best open profit of a held contract, and forgets what belongs to a contract no longer held or
/// ordered.
void follow(AccountState& state, const ContractId& contract);
void follow_all(AccountState& state);
/// The day of the ledger is over, that of `reset` begins.
void end_day(AccountState& state, const DailyReset& reset);
/// The fills of the day and the balance are known: so is the balance it began with.
void learn_opening(AccountState& state);
void adjusted(AccountState& state, const BalanceAdjusted& change);
/// What a balance shows beyond the trades is this change, rather than nothing.
[[nodiscard]] bool explains(Money change, Money shown);
/// Told by a person: the balance will show it, or does. No drawdown, so that the guard must not see one; the
/// firm's own marks stay where they are.
void expect(AccountState& state, Money change);
/// What was told shows in the balance now: it belongs to this day.
void see_awaited(AccountState& state);
/// Days and highs that nobody remembers; the days that are known stay as they are.
Applied history_read(AccountState& state, const HistoryRead& read);
/// From `at` on nobody watches; what follows a read in which nothing was traded is watched again.
void unwatched(AccountState& state, Instant at);
void watched_again(AccountState& state);
/// Raises the marks of equity and day.
void follow_day(AccountState& state, Instant at);

} // namespace bulkhead::model::fold
