// Positions and orders: the venue's word about them, one at a time or as a complete read.

#include "model/account_fold.hpp"

#include <algorithm>

namespace bulkhead::model {
namespace {

constexpr auto ended_orders_kept = std::chrono::minutes{10};
constexpr std::size_t ended_orders_limit = 4096;
constexpr auto creation_trusted_within = std::chrono::seconds{60};
constexpr std::int32_t largest_size = 1'000'000; // contracts; nobody holds or orders more

/// A position changed by `delta`: fills tell of the same.
void note_change(AccountState& state, const ContractId& contract, std::int32_t delta, Instant at) {
  state.book_changed_at = at;
  auto& ahead = fold::unseen(state, contract, at);
  ahead.early += fold::match(ahead.quantity, delta);
}

void remember_ended(AccountState& state, const Order& order, Instant at) {
  state.ended_orders.insert_or_assign(order.id, EndedOrder{order.updated, at});
  if (state.ended_orders.size() <= ended_orders_limit / 2) return;
  std::erase_if(state.ended_orders,
                [&](const auto& e) { return e.second.ended_at < at - ended_orders_kept; });
  // Still too many within ten minutes: the lowest ids are the oldest orders.
  while (state.ended_orders.size() > ended_orders_limit) state.ended_orders.erase(state.ended_orders.begin());
}

/// `order` with figures that can be, and with a time: the gateway leaves stamps out now and then, and an
/// order without one would be older than everything for ever.
Order sound(AccountState& state, Order order, Instant at) {
  const auto size = std::clamp(order.size, 0, largest_size);
  const auto filled = std::clamp(order.filled, 0, size);
  if (size != order.size || filled != order.filled) ++state.irregular.odd_orders;
  order.size = size;
  order.filled = filled;
  if (order.updated != Instant{}) return order;
  const auto stored = state.orders.find(order.id);
  if (order.created == Instant{} && stored != state.orders.end())
    order.created = stored->second.order.created;
  if (order.created == Instant{}) order.created = at;
  order.updated = at;
  if (stored == state.orders.end()) return order;
  Order same = order;
  same.updated = stored->second.order.updated;
  return same == stored->second.order ? same : order;
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
    (void)fold::position(state, row, at);
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
    if (!outdated) (void)fold::order(state, row, at);
  }
}

} // namespace

namespace fold {

Applied position(AccountState& state, const PositionUpdate& update, Instant at) {
  if (update.size < 0 || update.size > largest_size) {
    ++state.irregular.refused_positions;
    return Applied::refused;
  }
  auto& record = state.contracts[update.contract];
  record.last_event = at;
  const auto held = state.positions.find(update.contract);
  const std::int32_t held_before = state.quantity(update.contract);
  if (update.size == 0) {
    if (held == state.positions.end()) return Applied::unchanged;
    state.positions.erase(held);
    note_change(state, update.contract, -held_before, at);
    return Applied::changed;
  }
  const bool known = update.type == PositionType::long_ || update.type == PositionType::short_;
  const bool opened = held == state.positions.end();
  // Without a direction a held position keeps its sign: nobody said that it flipped.
  const bool is_short = known ? update.type == PositionType::short_ : !opened && held->second.quantity < 0;
  const std::int32_t quantity = is_short ? -update.size : update.size;
  if (!known) ++state.irregular.undefined_direction;
  if (opened && !has_contract_shape(update.contract)) ++state.irregular.unknown_contracts;
  // Another position id means it was closed and opened again while nobody looked.
  const bool replaced = !opened && update.id && held->second.id && *update.id != *held->second.id;
  const bool turned = !opened && held->second.direction_known && (held->second.quantity < 0) != is_short;
  Position& held_now = state.positions[update.contract];
  const Position before = held_now;
  const bool recent =
      update.created && at - *update.created <= creation_trusted_within && *update.created <= at;
  if (opened || replaced || turned) {
    held_now.epoch = ++record.epoch;
    held_now.opened_at = opened && recent ? *update.created : at;
    held_now.increased_at = at;
    held_now.average_price = {}; // that of another position says nothing about this one
  } else if (update.size > held_now.size()) {
    held_now.increased_at = at;
  }
  held_now.contract = update.contract;
  held_now.quantity = quantity;
  held_now.direction_known = known;
  if (update.id) held_now.id = update.id;
  if (update.average_price && update.average_price->nanos > 0) held_now.average_price = *update.average_price;
  if (update.average_price && update.average_price->nanos <= 0) ++state.irregular.odd_averages;
  held_now.seen_at = before.seen_at;
  const bool changed = !(held_now == before);
  held_now.seen_at = at;
  if (quantity != held_before) note_change(state, update.contract, quantity - held_before, at);
  return changed ? Applied::changed : Applied::unchanged;
}

Applied order(AccountState& state, const Order& told, Instant at) {
  const Order order = sound(state, told, at);
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

Applied reconciled(AccountState& state, const Reconciled& read, Instant at) {
  // What an event said of balance or permission since the read was asked for, the read does not know yet.
  const bool outdated = std::max(state.can_trade_seen_at, state.balance_changed_at) > read.requested_at;
  if (read.account && !outdated) (void)fold::account(state, *read.account, at);
  reconcile_positions(state, read, at);
  reconcile_orders(state, read, at);
  for (const auto& row : read.fills) (void)fold::fill(state, row, at);
  state.unseen.clear(); // the read has seen them
  state.read_at = std::max(state.read_at, read.requested_at);
  if (!state.reconciled) state.complete_from = at;
  state.reconciled = true;
  learn_opening(state);
  watched_again(state);
  follow_all(state);
  return Applied::changed;
}

} // namespace fold
} // namespace bulkhead::model
