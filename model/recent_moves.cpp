#include "model/recent_moves.hpp"

#include <algorithm>

namespace bulkhead::model {
namespace {
constexpr std::size_t minutes_kept = 16;
}

void RecentMoves::add(Price mark, Instant at) {
  const Instant start = std::chrono::floor<std::chrono::minutes>(at);
  if (minutes_.empty() || minutes_.back().start < start) {
    if (minutes_.size() == minutes_kept) minutes_.erase(minutes_.begin());
    // A minute begins where the one before ended, so that a jump between them counts.
    const Price from = minutes_.empty() ? mark : std::clamp(mark, minutes_.back().low, minutes_.back().high);
    minutes_.push_back({start, std::min(from, mark), std::max(from, mark)});
  }
  auto& minute = minutes_.back();
  minute.low = std::min(minute.low, mark);
  minute.high = std::max(minute.high, mark);
}

std::optional<Price> RecentMoves::range_of_a_minute() const {
  if (minutes_.size() < 2) return std::nullopt;
  Price sum;
  for (const auto& minute : minutes_) sum = sum + (minute.high - minute.low);
  return Price{sum.nanos / static_cast<std::int64_t>(minutes_.size())};
}

} // namespace bulkhead::model
