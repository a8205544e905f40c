// What an account in its last resort closes, and what status shows of it.

#include "actors/last_resort.hpp"

#include <cstdlib>

namespace bulkhead::actors {

using model::EnforcementIntent;

namespace {

EnforcementIntent wanting(EnforcementIntent::Kind kind, model::AccountId account,
                          const model::ContractId& contract, const LastResortState& state) {
  EnforcementIntent intent;
  intent.kind = kind;
  intent.account = account;
  intent.contract = contract;
  intent.source = last_resort_source;
  const auto ordinal = state.ordinals.find(contract);
  intent.ordinal = ordinal == state.ordinals.end() ? 1 : ordinal->second;
  intent.reason = "last resort";
  return intent;
}

} // namespace

Enforce closing_all(const model::Reconciled& read, LastResortState& state, model::AccountId account) {
  Enforce order;
  order.whole_account = true;
  const auto before = std::exchange(state.positions, {});
  state.orders.clear();
  state.read_once = true;
  for (const auto& row : read.positions) {
    if (row.size == 0) continue;
    const auto held = row.type == model::PositionType::short_ ? -row.size : row.size;
    if (!before.contains(row.contract)) ++state.ordinals[row.contract];
    state.positions.emplace(row.contract, held);
    order.intents.push_back(wanting(EnforcementIntent::Kind::close_position, account, row.contract, state));
    order.intents.back().held = held;
  }
  for (const auto& row : read.orders) {
    state.orders.emplace(row.id, row.contract);
    order.intents.push_back(wanting(EnforcementIntent::Kind::cancel_order, account, row.contract, state));
    order.intents.back().order = row.id;
  }
  for (auto& intent : order.intents) intent.id = make_intent_id(intent);
  return order;
}

AccountView view_of(const LastResortState& state, model::AccountId account, const AccountDeps& deps) {
  AccountView view;
  view.account_id = account.value;
  view.nickname = deps.nickname;
  view.connected = state.connected;
  view.position_count = static_cast<std::int32_t>(state.positions.size());
  for (const auto& [contract, held] : state.positions) view.contracts += std::abs(held);
  view.order_count = static_cast<std::int32_t>(state.orders.size());
  view.locked_out = true;
  for (const auto& row : state.lockouts.rows()) view.lockouts.push_back(view_of(row));
  view.realized_net_micros = state.realized_net.micros;
  view.credential = deps.credential.value;
  view.requests_left = static_cast<std::uint32_t>(deps.sender->closes_available());
  view.flatten_requests = static_cast<std::uint32_t>(state.positions.size() + state.orders.size());
  add_enforcement(view, state.enforcing);
  view.alarm = "LAST RESORT: no rules are evaluated, everything is closed" +
               (view.alarm.empty() ? std::string{} : "; " + view.alarm);
  return view;
}

} // namespace bulkhead::actors
