#pragma once
// Prices between which an account decides nothing: whoever forwards its quotes may keep them back while they
// stay inside. Plain values; any thread.

#include "model/quote.hpp"

#include <limits>
#include <map>

namespace bulkhead::model {

/// Both ends belong to it.
struct PriceRange {
  Price low{std::numeric_limits<std::int64_t>::min()};
  Price high{std::numeric_limits<std::int64_t>::max()};

  [[nodiscard]] bool contains(Price price) const { return low <= price && price <= high; }
  /// What lies in both.
  void narrow(const PriceRange& other);
  friend bool operator==(const PriceRange&, const PriceRange&) = default;
};

/// Of one contract, each price by itself.
struct Band {
  PriceRange last;
  PriceRange bid;
  PriceRange ask;

  /// False while one of the prices is unknown.
  [[nodiscard]] bool contains(const Quote& quote) const;
  friend bool operator==(const Band&, const Band&) = default;
};

/// Of a contract that is not listed every quote is wanted. As soon as a price leaves its range, or the
/// wake-up of the decision is due, nothing can be said of the others either: those kept back are told first.
using Bands = std::map<ContractId, Band>;

} // namespace bulkhead::model
