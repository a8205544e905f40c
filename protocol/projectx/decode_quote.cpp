#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::QuoteUpdate> to_quote(const Members& members, std::string_view contract_id) {
  FieldReader read(members);
  if (contract_id.empty()) read.fail(model::Errc::missing, Member::contract_id, "missing");
  if (contract_id.size() > longest_contract_id) {
    read.fail(model::Errc::out_of_range, Member::contract_id, "too long");
  }
  model::QuoteUpdate quote;
  quote.contract = model::ContractId{std::string(contract_id.substr(0, longest_contract_id))};
  quote.last = read.optional_price(Member::last_price);
  quote.bid = read.optional_price(Member::best_bid);
  quote.ask = read.optional_price(Member::best_ask);
  quote.open = read.optional_price(Member::open);
  const bool by_update = members.has(Member::last_updated);
  quote.updated = read.optional_instant(by_update ? Member::last_updated : Member::timestamp);
  return read.finish(std::move(quote));
}

} // namespace bulkhead::protocol::projectx
