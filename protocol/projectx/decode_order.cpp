#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::Order> to_order(const Members& members) {
  FieldReader read(members);
  model::Order order;
  const bool by_id = members.has(Member::id) || !members.has(Member::order_id);
  order.id = model::OrderId{read.required_id(by_id ? Member::id : Member::order_id)};
  order.account = model::AccountId{read.required_id(Member::account_id)};
  order.contract = read.required_contract(Member::contract_id);
  order.symbol = model::SymbolId{read.optional_text(Member::symbol_id).value_or("")};
  const auto created = read.optional_instant(Member::creation_timestamp);
  const auto updated = read.optional_instant(Member::update_timestamp);
  order.created = created ? *created : updated.value_or(model::Instant{});
  order.updated = updated.value_or(order.created);
  order.status = static_cast<model::OrderStatus>(read.required_number(Member::status));
  order.type = static_cast<model::OrderType>(read.required_number(Member::type));
  order.side = read.required_side();
  order.size = read.required_size(Member::size);
  order.filled = read.optional_size(Member::fill_volume).value_or(0);
  order.limit_price = read.optional_price(Member::limit_price);
  order.stop_price = read.optional_price(Member::stop_price);
  order.filled_price = read.optional_price(Member::filled_price);
  order.trail_price = read.optional_price(Member::trail_price);
  if (const auto parent = read.optional_id(Member::parent_order_id)) order.parent = model::OrderId{*parent};
  order.custom_tag = read.optional_text(Member::custom_tag).value_or("");
  return read.finish(std::move(order));
}

} // namespace bulkhead::protocol::projectx
