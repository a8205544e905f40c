#include "simulator/wire.hpp"

#include "simulator/json_text.hpp"

#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::simulator {

using protocol::projectx::Member;

using model::Price;

namespace {

std::optional<std::string> decimal_of(const std::optional<Price>& price) {
  return price ? std::optional(decimal(*price)) : std::nullopt;
}
template <class Number>
std::optional<std::string> number_of(const std::optional<Number>& value) {
  return value ? std::optional(std::to_string(*value)) : std::nullopt;
}
std::optional<std::string> id_of(const std::optional<model::OrderId>& id) {
  return id ? std::optional(std::to_string(id->value)) : std::nullopt;
}
std::string id_text(std::int64_t id, const WireShape& shape) {
  return shape.string_ids ? json_string(std::to_string(id)) : std::to_string(id);
}
int number(auto enumerator) { return static_cast<int>(enumerator); }

JsonObject& extra(JsonObject& object, const WireShape& shape) {
  if (shape.extra_members) object.text("lineage", "x").raw("hints", R"({"a":[1,null]})");
  return object;
}

} // namespace

std::string timestamp(model::Instant at, Form form) {
  std::string text = model::format_instant(at, 6);
  text.pop_back();                                   // Z
  if (form == Form::stream) return text + "1+00:00"; // a seventh digit, which readers must cut
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + "+00:00";
}

std::string account_json(const AccountRow& row) {
  return JsonObject{}
      .number(Member::id, row.id.value)
      .text(Member::name, row.name)
      .raw(Member::balance, decimal(row.balance))
      .flag(Member::can_trade, row.can_trade)
      .flag(Member::is_visible, row.visible)
      .flag(Member::simulated, row.simulated)
      .str();
}

std::string contract_json(const ListedContract& listed) {
  const auto& contract = listed.contract;
  return JsonObject{}
      .text(Member::id, contract.id.value)
      .text(Member::name, contract.name)
      .text(Member::description, contract.description)
      .raw(Member::tick_size, decimal(contract.tick.size))
      .raw(Member::tick_value, decimal(contract.tick.value))
      .flag(Member::active_contract, contract.active)
      .text(Member::symbol_id, contract.symbol.value)
      .str();
}

std::string order_json(const OrderRow& row, Form form, const WireShape& shape) {
  const auto& order = row.order;
  JsonObject out(form == Form::stream);
  out.raw(shape.order_id_for_id ? Member::order_id : Member::id, id_text(order.id.value, shape))
      .number(Member::account_id, order.account.value)
      .text(Member::contract_id, order.contract.value)
      .text(Member::symbol_id, order.symbol.value)
      .text(Member::creation_timestamp, timestamp(order.created, form))
      .text(Member::update_timestamp, timestamp(order.updated, form))
      .number(Member::status, number(order.status))
      .number(Member::type, number(order.type))
      .number(Member::side, number(order.side))
      .number(Member::size, order.size)
      .maybe(Member::limit_price, decimal_of(order.limit_price))
      .maybe(Member::stop_price, decimal_of(order.stop_price))
      .number(Member::fill_volume, order.filled)
      .maybe(Member::filled_price, decimal_of(order.filled_price))
      .maybe(Member::custom_tag,
             order.custom_tag.empty() ? std::nullopt : std::optional(json_string(order.custom_tag)))
      .maybe(Member::trail_distance, number_of(row.trail_distance))
      .maybe(Member::trail_price, decimal_of(order.trail_price))
      .maybe(Member::parent_order_id, id_of(order.parent))
      .maybe(Member::linked_order_id, id_of(row.linked));
  return extra(out, shape).str();
}

std::string position_json(const PositionRow& row, Form form, const WireShape& shape) {
  const int direction = row.quantity > 0 ? 1 : 2;
  JsonObject out(form == Form::stream);
  out.raw(Member::id, id_text(row.id.value, shape))
      .number(Member::account_id, row.account.value)
      .text(Member::contract_id, row.contract.value)
      .text(Member::contract_display_name, row.display_name)
      .text(Member::creation_timestamp, timestamp(row.created, form))
      .number(Member::type, row.quantity == 0 ? 0 : direction)
      .number(Member::size, std::abs(row.quantity))
      .raw(Member::average_price, decimal(row.average_price));
  return extra(out, shape).str();
}

std::string fill_json(const model::Fill& fill, Form form, const WireShape& shape) {
  JsonObject out(form == Form::stream);
  out.raw(Member::id, id_text(fill.id.value, shape))
      .number(Member::account_id, fill.account.value)
      .text(Member::contract_id, fill.contract.value)
      .text(Member::creation_timestamp, timestamp(fill.executed_at, form))
      .raw(Member::price, decimal(fill.price))
      .maybe(Member::profit_and_loss, fill.pnl ? std::optional(decimal(*fill.pnl)) : std::nullopt)
      .raw(Member::fees, decimal(fill.fees))
      .raw(Member::commissions, decimal(fill.commissions))
      .number(Member::side, number(fill.side))
      .number(Member::size, fill.size)
      .flag(Member::voided, fill.voided)
      .raw(Member::order_id, id_text(fill.order.value, shape));
  return extra(out, shape).str();
}

} // namespace bulkhead::simulator
