#include "model/band.hpp"

#include <algorithm>

namespace bulkhead::model {

void PriceRange::narrow(const PriceRange& other) {
  low = std::max(low, other.low);
  high = std::min(high, other.high);
}

bool Band::contains(const Quote& quote) const {
  return quote.last && quote.bid && quote.ask && last.contains(*quote.last) && bid.contains(*quote.bid) &&
         ask.contains(*quote.ask);
}

} // namespace bulkhead::model
