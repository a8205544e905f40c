#pragma once
// Orders as the gateway shows them. Numbers nobody documented are kept as they came (enum with a fixed
// underlying type): an unknown status counts as live until a read says otherwise (gateway-api 5).

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/time.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::model {

enum class OrderStatus : std::int32_t {
  none = 0,
  open = 1,
  filled = 2,
  cancelled = 3,
  expired = 4,
  rejected = 5,
  pending = 6,
  pending_cancellation = 7,
  suspended = 8, // bracket child waiting for its entry: not protective, not exposure-increasing
};
enum class OrderType : std::int32_t {
  unknown = 0,
  limit = 1,
  market = 2,
  stop_limit = 3,
  stop = 4,
  trailing_stop = 5,
  join_bid = 6,
  join_ask = 7,
};
enum class Side : std::int32_t { buy = 0, sell = 1 };

[[nodiscard]] std::string_view to_string(OrderStatus status) noexcept;
[[nodiscard]] std::string_view to_string(OrderType type) noexcept;
[[nodiscard]] std::string_view to_string(Side side) noexcept;

[[nodiscard]] constexpr bool is_terminal(OrderStatus s) noexcept {
  return s == OrderStatus::filled || s == OrderStatus::cancelled || s == OrderStatus::expired ||
         s == OrderStatus::rejected;
}

struct Order {
  OrderId id;
  AccountId account;
  ContractId contract;
  SymbolId symbol;
  Instant created;
  Instant updated; // equals `created` when the gateway sent none
  OrderStatus status = OrderStatus::none;
  OrderType type = OrderType::unknown;
  Side side = Side::buy;
  std::int32_t size = 0;
  std::int32_t filled = 0;
  std::optional<Price> limit_price;
  std::optional<Price> stop_price;
  std::optional<Price> filled_price;
  std::optional<Price> trail_price; // on read-back a distance in price, not a level
  std::optional<OrderId> parent;    // bracket children: the entry's id
  std::string custom_tag;

  [[nodiscard]] std::int32_t remaining() const noexcept { return std::max(0, size - filled); }
  [[nodiscard]] bool live() const noexcept { return !is_terminal(status); }
  /// In the book or on its way there: what the lockout gate acts upon.
  [[nodiscard]] bool resting() const noexcept {
    return status == OrderStatus::open || status == OrderStatus::pending;
  }
  /// Anything live but a bracket child that waits for its entry.
  [[nodiscard]] bool working() const noexcept { return live() && status != OrderStatus::suspended; }
  friend bool operator==(const Order&, const Order&) = default;
};

/// True when a fill of `order` could raise the absolute size held in its contract or open the opposite side.
/// `held` is the signed quantity held.
[[nodiscard]] bool increases_exposure(const Order& order, std::int32_t held) noexcept;

/// True when `order` is a resting stop that closes (a part of) the `held` position. Wherever it lies: a stop
/// trailed beyond the entry protects as well.
[[nodiscard]] bool protects(const Order& order, std::int32_t held, bool accept_stop_limit = true) noexcept;

} // namespace bulkhead::model
