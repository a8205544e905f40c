#include "simulator/price_history.hpp"

#include <algorithm>

namespace bulkhead::simulator {

namespace {

constexpr std::size_t most_minutes = std::size_t{3} * 24 * 60;

void widen(PriceBar& bar, const PriceBar& later) {
  bar.high = std::max(bar.high, later.high);
  bar.low = std::min(bar.low, later.low);
  bar.close = later.close;
}

} // namespace

void PriceHistory::add(model::Instant at, model::Price price) {
  if (!since_) since_ = at;
  const PriceBar now{price, price, price, price};
  const auto [it, added] = minutes_.try_emplace(std::chrono::floor<std::chrono::minutes>(at), now);
  if (!added) widen(it->second, now);
  if (minutes_.size() > most_minutes) minutes_.erase(minutes_.begin());
}

std::optional<PriceBar> PriceHistory::between(model::Instant from, model::Instant to) const {
  std::optional<PriceBar> bar;
  for (auto it = minutes_.lower_bound(from); it != minutes_.end() && it->first < to; ++it) {
    if (bar)
      widen(*bar, it->second);
    else
      bar = it->second;
  }
  return bar;
}

} // namespace bulkhead::simulator
