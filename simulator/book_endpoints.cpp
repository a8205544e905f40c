// The trading endpoints of the book: place, modify, cancel, and the two closes.
#include "simulator/book.hpp"
#include "simulator/codes.hpp"

#include <cstdlib>
#include <utility>

namespace bulkhead::simulator {

using model::OrderStatus;
using model::OrderType;
using model::Side;

Outcome Book::place(const PlaceRequest& request, model::Instant at) {
  auto* book = find(request.account);
  if (!book) return {number(PlaceCode::account_not_found), {}, {}, {}};
  const auto refusal = refuse(*book, request);
  if (refusal && !refusal->recorded) return {refusal->code, refusal->text, {}, {}};
  Outcome out;
  OrderRow made = make_order(request, stamp(at));
  out.order = made.order.id;
  auto& row = book->add(std::move(made));
  if (refusal) {
    out.code = refusal->code;
    out.text = refusal->text;
    row.order.status = OrderStatus::rejected;
    out.changes.emplace_back(row);
    return out;
  }
  if (!request.custom_tag.empty()) book->tags.insert(request.custom_tag);
  // Seen on the wire: the stop-loss child comes before its entry, the take-profit child after it.
  std::optional<model::OrderId> stop_loss;
  if (request.stop_loss) {
    OrderRow child = make_child(row, *request.stop_loss, true);
    stop_loss = child.order.id;
    out.changes.emplace_back(child);
    book->add(std::move(child));
  }
  const bool fills_at_once = touched(row).has_value();
  row.order.status = fills_at_once ? OrderStatus::pending : OrderStatus::open;
  out.changes.emplace_back(row);
  if (request.take_profit) {
    OrderRow child = make_child(row, *request.take_profit, false);
    child.linked = stop_loss;
    out.changes.emplace_back(child);
    book->add(std::move(child));
  }
  if (fills_at_once) fill(*book, row, *touched(row), {}, out.changes);
  return out;
}

Outcome Book::modify(const ModifyRequest& request, model::Instant at) {
  auto* book = find(request.account);
  if (!book) return {number(ModifyCode::account_not_found), {}, {}, {}};
  const auto found = book->orders.find(request.order);
  if (found == book->orders.end() || !found->second.order.live()) {
    return {number(ModifyCode::order_not_found), {}, {}, {}};
  }
  const auto& old = found->second.order;
  PlaceRequest wanted{old.account, old.contract, old.type, old.side, request.size.value_or(old.size), {}, {},
                      {},          {},           {},       {}};
  wanted.limit_price = request.limit_price ? request.limit_price : old.limit_price;
  wanted.stop_price = request.stop_price ? request.stop_price : old.stop_price;
  wanted.trail_price = request.trail_price;
  const auto tick = contract(old.contract)->contract.tick.size;
  if (request.trail_price && request.trail_price->nanos % tick.nanos != 0) {
    return {number(ModifyCode::rejected), "Invalid trail price. Price is not aligned to tick size.", {}, {}};
  }
  // A trail has no longest distance here, and a suspended child has no price of its own yet.
  if (old.type != OrderType::trailing_stop && old.status != OrderStatus::suspended) {
    if (auto text = bad_prices(wanted)) return {number(ModifyCode::rejected), text, {}, {}};
  }
  if (wanted.size <= 0) return {number(ModifyCode::rejected), "Invalid order size.", {}, {}};
  Outcome out;
  auto& row = found->second;
  row.order.updated = stamp(at);
  row.order.size = wanted.size;
  if (old.type == OrderType::limit) row.order.limit_price = wanted.limit_price;
  if (old.type == OrderType::stop) row.order.stop_price = wanted.stop_price;
  if (old.type == OrderType::trailing_stop && request.trail_price) {
    const auto last = quotes_.at(old.contract).last.value_or(*request.trail_price);
    const auto ticks = std::abs((last - *request.trail_price).nanos) / tick.nanos;
    row.trail_distance = static_cast<std::int32_t>(ticks);
    row.order.trail_price = model::Price{ticks * tick.nanos};
    row.order.stop_price.reset();
    trail(row);
  }
  out.changes.emplace_back(row);
  match(*book, row.order.contract, out.changes);
  return out;
}

Outcome Book::cancel(model::AccountId account, model::OrderId order, model::Instant at) {
  auto* book = find(account);
  if (!book) return {number(CancelCode::account_not_found), {}, {}, {}};
  if (book->row.follower) {
    return {number(CancelCode::account_rejected), "Follower accounts cannot cancel orders", {}, {}};
  }
  if (!book->row.simulated)
    return {number(CancelCode::account_rejected), "Live accounts not supported", {}, {}};
  const auto found = book->orders.find(order);
  if (found == book->orders.end()) return {number(CancelCode::order_not_found), {}, {}, {}};
  // Seen in the wild: an order that already ended gives 5, not the 2 one would expect.
  if (!found->second.order.live()) return {number(CancelCode::unknown_error), {}, {}, {}};
  stamp(at);
  Outcome out;
  cancel_order(*book, found->second, out.changes);
  return out;
}

Outcome Book::close_contract(model::AccountId account, const model::ContractId& contract, model::Instant at) {
  auto* book = find(account);
  if (!book) return {number(CloseCode::account_not_found), {}, {}, {}};
  if (!this->contract(contract)) return {number(CloseCode::contract_not_found), {}, {}, {}};
  if (!book->row.simulated)
    return {number(CloseCode::account_rejected), "Live accounts not supported", {}, {}};
  const auto held = quantity(account, contract);
  if (held == 0) return {number(CloseCode::position_not_found), {}, {}, {}};
  const auto side = held > 0 ? Side::sell : Side::buy;
  const auto price = market_price(contract, side);
  if (!price || !market_open_) return {number(CloseCode::order_rejected), {}, {}, {}};
  stamp(at);
  Outcome out;
  execute(*book, contract, side, std::abs(held), *price, {}, out.changes);
  if (!options_.close_cancels_orders) return out;
  for (auto* row : book->live_orders())
    if (row->order.live() && row->order.contract == contract) cancel_order(*book, *row, out.changes);
  return out;
}

Outcome Book::partial_close(model::AccountId account, const model::ContractId& contract, std::int32_t size,
                            model::Instant at) {
  auto* book = find(account);
  if (!book) return {number(PartialCloseCode::account_not_found), {}, {}, {}};
  if (!this->contract(contract)) return {number(PartialCloseCode::contract_not_found), {}, {}, {}};
  if (!book->row.simulated) {
    return {number(PartialCloseCode::account_rejected), "Live accounts not supported", {}, {}};
  }
  const auto held = quantity(account, contract);
  if (held == 0) return {number(PartialCloseCode::position_not_found), {}, {}, {}};
  if (size <= 0 || size > std::abs(held)) return {number(PartialCloseCode::invalid_close_size), {}, {}, {}};
  const auto side = held > 0 ? Side::sell : Side::buy;
  const auto price = market_price(contract, side);
  if (!price || !market_open_) return {number(PartialCloseCode::order_rejected), {}, {}, {}};
  stamp(at);
  Outcome out;
  execute(*book, contract, side, size, *price, {}, out.changes);
  return out;
}

} // namespace bulkhead::simulator
