#pragma once
// One trading account as the gateway shows it. Flags are tri-state: older gateway generations omit them, and
// an absent flag means "keep what was last known", never "false" (gateway-api 2.1).

#include "model/ids.hpp"
#include "model/money.hpp"

#include <optional>
#include <string>

namespace bulkhead::model {

struct Account {
  AccountId id;
  std::optional<std::string> name;
  std::optional<Money> balance; // realised only; equity = balance + unrealized P&L
  std::optional<bool> can_trade;
  std::optional<bool> is_visible;
  std::optional<bool> simulated; // false: a live brokerage account, where the API refuses to close or cancel
  friend bool operator==(const Account&, const Account&) = default;
};

/// Takes over every field `update` carries and keeps the others.
void merge(Account& stored, const Account& update);

} // namespace bulkhead::model
