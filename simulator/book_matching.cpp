#include "simulator/book.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::simulator {

using model::Fill;
using model::Money;
using model::OrderStatus;
using model::OrderType;
using model::Price;
using model::Side;

namespace {

__extension__ using Int128 = __int128;

/// The size-weighted mean of what is held and what comes on top, rounded half away from zero.
Price mean(Price held, std::int64_t held_size, Price added, std::int64_t added_size) {
  const Int128 sum = Int128{held.nanos} * held_size + Int128{added.nanos} * added_size;
  const Int128 size = held_size + added_size;
  return {static_cast<std::int64_t>((sum >= 0 ? sum + size / 2 : sum - size / 2) / size)};
}

} // namespace

std::optional<Price> Book::market_price(const model::ContractId& contract, Side side) const {
  const auto& quote = quotes_.at(contract);
  const auto& opposite = side == Side::buy ? quote.ask : quote.bid;
  return opposite ? opposite : quote.last;
}

/// The price at which the order fills against the present quote, if it does.
std::optional<Price> Book::touched(const OrderRow& row) const {
  const auto& order = row.order;
  const auto market = market_price(order.contract, order.side);
  if (!market || order.status == OrderStatus::suspended || is_terminal(order.status)) return std::nullopt;
  const bool buying = order.side == Side::buy;
  switch (order.type) {
  case OrderType::market: return market;
  case OrderType::limit:
  case OrderType::join_bid:
  case OrderType::join_ask: {
    if (!order.limit_price) return std::nullopt;
    const bool reached = buying ? *market <= *order.limit_price : *market >= *order.limit_price;
    return reached ? market : std::nullopt;
  }
  case OrderType::stop:
  case OrderType::trailing_stop: {
    if (!order.stop_price) return std::nullopt;
    const auto seen = quotes_.at(order.contract).last.value_or(*market);
    const bool by_last = buying ? seen >= *order.stop_price : seen <= *order.stop_price;
    const bool by_market = buying ? *market >= *order.stop_price : *market <= *order.stop_price;
    return by_last || by_market ? market : std::nullopt;
  }
  case OrderType::stop_limit:
  case OrderType::unknown: return std::nullopt;
  }
  return std::nullopt;
}

/// Moves a trailing stop after the last price, never back.
void Book::trail(OrderRow& row) const {
  auto& order = row.order;
  const auto last = quotes_.at(order.contract).last;
  if (order.type != OrderType::trailing_stop || !order.trail_price || !last) return;
  const Price distance{std::abs(order.trail_price->nanos)};
  if (order.side == Side::sell) {
    const Price level = *last - distance;
    order.stop_price = order.stop_price ? std::max(*order.stop_price, level) : level;
  } else {
    const Price level = *last + distance;
    order.stop_price = order.stop_price ? std::min(*order.stop_price, level) : level;
  }
}

void Book::match(AccountBook& book, const model::ContractId& contract, Changes& out) {
  for (auto* row : book.live_orders()) {
    if (row->order.contract != contract || row->order.status != OrderStatus::open) continue;
    trail(*row);
    if (const auto price = touched(*row)) {
      stamp();
      fill(book, *row, *price, {}, out);
    }
  }
}

void Book::book_fill(AccountBook& book, const OrderRow& row, std::int32_t size, std::optional<Money> pnl,
                     const std::optional<Money>& fees, Changes& out) {
  const auto& listed = *contract(row.order.contract);
  Fill fill;
  fill.id = model::FillId{next_fill_++};
  fill.order = row.order.id;
  fill.account = row.order.account;
  fill.contract = row.order.contract;
  fill.executed_at = last_stamp_;
  fill.price = *row.order.filled_price;
  fill.pnl = pnl;
  fill.fees = fees.value_or(Money{options_.fees.value_or(listed.fees).micros * size});
  fill.commissions = Money{options_.commissions.value_or(listed.commissions).micros * size};
  fill.side = row.order.side;
  fill.size = size;
  book.row.balance += fill.gross() - fill.costs();
  book.fills.push_back(fill);
  out.emplace_back(fill);
}

/// The event script of a fill: order 2, one trade row per half-turn, position, account, then the brackets.
void Book::fill(AccountBook& book, OrderRow& row, Price price, const FillScript& script, Changes& out) {
  auto& order = row.order;
  order.status = OrderStatus::filled;
  order.filled = order.size;
  order.filled_price = price;
  order.updated = last_stamp_;
  out.emplace_back(row);

  const auto& listed = *contract(order.contract);
  auto& position = book.positions[order.contract];
  const auto held = position.quantity;
  const auto signed_size = order.side == Side::buy ? order.size : -order.size;
  const bool against = held != 0 && (held > 0) != (signed_size > 0);
  const auto closing = against ? std::min(std::abs(held), order.size) : 0;
  const auto opening = order.size - closing;
  if (closing > 0) {
    const auto pnl = listed.contract.tick.pnl(price - position.average_price, held > 0 ? closing : -closing);
    book_fill(book, row, closing, script.pnl.value_or(pnl), script.fees, out);
  }
  if (opening > 0) {
    const bool first = closing == 0;
    book_fill(book, row, opening, first ? script.pnl : std::nullopt, first ? script.fees : std::nullopt, out);
  }
  if (held == 0 || (against && opening > 0)) { // flat to open, or through flat to the other side
    position = {model::PositionId{next_position_++},
                order.account,
                order.contract,
                listed.display_name,
                last_stamp_,
                held + signed_size,
                price};
  } else {
    if (!against) position.average_price = mean(position.average_price, std::abs(held), price, opening);
    position.quantity += signed_size;
  }
  out.emplace_back(position);
  out.emplace_back(book.row);
  if (position.quantity == 0) book.positions.erase(order.contract);
  open_children(book, row, out);
  cancel_sibling(book, row, out);
}

void Book::open_children(AccountBook& book, const OrderRow& entry, Changes& out) {
  // Seen on the wire: the take-profit opens first. It has the higher id.
  const auto live = book.live_orders();
  for (auto next = live.rbegin(); next != live.rend(); ++next) {
    auto& child = **next;
    if (child.order.parent != entry.order.id || child.order.status != OrderStatus::suspended) continue;
    const auto tick = contract(entry.order.contract)->contract.tick.size;
    const Price level = *entry.order.filled_price + Price{tick.nanos * child.bracket_ticks};
    if (child.order.type == OrderType::limit) child.order.limit_price = level;
    if (child.order.type != OrderType::limit) child.order.stop_price = level;
    child.order.status = OrderStatus::open;
    child.order.updated = stamp();
    out.emplace_back(child);
  }
}

void Book::cancel_sibling(AccountBook& book, const OrderRow& leg, Changes& out) {
  if (!leg.order.parent) return;
  for (auto* row : book.live_orders()) {
    if (row->order.parent == leg.order.parent && row->order.id != leg.order.id && row->order.live()) {
      stamp();
      cancel_order(book, *row, out);
    }
  }
}

void Book::execute(AccountBook& book, const model::ContractId& contract, Side side, std::int32_t size,
                   Price price, const FillScript& script, Changes& out) {
  PlaceRequest market;
  market.account = book.row.id;
  market.contract = contract;
  market.side = side;
  market.size = size;
  OrderRow made = make_order(market, last_stamp_);
  made.order.status = OrderStatus::pending;
  auto& row = book.add(std::move(made));
  out.emplace_back(row);
  fill(book, row, price, script, out);
}

} // namespace bulkhead::simulator
