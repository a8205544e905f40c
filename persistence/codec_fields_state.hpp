#pragma once
// Field lists of the account state and of what the store keeps beside it; see codec_fields.hpp. Included by
// the codec only; any thread.

#include "model/account_state.hpp"
#include "persistence/codec_fields_decision.hpp"
#include "persistence/store.hpp"

namespace bulkhead::persistence {

template <>
struct EnumRange<model::EarlierDays> {
  static constexpr auto last = model::EarlierDays::closed;
};

template <class Ar>
void fields(Ar& ar, Of<Ar, model::ContractRecord>& x) {
  auto& [epoch, last_event] = x;
  ar(epoch, last_event);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::LiveOrder>& x) {
  auto& [order, seen_at] = x;
  ar(order, seen_at);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::EndedOrder>& x) {
  auto& [updated, ended_at] = x;
  ar(updated, ended_at);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::PendingIntent>& x) {
  auto& [id, source, epoch, target, ordinal, issued_at, retry_at, resume] = x;
  ar(id, source, epoch, target, ordinal, issued_at, retry_at, resume);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::BreachLatch>& x) {
  auto& [epoch, since, occasion, only_told, locked] = x;
  ar(epoch, since);
  if (ar.since(2)) ar(occasion);
  if (ar.since(6)) ar(only_told);
  if (ar.since(7))
    ar(locked);
  else if constexpr (Ar::reading)
    locked = true; // not known: an admin may have lifted it
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Irregularities>& x) {
  auto& [refused_quotes, refused_positions, undefined_direction, rule_failures, refused_fills, odd_orders,
         off_grid_quotes, odd_averages, unknown_contracts] = x;
  ar(refused_quotes, refused_positions, undefined_direction, rule_failures);
  if (ar.since(2)) ar(refused_fills, odd_orders, off_grid_quotes, odd_averages, unknown_contracts);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::RuleMemory>& x) {
  auto& [epoch, since, deadline, price, number] = x;
  ar(epoch, since, deadline, price, number);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::PositionPeaks>& x) {
  auto& [epoch, best_mark, last, exit_side, mid] = x;
  ar(epoch, best_mark, last, exit_side, mid);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::CloseSpan>& x) {
  auto& [contract, held, from, to] = x;
  ar(contract, held, from, to);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::UnseenFills>& x) {
  auto& [quantity, at, early] = x;
  ar(quantity, at);
  if (ar.since(3)) ar(early);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::AccountHistory>& x) {
  auto& [days, older_net, older_best, period_start, payouts, opening, opening_settled, high_balance,
         high_equity, adjusted_today, high_realized_today, high_result_today, base, awaited, awaited_from,
         earlier, unwatched_from] = x;
  ar(days, older_net, older_best, period_start, payouts, opening, opening_settled, high_balance, high_equity,
     adjusted_today, high_realized_today, high_result_today, base);
  if (ar.since(5)) ar(awaited, awaited_from);
  if (ar.since(6)) ar(earlier);
  if (ar.since(7)) ar(unwatched_from);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::RecentMoves::Minute>& x) {
  auto& [start, low, high] = x;
  ar(start, low, high);
}
template <class Ar>
void fields(Ar& ar, Of<Ar, model::RecentMoves>& x) {
  ar(x.minutes());
}

/// The sums of a ledger are derived from its fills, so only bounds and fills are stored.
inline void fields(Writer& ar, const model::DayLedger& x) { ar(x.day(), x.start(), x.end(), x.fills()); }
inline void fields(Reader& ar, model::DayLedger& x) {
  model::TradingDay day;
  model::Instant start;
  model::Instant end;
  std::map<model::FillId, model::Fill> fills;
  ar(day, start, end, fills);
  if (ar.ok()) x.restore(day, start, end, std::move(fills));
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::LockoutSet>& x) {
  ar(x.rows());
}

/// Quotes too, so that a state read back decides as the one that was written; a start forgets them.
template <class Ar>
void fields(Ar& ar, Of<Ar, model::AccountState>& x) {
  auto& [id, account, positions, contracts, orders, ended_orders, ticks, quotes, peaks, ledger,
         unrealized_at_reset, lockouts, breaches, pending_closes, pending_cancels, ordinals, told_today,
         reconciled, connected, trusted_from, last_event, irregular, memory, wakes, failing, closes, unseen,
         peak_equity, book_changed_at, balance_changed_at, complete_from, can_trade_seen_at,
         can_trade_missing, missing_reads, read_at, history, moves, disabled] = x;
  ar(id, account, positions, contracts, orders, ended_orders, ticks, ledger, unrealized_at_reset, lockouts,
     breaches, pending_closes, pending_cancels, ordinals, told_today, reconciled, connected, trusted_from,
     last_event, irregular);
  if (!ar.since(2)) return;
  ar(quotes, peaks, memory, wakes, failing, closes, unseen, peak_equity, book_changed_at, balance_changed_at,
     complete_from, can_trade_seen_at, can_trade_missing, missing_reads);
  if (ar.since(3)) ar(read_at);
  if (ar.since(4)) ar(history, moves);
  if (ar.since(5)) ar(disabled);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, StoredAccount>& x) {
  auto& [state, journal_sequence] = x;
  ar(state, journal_sequence);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, LockoutRecord>& x) {
  auto& [account, at, lockout, cleared] = x;
  ar(account, at, lockout, cleared);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, DaySummary>& x) {
  auto& [account, day, gross, costs, net, fills, lockouts] = x;
  ar(account, day, gross, costs, net, fills, lockouts);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, Note>& x) {
  auto& [account, at, text, enforced] = x;
  ar(account, at, text);
  if (ar.since(2)) ar(enforced);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, CachedContract>& x) {
  auto& [contract, cached_at] = x;
  ar(contract, cached_at);
}

} // namespace bulkhead::persistence
