#pragma once
// From the members of one JSON object to one domain value; used alike for hub events and for rows of REST
// answers. Pure functions, any thread. Errors begin with the wire name of the member at fault: missing for an
// absent or null required one, malformed, out_of_range or unknown_value otherwise. Which members are required
// follows the converter table: account id; order id (or orderId), accountId, contractId, status, type, side,
// size; position accountId, contractId, type, size; fill id, accountId, contractId, creationTimestamp, size,
// side; contract id, tickSize, tickValue; quote: its contract id, which stands outside the object.

#include "model/event.hpp"
#include "protocol/projectx/members.hpp"

namespace bulkhead::protocol::projectx {

/// One bar of History/retrieveBars.
struct Bar {
  model::Instant opened_at;
  model::Price open;
  model::Price high;
  model::Price low;
  model::Price close;
  std::int64_t volume = 0;
  friend bool operator==(const Bar&, const Bar&) = default;
};

[[nodiscard]] model::Result<model::Account> to_account(const Members& members);
/// An order without any timestamp keeps Instant{}; one with a single timestamp has it in both places.
[[nodiscard]] model::Result<model::Order> to_order(const Members& members);
[[nodiscard]] model::Result<model::PositionUpdate> to_position(const Members& members);
[[nodiscard]] model::Result<model::Fill> to_fill(const Members& members);
[[nodiscard]] model::Result<model::QuoteUpdate> to_quote(const Members& members,
                                                         std::string_view contract_id);
[[nodiscard]] model::Result<model::Contract> to_contract(const Members& members);
[[nodiscard]] model::Result<Bar> to_bar(const Members& members);

/// The payload of one hub event's object; `contract_id` is used by quotes only. Errors: as above; unsupported
/// for events without a payload of ours.
[[nodiscard]] model::Result<model::Payload> to_payload(HubEvent event, const Members& members,
                                                       std::string_view contract_id);
/// Whose object it is, as far as it can be told of one that is not usable.
[[nodiscard]] std::optional<model::AccountId> account_of(HubEvent event, const Members& members);

} // namespace bulkhead::protocol::projectx
