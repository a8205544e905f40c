#pragma once
// The words of the simulated venue: its rows, what may be asked of it, and what an operation leaves behind.
// Plain values without I/O; any thread may use its own copies.

#include "model/account.hpp"
#include "model/fill.hpp"
#include "model/order.hpp"
#include "model/quote.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::simulator {

struct AccountRow {
  model::AccountId id;
  std::string name;
  std::string owner; // user name
  model::Money balance;
  bool can_trade = true;
  bool visible = true;
  bool simulated = true; // false: a live account, where cancel and close are refused
  bool auto_oco = true;  // bracket mode; hidden from the wire
  bool follower = false; // copy-trading follower, cannot cancel; hidden from the wire
};

struct PositionRow {
  model::PositionId id;
  model::AccountId account;
  model::ContractId contract;
  std::string display_name;
  model::Instant created;
  std::int32_t quantity = 0;  // signed; 0 says the position is closed
  model::Price average_price; // of the entry, on a close too
};

struct OrderRow {
  model::Order order;
  std::optional<model::OrderId> linked;       // on a take-profit child: its stop-loss sibling
  std::optional<std::int32_t> trail_distance; // ticks; signed on bracket children
  std::int32_t bracket_ticks = 0;             // a suspended child's distance from the entry fill, signed
};

/// One wire-visible change. A value, taken when it happened: later changes do not reach back into it.
using Change = std::variant<OrderRow, model::Fill, PositionRow, AccountRow, model::QuoteUpdate>;
using Changes = std::vector<Change>;

/// The gateway's answer to an operation, and everything its streams will say about it, in order.
struct Outcome {
  int code = 0; // per endpoint, gateway-api 2.12
  std::optional<std::string> text;
  std::optional<model::OrderId> order; // set for recorded rejections too
  Changes changes;
  [[nodiscard]] bool success() const noexcept { return code == 0; }
};

struct Bracket {
  std::int32_t ticks = 0; // signed, from the entry fill
  model::OrderType type = model::OrderType::stop;
};

struct PlaceRequest {
  model::AccountId account;
  model::ContractId contract;
  model::OrderType type = model::OrderType::market;
  model::Side side = model::Side::buy;
  std::int32_t size = 0;
  std::optional<model::Price> limit_price;
  std::optional<model::Price> stop_price;
  std::optional<model::Price> trail_price; // an absolute level
  std::string custom_tag;
  std::optional<Bracket> stop_loss;
  std::optional<Bracket> take_profit;
};

struct ModifyRequest {
  model::AccountId account;
  model::OrderId order;
  std::optional<std::int32_t> size;
  std::optional<model::Price> limit_price;
  std::optional<model::Price> stop_price;
  std::optional<model::Price> trail_price;
};

/// A market order of the trader or the firm, executed without any check; what is set replaces what the venue
/// would compute.
struct TradeScript {
  model::AccountId account;
  model::ContractId contract;
  model::Side side = model::Side::buy;
  std::int32_t size = 0;
  std::optional<model::Price> price;
  std::optional<model::Money> pnl;  // of the first row of the fill
  std::optional<model::Money> fees; // of the first row of the fill, in all
};

struct AccountPatch {
  std::optional<bool> can_trade;
  std::optional<bool> visible;
  std::optional<bool> simulated;
  std::optional<bool> auto_oco;
  std::optional<bool> follower;
  std::optional<model::Money> balance;
};

} // namespace bulkhead::simulator
