#pragma once
// What a decision asks for besides enforcement: stops to place or move, and reads of the gateway. Values;
// nothing here protects an account, so both come after every close and cancel and may be dropped or delayed.

#include "model/ids.hpp"
#include "model/intent.hpp"
#include "model/money.hpp"
#include "model/order.hpp"
#include "model/source.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::model {

/// A stop order to place or to move. Carried out once, never repeated: a rule that still wants it asks anew
/// under the next id. The outcome comes back as AutomationReported, the order as an order event.
struct AutomationRequest {
  enum class Kind : std::uint8_t { place_stop, modify_stop };
  IntentId id; // "123|CON.F.US.MNQ.U26|e3|RULE-012|2|place_stop"
  Kind kind = Kind::place_stop;
  AccountId account;
  ContractId contract;
  std::optional<OrderId> order; // modify_stop
  Side side = Side::sell;       // the closing side
  std::int32_t size = 0;        // total size the order shall have
  Price stop_price;
  std::optional<Price> limit_price; // modify_stop of a stop-limit order: moves along
  std::optional<Price> previous;    // the stop price before, modify_stop
  std::string custom_tag;           // place_stop: unique for ever
  Source source;
  Epoch epoch = 0;
  std::uint32_t ordinal = 0;
  std::string reason;
  friend bool operator==(const AutomationRequest&, const AutomationRequest&) = default;
};
[[nodiscard]] std::string_view to_string(AutomationRequest::Kind kind) noexcept;
[[nodiscard]] IntentId make_automation_id(const AutomationRequest& request);

/// A complete read of the account (account row, positions, orders, fills) wanted now; comes back as
/// Reconciled.
struct ReadRequest {
  Source source;
  std::string reason;
  friend bool operator==(const ReadRequest&, const ReadRequest&) = default;
};

} // namespace bulkhead::model
