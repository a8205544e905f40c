#include "simulator/book.hpp"
#include "simulator/codes.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::simulator {

using model::OrderStatus;
using model::OrderType;
using model::Price;
using model::Side;

namespace {

constexpr std::int64_t longest_trail = 1000;
constexpr int shortest_stop_loss = 4;

bool aligned(const std::optional<Price>& price, Price tick) {
  return !price || price->nanos % tick.nanos == 0;
}

std::optional<std::string> bad_stop_loss(const Bracket& bracket, bool buying) {
  if (bracket.type != OrderType::stop && bracket.type != OrderType::trailing_stop) {
    return fmt::format("Invalid stop loss type ({})", bracket.type == OrderType::limit ? "Limit" : "Market");
  }
  if (buying && bracket.ticks > 0) {
    return fmt::format("Invalid stop loss ticks ({}). Ticks should be less than zero when longing.",
                       bracket.ticks);
  }
  if (!buying && bracket.ticks < 0) {
    return fmt::format("Invalid stop loss ticks ({}). Stop loss tick value should be at least 4 ticks.",
                       bracket.ticks);
  }
  if (std::abs(bracket.ticks) < shortest_stop_loss) {
    return fmt::format("Invalid stop loss ticks ({}). Stop loss tick value should be at least 4 ticks.",
                       bracket.ticks);
  }
  return std::nullopt;
}

std::optional<std::string> bad_take_profit(const Bracket& bracket, bool buying) {
  if (bracket.type != OrderType::limit) return "Invalid take profit type";
  if (!buying && bracket.ticks >= 0) {
    return fmt::format("Invalid take profit ticks ({}). Ticks should be less than zero when going short.",
                       bracket.ticks);
  }
  if (buying && bracket.ticks <= 0) {
    return fmt::format("Invalid take profit ticks ({}). Ticks should be greater than zero when longing.",
                       bracket.ticks);
  }
  return std::nullopt;
}

} // namespace

std::optional<std::string> Book::bad_trail(const PlaceRequest& request) const {
  const auto tick = contract(request.contract)->contract.tick.size;
  if (!request.trail_price) return "Trail Distance not set.";
  if (!aligned(request.trail_price, tick)) return "Invalid trail price. Price is not aligned to tick size.";
  const auto last = quotes_.at(request.contract).last;
  if (!last) return "Cannot trail without a last price";
  if (std::abs((*last - *request.trail_price).nanos) / tick.nanos > longest_trail) {
    return "Trail Distance exceeds maximum (1000)";
  }
  return std::nullopt;
}

std::optional<std::string> Book::bad_prices(const PlaceRequest& request) const {
  const auto tick = contract(request.contract)->contract.tick.size;
  if (request.type == OrderType::limit) {
    if (!request.limit_price || request.limit_price->nanos <= 0) {
      return "Invalid price. Price is outside allowed range.";
    }
    if (!aligned(request.limit_price, tick)) return "Invalid limit price. Price is not aligned to tick size.";
  }
  if (request.type == OrderType::trailing_stop) return bad_trail(request);
  if (request.type != OrderType::stop) return std::nullopt;
  if (!aligned(request.stop_price, tick)) return "Invalid stop price. Price is not aligned to tick size.";
  const auto market = market_price(request.contract, request.side);
  const bool right_side =
      request.stop_price && request.stop_price->nanos > 0 && market &&
      (request.side == Side::buy ? *request.stop_price > *market : *request.stop_price < *market);
  if (!right_side) return "Invalid price. Price is outside allowed range.";
  return std::nullopt;
}

std::optional<std::string> Book::bad_brackets(const AccountBook& book, const PlaceRequest& request) {
  if (!request.stop_loss && !request.take_profit) return std::nullopt;
  if (!book.row.auto_oco) {
    return "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.";
  }
  const bool buying = request.side == Side::buy;
  if (request.stop_loss) {
    if (auto text = bad_stop_loss(*request.stop_loss, buying)) return text;
  }
  return request.take_profit ? bad_take_profit(*request.take_profit, buying) : std::nullopt;
}

std::optional<Book::Refusal> Book::refuse(const AccountBook& book, const PlaceRequest& request) const {
  const auto rejected = [](std::string text) {
    return Refusal{number(PlaceCode::order_rejected), std::move(text), true};
  };
  const auto* listed = contract(request.contract);
  if (!listed) return Refusal{number(PlaceCode::contract_not_found), {}, false};
  const auto known = {OrderType::limit,         OrderType::market,   OrderType::stop,
                      OrderType::trailing_stop, OrderType::join_bid, OrderType::join_ask};
  if (std::find(known.begin(), known.end(), request.type) == known.end())
    return rejected("Invalid order type.");
  if (auto text = bad_prices(request)) return rejected(*text);
  if (request.size <= 0) return rejected("Invalid order size.");
  if (!request.custom_tag.empty() && book.tags.contains(request.custom_tag)) {
    return rejected(fmt::format("Invalid custom tag. The custom tag already in use: {}", request.custom_tag));
  }
  if (auto text = bad_brackets(book, request)) return rejected(*text);
  if (!listed->contract.active) return Refusal{number(PlaceCode::contract_not_active), {}, false};
  if (!market_open_ || !market_price(request.contract, request.side)) {
    return rejected("Trading is currently unavailable. The instrument is not in an active trading status.");
  }
  if (!book.row.can_trade) return Refusal{number(PlaceCode::account_violation), {}, false};
  return std::nullopt;
}

OrderRow Book::make_order(const PlaceRequest& request, model::Instant at) {
  OrderRow row;
  auto& order = row.order;
  const auto& listed = contract(request.contract)->contract;
  order.id = model::OrderId{next_order_++};
  order.account = request.account;
  order.contract = request.contract;
  order.symbol = listed.symbol;
  order.created = order.updated = at;
  order.type = request.type;
  order.side = request.side;
  order.size = request.size;
  order.custom_tag = request.custom_tag;
  if (request.type == OrderType::limit) order.limit_price = request.limit_price;
  if (request.type == OrderType::stop) order.stop_price = request.stop_price;
  const auto& quote = quotes_.at(request.contract);
  if (request.type == OrderType::join_bid) order.limit_price = quote.bid;
  if (request.type == OrderType::join_ask) order.limit_price = quote.ask;
  if (request.type == OrderType::trailing_stop && request.trail_price && quote.last) {
    const auto ticks = std::abs((*quote.last - *request.trail_price).nanos) / listed.tick.size.nanos;
    row.trail_distance = static_cast<std::int32_t>(ticks);
    order.trail_price = Price{ticks * listed.tick.size.nanos};
    trail(row);
  }
  return row;
}

OrderRow Book::make_child(const OrderRow& entry, const Bracket& bracket, bool stop_loss) {
  OrderRow child;
  child.order = entry.order;
  child.order.id = model::OrderId{next_order_++};
  child.order.status = OrderStatus::suspended;
  child.order.type = bracket.type;
  child.order.side = entry.order.side == Side::buy ? Side::sell : Side::buy;
  child.order.limit_price.reset();
  child.order.stop_price.reset();
  child.order.parent = entry.order.id;
  if (!entry.order.custom_tag.empty()) child.order.custom_tag += stop_loss ? "-SL" : "-TP";
  child.trail_distance = child.bracket_ticks = bracket.ticks;
  child.order.trail_price = Price{contract(entry.order.contract)->contract.tick.size.nanos * bracket.ticks};
  return child;
}

void Book::cancel_order(AccountBook& book, OrderRow& row, Changes& out) {
  row.order.status = OrderStatus::cancelled;
  row.order.updated = last_stamp_;
  out.emplace_back(row);
  cancel_children(book, row.order.id, out);
}

void Book::cancel_children(AccountBook& book, model::OrderId parent, Changes& out) {
  for (auto* row : book.live_orders())
    if (row->order.parent == parent && row->order.live()) cancel_order(book, *row, out);
}

OrderRow& Book::AccountBook::add(OrderRow made) {
  const auto id = made.order.id;
  unended.insert(id);
  return orders[id] = std::move(made);
}

std::vector<OrderRow*> Book::AccountBook::live_orders() {
  std::vector<OrderRow*> out;
  std::erase_if(unended, [&](model::OrderId id) {
    auto& row = orders.at(id);
    if (row.order.live()) out.push_back(&row);
    return !row.order.live();
  });
  return out;
}

} // namespace bulkhead::simulator
