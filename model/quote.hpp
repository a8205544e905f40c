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

/// Which price a position is valued at.
enum class PriceSource : std::uint8_t {
  last,      // last price, else the middle of bid and ask
  exit_side, // what a close would get: bid for a long, ask for a short, else the last price
  mid,       // the middle of bid and ask, else the last price
};

struct Quote {
  std::optional<Price> last;
  std::optional<Price> bid;
  std::optional<Price> ask;
  Instant received_at;
  std::optional<Price> before_gap = std::nullopt; // the mark before the last outage of more than a minute
  std::optional<Price> after_gap = std::nullopt;  // the first mark after it ...
  Instant gap_at = {}; // ... and when it came; before it has come, when the last mark had come
  /// Merges `update`; false, with nothing changed, when a price is absurd (not positive, beyond 10,000,000,
  /// or half or double the price of less than a minute ago) or the bid would lie above the ask.
  [[nodiscard]] bool merge(const QuoteUpdate& update, Instant received);
  /// Forgets the prices but for the reference of a gap: they have not been watched since.
  void suspend();
  [[nodiscard]] std::optional<Price> mark(PriceSource source = PriceSource::last, bool is_long = true) const;
  friend bool operator==(const Quote&, const Quote&) = default;
};

} // namespace bulkhead::model
