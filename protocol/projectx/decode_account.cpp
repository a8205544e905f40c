#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {

model::Result<model::Account> to_account(const Members& members) {
  FieldReader read(members);
  model::Account account;
  account.id = model::AccountId{read.required_id(Member::id)};
  account.name = read.optional_text(Member::name);
  account.balance = read.optional_money(Member::balance);
  account.can_trade = read.optional_flag(Member::can_trade);
  account.is_visible = read.optional_flag(Member::is_visible);
  account.simulated = read.optional_flag(Member::simulated);
  return read.finish(std::move(account));
}

} // namespace bulkhead::protocol::projectx
