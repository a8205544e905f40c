#pragma once
// Quotes: the wire's sparse updates and the merged picture. Keyed by contract id; the `symbol` inside a quote
// is shared by all expiries and is no key.

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/time.hpp"

#include <optional>

namespace bulkhead::model {

/// Only what changed; an absent field keeps its last value.
struct QuoteUpdate {
  ContractId contract;
  std::optional<Price> last;
  std::optional<Price> bid;
  std::optional<Price> ask;
  std::optional<Price> open;
  std::optional<Instant> updated;
  friend bool operator==(const QuoteUpdate&, const QuoteUpdate&) = default;
};

struct Quote {
  std::optional<Price> last;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Instant received_at;
  /// Merges `update`; false, with nothing changed, when a price is not positive or the bid would lie above
  /// the ask.
  [[nodiscard]] bool merge(const QuoteUpdate& update, Instant received);
  /// Last price, else the middle of bid and ask.
  [[nodiscard]] std::optional<Price> mark() const;
  friend bool operator==(const Quote&, const Quote&) = default;
};

} // namespace bulkhead::model
