#include "model/account_fold.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::model {
namespace {

constexpr std::int32_t largest_fill = 1'000'000;                // contracts
constexpr Money largest_result = Money::dollars(1'000'000'000); // of one fill

bool believable(const Fill& fill) {
  return fill.size > 0 && fill.size <= largest_fill && fill.gross() <= largest_result &&
         fill.gross() >= -largest_result && fill.costs() <= largest_result && fill.costs() >= -largest_result;
}

Applied apply_daily_reset(AccountState& state, const DailyReset& reset) {
  fold::end_day(state, reset);
  state.told_today.clear();
  return Applied::changed;
}

Applied apply_restarted(AccountState& state, Instant at) {
  state.trusted_from = at;
  state.reconciled = false;
  state.connected = false;
  state.complete_from.reset();
  state.history.base.reset(); // the balance may have moved without us
  // They have not been watched since; as marks they would be wrong, as the reference of a gap they are right.
  for (auto& [contract, quote] : state.quotes) quote.suspend();
  // The clock of an earlier run may have been ahead of this one's: any read of this run knows better.
  const auto earlier = [before = at - Duration{1}](Instant& seen) { seen = std::min(seen, before); };
  for (auto& [contract, position] : state.positions) earlier(position.seen_at);
  for (auto& [id, order] : state.orders) earlier(order.seen_at);
  for (auto& [contract, record] : state.contracts) earlier(record.last_event);
  earlier(state.can_trade_seen_at);
  earlier(state.balance_changed_at);
  for (auto& [contract, pending] : state.pending_closes) pending.resume = true;
  for (auto& [order, pending] : state.pending_cancels) pending.resume = true;
  return Applied::changed;
}

Applied apply_learned(AccountState& state, const ContractLearned& learned) {
  if (!learned.contract.tick.valid()) return Applied::refused;
  state.ticks.insert_or_assign(learned.contract.id, learned.contract.tick);
  fold::follow(state, learned.contract.id);
  return Applied::changed;
}

Applied apply_missing(AccountState& state) {
  ++state.missing_reads;
  return Applied::changed;
}

Applied apply_switched(AccountState& state, const EnforcementSwitched& turned) {
  if (state.disabled != turned.on) return Applied::unchanged;
  state.disabled = !turned.on;
  return Applied::changed;
}

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>; // clang 14 does not deduce aggregates

} // namespace

std::int32_t AccountState::quantity(const ContractId& contract) const {
  const auto it = positions.find(contract);
  return it == positions.end() ? 0 : it->second.quantity;
}

std::int32_t AccountState::expected_quantity(const ContractId& contract, Instant at) const {
  const auto it = unseen.find(contract);
  const auto held = quantity(contract);
  const auto soon = it != unseen.end() && fold::fresh(it->second, at) ? held + it->second.quantity : held;
  return std::abs(soon) > std::abs(held) ? soon : held;
}

UnseenFills& fold::unseen(AccountState& state, const ContractId& contract, Instant at) {
  auto& unseen = state.unseen[contract];
  if (!fresh(unseen, at)) unseen = {};
  unseen.at = at;
  return unseen;
}

std::int32_t fold::match(std::int32_t& waiting, std::int32_t told) {
  const bool same_direction = (waiting > 0 && told > 0) || (waiting < 0 && told < 0);
  if (!same_direction) return told;
  const auto both = std::abs(told) < std::abs(waiting) ? told : waiting;
  waiting -= both;
  return told - both;
}

Applied fold::fill(AccountState& state, const Fill& fill, Instant at) {
  if (!believable(fill)) {
    ++state.irregular.refused_fills;
    return Applied::refused;
  }
  const auto booked = state.ledger.add(fill);
  if (booked == DayLedger::Booked::duplicate) return Applied::unchanged;
  state.book_changed_at = at;
  // What was executed before a read was asked for, the positions of the read hold.
  const bool news = booked == DayLedger::Booked::counted && fill.executed_at >= state.read_at;
  if (news && !fill.voided) {
    auto& ahead = unseen(state, fill.contract, at);
    ahead.quantity += match(ahead.early, fill.side == Side::buy ? fill.size : -fill.size);
  }
  return Applied::changed;
}

Applied fold::account(AccountState& state, const Account& update, Instant at) {
  const Account before = state.account;
  const bool missed = state.can_trade_missing;
  merge(state.account, update);
  if (!state.history.opening && (state.reconciled || state.trusted_from == Instant{})) learn_opening(state);
  if (state.account.balance != before.balance) state.balance_changed_at = at;
  const bool asked_again = update.can_trade && state.can_trade_seen_at != at;
  if (update.can_trade) state.can_trade_seen_at = at;
  state.can_trade_missing = !update.can_trade;
  state.missing_reads = 0;
  // A row with the flag is news even when it says the same: somebody asked.
  const bool news = asked_again || state.can_trade_missing != missed;
  return news || !(state.account == before) ? Applied::changed : Applied::unchanged;
}

Applied apply(AccountState& state, const Event& event) {
  const Instant at = event.at;
  if (std::holds_alternative<Restarted>(event.payload) && state.last_event < at)
    fold::unwatched(state, state.last_event);
  state.last_event = std::max(state.last_event, at);
  const auto applied =
      std::visit(Overloaded{
                     [&](const Account& e) { return fold::account(state, e, at); },
                     [&](const PositionUpdate& e) {
                       const auto done = fold::position(state, e, at);
                       return fold::follow(state, e.contract), done;
                     },
                     [&](const Order& e) {
                       const auto done = fold::order(state, e, at);
                       return fold::follow(state, e.contract), done;
                     },
                     [&](const Fill& e) { return fold::fill(state, e, at); },
                     [&](const QuoteUpdate& e) { return fold::quote(state, e, at); },
                     [&](const ContractLearned& e) { return apply_learned(state, e); },
                     [&](const Reconciled& e) { return fold::reconciled(state, e, at); },
                     [&](const DailyReset& e) { return apply_daily_reset(state, e); },
                     [&](const ConnectionLost&) {
                       fold::unwatched(state, at);
                       return state.connected = false, Applied::changed;
                     },
                     [&](const ConnectionRestored&) { return state.connected = true, Applied::changed; },
                     [&](const Restarted&) { return apply_restarted(state, at); },
                     [&](const AccountMissing&) { return apply_missing(state); },
                     [&](const BalanceAdjusted& e) { return fold::adjusted(state, e), Applied::changed; },
                     [&](const EnforcementSwitched& e) { return apply_switched(state, e); },
                     [&](const HistoryRead& e) { return fold::history_read(state, e); },
                     [](const auto&) { return Applied::changed; },
                 },
                 event.payload);
  fold::follow_day(state, at);
  return applied;
}

} // namespace bulkhead::model
