#include "model/account_state.hpp"

#include <algorithm>

namespace bulkhead::model {
namespace {

constexpr auto ended_orders_kept = std::chrono::minutes{10};
constexpr std::size_t ended_orders_limit = 4096;
constexpr auto creation_trusted_within = std::chrono::seconds{60};

Applied apply_position(AccountState& state, const PositionUpdate& update, Instant at) {
  if (update.size < 0) {
    ++state.irregular.refused_positions;
    return Applied::refused;
  }
  auto& record = state.contracts[update.contract];
  record.last_event = at;
  const auto held = state.positions.find(update.contract);
  if (update.size == 0) {
    if (held == state.positions.end()) return Applied::unchanged;
    state.positions.erase(held);
    return Applied::changed;
  }
  const bool known = update.type == PositionType::long_ || update.type == PositionType::short_;
  const bool opened = held == state.positions.end();
  // Without a direction a held position keeps its sign: nobody said that it flipped.
  const bool is_short = known ? update.type == PositionType::short_ : !opened && held->second.quantity < 0;
  const std::int32_t quantity = is_short ? -update.size : update.size;
  if (!known) ++state.irregular.undefined_direction;
  // Another position id means it was closed and opened again while nobody looked.
  const bool replaced = !opened && update.id && held->second.id && *update.id != *held->second.id;
  const bool turned = !opened && held->second.direction_known && (held->second.quantity < 0) != is_short;
  Position& position = state.positions[update.contract];
  const Position before = position;
  const bool recent =
      update.created && at - *update.created <= creation_trusted_within && *update.created <= at;
  if (opened || replaced || turned) {
    position.epoch = ++record.epoch;
    position.opened_at = opened && recent ? *update.created : at;
    position.increased_at = at;
    position.average_price = {}; // that of another position says nothing about this one
  } else if (update.size > position.size()) {
    position.increased_at = at;
  }
  position.contract = update.contract;
  position.quantity = quantity;
  position.direction_known = known;
  if (update.id) position.id = update.id;
  if (update.average_price) position.average_price = *update.average_price;
  position.seen_at = before.seen_at;
  const bool changed = !(position == before);
  position.seen_at = at;
  return changed ? Applied::changed : Applied::unchanged;
}

void remember_ended(AccountState& state, const Order& order, Instant at) {
  state.ended_orders.insert_or_assign(order.id, EndedOrder{order.updated, at});
  if (state.ended_orders.size() <= ended_orders_limit / 2) return;
  std::erase_if(state.ended_orders,
                [&](const auto& e) { return e.second.ended_at < at - ended_orders_kept; });
  // Still too many within ten minutes: the lowest ids are the oldest orders.
  while (state.ended_orders.size() > ended_orders_limit) state.ended_orders.erase(state.ended_orders.begin());
}

Applied apply_order(AccountState& state, const Order& order, Instant at) {
  const auto stored = state.orders.find(order.id);
  if (stored != state.orders.end() && order.updated < stored->second.order.updated) return Applied::unchanged;
  const auto ended = state.ended_orders.find(order.id);
  if (ended != state.ended_orders.end()) {
    if (order.updated <= ended->second.updated) return Applied::unchanged;
    state.ended_orders.erase(ended); // it lives after all, or ended later than we thought
  }
  if (!order.live()) {
    remember_ended(state, order, at);
    return state.orders.erase(order.id) > 0 ? Applied::changed : Applied::unchanged;
  }
  if (stored == state.orders.end()) {
    state.orders.emplace(order.id, LiveOrder{order, at});
    return Applied::changed;
  }
  const bool same = stored->second.order == order;
  stored->second = {order, at};
  return same ? Applied::unchanged : Applied::changed;
}

Applied apply_quote(AccountState& state, const QuoteUpdate& update, Instant at) {
  const auto [quote, first] = state.quotes.try_emplace(update.contract);
  if (quote->second.merge(update, at)) return Applied::changed;
  if (first) state.quotes.erase(quote);
  ++state.irregular.refused_quotes;
  return Applied::refused;
}

void reconcile_positions(AccountState& state, const Reconciled& read, Instant at) {
  std::erase_if(state.positions, [&](const auto& held) {
    const bool listed = std::any_of(read.positions.begin(), read.positions.end(),
                                    [&](const PositionUpdate& p) { return p.contract == held.first; });
    return !listed && held.second.seen_at <= read.requested_at;
  });
  for (const auto& row : read.positions) {
    const auto record = state.contracts.find(row.contract);
    // A live event after the read was asked for knows better than the read.
    if (record != state.contracts.end() && record->second.last_event > read.requested_at) continue;
    apply_position(state, row, at);
  }
}

void reconcile_orders(AccountState& state, const Reconciled& read, Instant at) {
  std::erase_if(state.orders, [&](const auto& entry) {
    const LiveOrder& known = entry.second;
    const bool listed = std::any_of(read.orders.begin(), read.orders.end(),
                                    [&](const Order& o) { return o.id == entry.first; });
    const bool visible = read.suspended_included || known.order.status != OrderStatus::suspended;
    if (listed || !visible || known.seen_at > read.requested_at) return false;
    remember_ended(state, known.order, at);
    return true;
  });
  for (const auto& row : read.orders) {
    const auto stored = state.orders.find(row.id);
    // Stamps decide; where they are equal, a live event after the read was asked for knows better.
    const bool outdated = stored != state.orders.end() && stored->second.seen_at > read.requested_at &&
                          row.updated <= stored->second.order.updated;
    if (!outdated) apply_order(state, row, at);
  }
}

Applied apply_reconciled(AccountState& state, const Reconciled& read, Instant at) {
  if (read.account) merge(state.account, *read.account);
  reconcile_positions(state, read, at);
  reconcile_orders(state, read, at);
  for (const auto& fill : read.fills) state.ledger.add(fill);
  state.reconciled = true;
  return Applied::changed;
}

Applied apply_daily_reset(AccountState& state, const DailyReset& reset) {
  state.ledger.begin(reset);
  state.unrealized_at_reset = unrealized_total(state).sum;
  state.told_today.clear();
  return Applied::changed;
}

Applied apply_restarted(AccountState& state, Instant at) {
  state.trusted_from = at;
  state.reconciled = false;
  state.connected = false;
  for (auto& [contract, pending] : state.pending_closes) pending.resume = true;
  for (auto& [order, pending] : state.pending_cancels) pending.resume = true;
  return Applied::changed;
}

Applied apply_account(AccountState& state, const Account& update) {
  const Account before = state.account;
  merge(state.account, update);
  return state.account == before ? Applied::unchanged : Applied::changed;
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

Applied apply(AccountState& state, const Event& event) {
  state.last_event = std::max(state.last_event, event.at);
  return std::visit(Overloaded{
                        [&](const Account& e) { return apply_account(state, e); },
                        [&](const PositionUpdate& e) { return apply_position(state, e, event.at); },
                        [&](const Order& e) { return apply_order(state, e, event.at); },
                        [&](const Fill& e) {
                          return state.ledger.add(e) == DayLedger::Booked::duplicate ? Applied::unchanged
                                                                                     : Applied::changed;
                        },
                        [&](const QuoteUpdate& e) { return apply_quote(state, e, event.at); },
                        [&](const ContractLearned& e) {
                          if (!e.contract.tick.valid()) return Applied::refused;
                          state.ticks.insert_or_assign(e.contract.id, e.contract.tick);
                          return Applied::changed;
                        },
                        [&](const Reconciled& e) { return apply_reconciled(state, e, event.at); },
                        [&](const DailyReset& e) { return apply_daily_reset(state, e); },
                        [&](const ConnectionLost&) { return state.connected = false, Applied::changed; },
                        [&](const ConnectionRestored&) { return state.connected = true, Applied::changed; },
                        [&](const Restarted&) { return apply_restarted(state, event.at); },
                        [](const auto&) { return Applied::changed; },
                    },
                    event.payload);
}

} // namespace bulkhead::model
