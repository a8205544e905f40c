// The event encoders of wire.hpp: payloads wrapped as the chosen shape has it.
#include "simulator/json_text.hpp"
#include "simulator/wire.hpp"

#include <fmt/format.h>

namespace bulkhead::simulator {

using protocol::projectx::HubEvent;
using protocol::projectx::Member;
using protocol::projectx::target;
namespace {

enum class Action { create = 0, update = 1, remove = 2 };

Event user_event(std::string_view target, Action action, std::string data, const WireShape& shape) {
  if (!shape.bare) {
    data = JsonObject{}.number(Member::action, static_cast<int>(action)).raw(Member::data, data).str();
  }
  if (shape.null_elements)
    data = fmt::format("[null,{}]", data);
  else if (shape.arrays)
    data = fmt::format("[{}]", data);
  return {std::string(target), fmt::format("[{}]", data)};
}

/// Market data are arrays on the wire and single objects in the documentation.
std::string items(const std::vector<std::string>& rows, const WireShape& shape) {
  if (shape.bare) return rows.back();
  std::string out = json_array(rows);
  if (shape.null_elements) out.insert(out.size() - 1, ",null");
  return out;
}

Event market_event(std::string_view target, const model::ContractId& contract, std::string_view payload) {
  return {std::string(target), fmt::format("[{},{}]", json_string(contract.value), payload)};
}

std::string level(std::string_view at, int type, std::string_view price, int volume) {
  return JsonObject{}
      .text(Member::timestamp, at)
      .number(Member::type, type)
      .raw(Member::price, price)
      .number(Member::volume, volume)
      .number(Member::current_volume, 0)
      .str();
}

} // namespace

Event account_event(const AccountRow& row, const WireShape& shape) {
  return user_event(target(HubEvent::account), Action::update, account_json(row), shape);
}
Event order_event(const OrderRow& row, const WireShape& shape) {
  const auto action = is_terminal(row.order.status) && row.order.status != model::OrderStatus::rejected
                          ? Action::remove
                          : Action::update;
  return user_event(target(HubEvent::order), action, order_json(row, Form::stream, shape), shape);
}
Event position_event(const PositionRow& row, const WireShape& shape) {
  const auto action = row.quantity == 0 ? Action::remove : Action::update;
  return user_event(target(HubEvent::position), action, position_json(row, Form::stream, shape), shape);
}
Event fill_event(const model::Fill& fill, const WireShape& shape) {
  return user_event(target(HubEvent::fill), Action::create, fill_json(fill, Form::stream, shape), shape);
}

Event quote_event(const model::QuoteUpdate& update, const model::SymbolId& symbol, const WireShape& shape) {
  const auto at = timestamp(update.updated.value_or(model::Instant{}), Form::stream);
  JsonObject out(true);
  out.text(Member::symbol, symbol.value);
  if (update.last) out.raw(Member::last_price, decimal(*update.last));
  if (update.bid) out.raw(Member::best_bid, decimal(*update.bid));
  if (update.ask) out.raw(Member::best_ask, decimal(*update.ask));
  if (update.open) out.raw(Member::open, decimal(*update.open));
  out.text(Member::last_updated, at).text(Member::timestamp, at);
  if (shape.extra_members) out.text(Member::contract, update.contract.value);
  return market_event(target(HubEvent::quote), update.contract, out.str());
}

Event market_trade_event(const model::QuoteUpdate& update, const model::SymbolId& symbol,
                         const WireShape& shape) {
  const auto row =
      JsonObject{}
          .text(Member::symbol_id, symbol.value)
          .raw(Member::price, decimal(update.last.value_or(model::Price{})))
          .text(Member::timestamp, timestamp(update.updated.value_or(model::Instant{}), Form::rest))
          .number(Member::type, 0)
          .number(Member::volume, 1)
          .str();
  return market_event(target(HubEvent::market_trade), update.contract, items({row}, shape));
}

Event depth_event(const model::QuoteUpdate& update, const WireShape& shape) {
  constexpr int best_ask = 3, best_bid = 4, reset = 6, volume = 7;
  const auto at = timestamp(update.updated.value_or(model::Instant{}), Form::stream);
  std::vector<std::string> rows{level(at, reset, "0", 0)};
  if (update.bid) rows.push_back(level(at, best_bid, decimal(*update.bid), volume));
  if (update.ask) rows.push_back(level(at, best_ask, decimal(*update.ask), volume));
  return market_event(target(HubEvent::depth), update.contract, items(rows, shape));
}

} // namespace bulkhead::simulator
