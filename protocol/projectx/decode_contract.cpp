#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::Contract> to_contract(const Members& members) {
  FieldReader read(members);
  model::Contract contract;
  contract.id = read.required_contract(Member::id);
  contract.name = read.optional_text(Member::name).value_or("");
  contract.description = read.optional_text(Member::description).value_or("");
  contract.tick.size = read.required_price(Member::tick_size);
  contract.tick.value = read.required_money(Member::tick_value);
  // Money is computed by dividing by these; a zero would make every position of the contract worthless.
  if (contract.tick.size.nanos <= 0)
    read.fail(model::Errc::out_of_range, Member::tick_size, "not above zero");
  if (contract.tick.value.micros <= 0)
    read.fail(model::Errc::out_of_range, Member::tick_value, "not above zero");
  contract.symbol = model::SymbolId{read.optional_text(Member::symbol_id).value_or("")};
  contract.active = read.optional_flag(Member::active_contract).value_or(true);
  return read.finish(std::move(contract));
}

} // namespace bulkhead::protocol::projectx
