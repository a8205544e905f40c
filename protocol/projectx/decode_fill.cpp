#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::Fill> to_fill(const Members& members) {
  FieldReader read(members);
  model::Fill fill;
  fill.id = model::FillId{read.required_id(Member::id)};
  fill.order = model::OrderId{read.optional_id(Member::order_id).value_or(0)};
  fill.account = model::AccountId{read.required_id(Member::account_id)};
  fill.contract = read.required_contract(Member::contract_id);
  fill.executed_at = read.required_instant(Member::creation_timestamp);
  fill.price = read.optional_price(Member::price).value_or(model::Price{});
  fill.pnl = read.optional_money(Member::profit_and_loss);
  fill.fees = read.optional_money(Member::fees).value_or(model::Money{});
  fill.commissions = read.optional_money(Member::commissions).value_or(model::Money{});
  fill.side = read.required_side();
  fill.size = read.required_size(Member::size);
  fill.voided = read.optional_flag(Member::voided).value_or(false);
  return read.finish(std::move(fill));
}

} // namespace bulkhead::protocol::projectx
