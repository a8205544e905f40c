#pragma once
// The prices of one contract by the minute, for its bars. Plain value, owned by the book; keeps three days.

#include "model/money.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>

namespace bulkhead::simulator {

struct PriceBar {
  model::Price open, high, low, close;
};

class PriceHistory {
public:
  void add(model::Instant at, model::Price price);
  /// When the first price came.
  [[nodiscard]] std::optional<model::Instant> since() const noexcept { return since_; }
  /// None where no price came. Both are full minutes.
  [[nodiscard]] std::optional<PriceBar> between(model::Instant from, model::Instant to) const;

private:
  std::optional<model::Instant> since_;
  std::map<model::Instant, PriceBar> minutes_;
};

} // namespace bulkhead::simulator
