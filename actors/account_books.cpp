// What an admin may tell of one account's standing: money taken out or put in, a start from the beginning,
// and whether it is enforced at all. Each becomes an event of the account, like any other order.

#include "actors/account.hpp"
#include "actors/control_views.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using model::BalanceAdjusted;
using model::Money;
using nlohmann::json;
using Happen = std::function<model::Decision(const model::Event&)>;

json money_or_null(const std::optional<Money>& amount) {
  return amount ? json(to_string(*amount)) : json(nullptr);
}

/// What the firm's rules measure by from now on.
json standing(const rules::RiskEngine& engine) {
  const auto& state = engine.state();
  const auto& history = state.history;
  const auto floor = state.memory.find({model::Source::rule(14), ""});
  std::optional<Money> at;
  if (floor != state.memory.end()) at = Money{floor->second.number};
  return {{"account_id", state.id.value},
          {"balance", money_or_null(state.account.balance)},
          {"awaited", to_string(history.awaited)},
          {"payouts", history.payouts},
          {"period_start", to_string(history.period_start)},
          {"high_balance", money_or_null(history.high_balance)},
          {"floor", money_or_null(at)}};
}

Obeyed adjust(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const bool payout = static_cast<Command>(order.request.command) == Command::account_payout;
  const Money amount{order.request.amount_micros};
  const Money awaited = engine.state().history.awaited;
  if (amount == Money{} || (payout && amount < Money{}))
    return refused(engine, codes::bad_request,
                   payout ? "a payout is more than 0" : "an amount of 0 changes nothing");
  if (!engine.state().account.balance)
    return refused(engine, codes::not_ready, "the gateway has told no balance yet");
  // What was sent twice must not count twice; an adjustment may take back what was told in error.
  const bool taken_back = !payout && awaited + amount == Money{};
  if (awaited != Money{} && !taken_back)
    return refused(engine, codes::bad_request,
                   fmt::format("{} were told before and are not in the balance yet", to_string(awaited)));
  (void)happen(
      {now, 0,
       BalanceAdjusted{payout ? BalanceAdjusted::Kind::payout : BalanceAdjusted::Kind::correction, amount}});
  return {engine.state().id, "", "", json_text(standing(engine))};
}

Obeyed rebase(const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  if (!engine.state().account.balance)
    return refused(engine, codes::not_ready, "the gateway has told no balance yet");
  if (!engine.state().positions.empty())
    return refused(engine, codes::bad_request, "positions are open: the floor may only move while flat");
  (void)happen({now, 0, BalanceAdjusted{BalanceAdjusted::Kind::restart, {}}});
  return {engine.state().id, "", "", json_text(standing(engine))};
}

Obeyed turn(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const auto& state = engine.state();
  const bool on = static_cast<Command>(order.request.command) == Command::account_enable;
  const bool changes = state.disabled == on;
  if (!on && state.lockouts.locked())
    return refused(engine, codes::bad_request, "a lockout stands: it would hold nothing any more");
  if (!on && (!state.positions.empty() || !state.orders.empty()))
    return refused(engine, codes::bad_request,
                   "positions or orders are open: they would be protected no more");
  std::size_t closes = 0;
  if (changes) {
    const auto& given = order.request.reason;
    const auto decision = happen({now, 0, model::EnforcementSwitched{on, given.empty() ? "by hand" : given}});
    closes = decision.intents.size();
  }
  return {state.id, "", "",
          json_text(
              {{"account_id", state.id.value}, {"enabled", on}, {"changed", changes}, {"intents", closes}})};
}

} // namespace

Obeyed obey_for_books(const Obey& order, const rules::RiskEngine& engine, model::Instant now,
                      const Happen& happen) {
  if (order.request.account_id == 0)
    return refused(engine, codes::bad_request, "this takes one account: name it");
  // Until a read has told balance and fills, nobody knows what the day began with.
  if (!engine.state().complete())
    return refused(engine, codes::not_ready, "the account has not been read yet");
  const auto command = static_cast<Command>(order.request.command);
  if (command == Command::account_rebase) return rebase(engine, now, happen);
  if (command == Command::account_payout || command == Command::account_adjust)
    return adjust(order, engine, now, happen);
  return turn(order, engine, now, happen);
}

} // namespace bulkhead::actors
