#include "protocol/budget_line.hpp"

#include <algorithm>
#include <iterator>

namespace bulkhead::protocol {

namespace {
constexpr std::size_t most_places = 16'384;
constexpr model::Duration kept_for = std::chrono::seconds{2};
constexpr model::Duration sweep_every = std::chrono::milliseconds{500};
} // namespace

RateBudget::Answer BudgetLine::ask(const BudgetClaim& claim, model::Instant now) {
  forget_absent(now);
  const Who who{claim.lane, claim.ticket};
  const auto known = ranks_.find(who);
  Rank rank{claim.urgency, claim.repeat, claim.repeat ? 0 : -claim.risk, ++arrivals_};
  if (known != ranks_.end()) {
    std::get<3>(rank) = std::get<3>(known->second);
    places_.erase(known->second);
    ranks_.erase(known);
  }
  const auto behind = places_.lower_bound(rank);
  const auto ahead = static_cast<std::size_t>(std::distance(places_.begin(), behind));
  if (budget_.available(claim.urgency, now) > ahead) return budget_.try_take(claim.urgency, now);
  const auto asks_again =
      std::max(budget_.earliest(claim.urgency, ahead, now), now + std::chrono::milliseconds{1});
  if (claim.ticket != 0 && places_.size() < most_places) {
    places_.emplace(rank, Place{who, asks_again});
    ranks_.emplace(who, rank);
  }
  return {false, asks_again};
}

void BudgetLine::leave(std::int64_t lane) {
  for (auto it = ranks_.lower_bound({lane, 0}); it != ranks_.end() && it->first.first == lane;) {
    places_.erase(it->second);
    it = ranks_.erase(it);
  }
}

void BudgetLine::forget_absent(model::Instant now) {
  if (now < swept_at_ + sweep_every) return;
  swept_at_ = now;
  for (auto it = places_.begin(); it != places_.end();) {
    if (it->second.asks_again + kept_for >= now) {
      ++it;
      continue;
    }
    ranks_.erase(it->second.who);
    it = places_.erase(it);
  }
}

} // namespace bulkhead::protocol
