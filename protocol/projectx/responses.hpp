#pragma once
// REST answers to domain values. Pure functions, any thread; each parses its reply once. An answer is taken
// whole or not at all: a read that is to prove an account flat must be complete, so one unusable row refuses
// it, naming index and member.
//
// Errors: unauthorized (401), rate_limited (429), server_error (408, 5xx), rejected (other statuses, and
// refusals by the envelope; not_found where the code says so), missing (a success without its payload:
// unproven, never empty), malformed, out_of_range (also more than most_rows rows), unknown_value.

#include "protocol/projectx/names.hpp"
#include "protocol/projectx/objects.hpp"
#include "protocol/transport.hpp"

namespace bulkhead::protocol::projectx {

inline constexpr std::size_t most_rows = 65'536;

/// Success of an answer without payload (cancel, modify, close, logout).
[[nodiscard]] model::Result<void> read_done(Endpoint endpoint, const HttpReply& reply);

/// The token of a login.
[[nodiscard]] model::Result<std::string> read_token(const HttpReply& reply);
/// The token that replaces the current one; none: keep it.
[[nodiscard]] model::Result<std::optional<std::string>> read_new_token(const HttpReply& reply);

[[nodiscard]] model::Result<std::vector<model::Account>> read_accounts(const HttpReply& reply);
/// Of Contract/search or Contract/available.
[[nodiscard]] model::Result<std::vector<model::Contract>> read_contracts(Endpoint endpoint,
                                                                         const HttpReply& reply);
[[nodiscard]] model::Result<model::Contract> read_contract(const HttpReply& reply);
[[nodiscard]] model::Result<std::vector<model::PositionUpdate>> read_positions(const HttpReply& reply);

struct OrderPage {
  std::vector<model::Order> orders;
  std::optional<std::int64_t> total; // Order/v2/query only, and only when the gateway counted
};
/// Of Order/searchOpen, Order/search or Order/v2/query.
[[nodiscard]] model::Result<OrderPage> read_orders(Endpoint endpoint, const HttpReply& reply);
/// Of Order/searchById.
[[nodiscard]] model::Result<model::Order> read_order(const HttpReply& reply);
/// The id of an accepted Order/place. A refused one may carry an id as well: that is an error here.
[[nodiscard]] model::Result<model::OrderId> read_placed(const HttpReply& reply);

/// Voided rows are kept, so that they can be taken back from sums; a voided row that cannot be read is
/// skipped.
[[nodiscard]] model::Result<std::vector<model::Fill>> read_fills(const HttpReply& reply);
/// Oldest first, whatever order the gateway chose.
[[nodiscard]] model::Result<std::vector<Bar>> read_bars(const HttpReply& reply);

} // namespace bulkhead::protocol::projectx
