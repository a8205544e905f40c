#include "protocol/projectx/objects.hpp"

namespace bulkhead::protocol::projectx {
namespace {

model::Result<model::Payload> as_payload(auto&& value) {
  if (!value) return value.error();
  return model::Payload{std::move(*value)};
}

} // namespace

model::Result<model::Payload> to_payload(HubEvent event, const Members& members,
                                         std::string_view contract_id) {
  switch (event) {
  case HubEvent::account: return as_payload(to_account(members));
  case HubEvent::order: return as_payload(to_order(members));
  case HubEvent::position: return as_payload(to_position(members));
  case HubEvent::fill: return as_payload(to_fill(members));
  case HubEvent::quote: return as_payload(to_quote(members, contract_id));
  case HubEvent::market_trade:
  case HubEvent::depth:
  case HubEvent::logout:
  case HubEvent::unknown: break;
  }
  return model::Error{model::Errc::unsupported, "events of this kind carry no payload for us"};
}

std::optional<model::AccountId> account_of(HubEvent event, const Members& members) {
  FieldReader read(members);
  const auto id = read.optional_id(event == HubEvent::account ? Member::id : Member::account_id);
  if (!id || read.failed()) return std::nullopt;
  return model::AccountId{*id};
}

} // namespace bulkhead::protocol::projectx
