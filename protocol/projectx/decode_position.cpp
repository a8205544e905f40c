#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::PositionUpdate> to_position(const Members& members) {
  FieldReader read(members);
  model::PositionUpdate position;
  position.account = model::AccountId{read.required_id(Member::account_id)};
  position.contract = read.required_contract(Member::contract_id);
  if (const auto id = read.optional_id(Member::id)) position.id = model::PositionId{*id};
  position.type = static_cast<model::PositionType>(read.required_number(Member::type));
  position.size = read.required_size(Member::size);
  position.average_price = read.optional_price(Member::average_price);
  position.created = read.optional_instant(Member::creation_timestamp);
  return read.finish(std::move(position));
}

} // namespace bulkhead::protocol::projectx
