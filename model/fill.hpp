#pragma once
// A fill is one's own execution (GatewayUserTrade); a market trade is a print on the tape. Neither is called
// "trade".

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/order.hpp"
#include "model/time.hpp"

#include <optional>

namespace bulkhead::model {

struct Fill {
  FillId id;
  OrderId order;
  AccountId account;
  ContractId contract;
  Instant executed_at;
  Price price;
  std::optional<Money> pnl; // gross of fees; none on an opening fill ("half-turn")
  Money fees;               // per side, charged on opening fills too
  Money commissions;        // separate on the newer gateway, 0 when absent
  Side side = Side::buy;
  std::int32_t size = 0;
  bool voided = false; // taken back by the venue: leaves every sum

  [[nodiscard]] Money gross() const noexcept { return pnl.value_or(Money{}); }
  [[nodiscard]] Money costs() const noexcept { return fees + commissions; }
  friend bool operator==(const Fill&, const Fill&) = default;
};

} // namespace bulkhead::model
