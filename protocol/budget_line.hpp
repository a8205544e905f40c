#pragma once
// Who may use the request budget next when there is not enough for all: a line before the RateBudget, ordered
// by urgency, then first attempts before repetitions, then by what is at risk, then by arrival. Nobody waits
// here: who is refused is told when to ask again and keeps the place until two seconds after that. Pure: fed
// with `now`. One per credential; not thread-safe. Bounds: 16,384 places; beyond them a caller is told when
// to ask but has no place.

#include "protocol/rate_budget.hpp"

#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

namespace bulkhead::protocol {

struct BudgetClaim {
  RequestClass urgency = RequestClass::automation;
  bool repeat = false;      // was sent before and failed: first attempts of others go first
  std::int64_t risk = 0;    // notional at stake, first attempts only
  std::int64_t lane = 0;    // whose request
  std::uint64_t ticket = 0; // which of the lane's; 0 takes no place in the line
};

class BudgetLine {
public:
  explicit BudgetLine(RateLimit limit = {}) : budget_(limit) {}

  /// Counts the request when granted and gives its place up. The request must then be sent at once.
  [[nodiscard]] RateBudget::Answer ask(const BudgetClaim& claim, model::Instant now);
  /// The lane needs nothing any more.
  void leave(std::int64_t lane);
  [[nodiscard]] std::size_t waiting() const noexcept { return places_.size(); }
  [[nodiscard]] RateBudget& budget() noexcept { return budget_; }

private:
  using Who = std::pair<std::int64_t, std::uint64_t>;                       // lane, ticket
  using Rank = std::tuple<RequestClass, bool, std::int64_t, std::uint64_t>; // ascending: goes first
  struct Place {
    Who who;
    model::Instant asks_again;
  };
  void forget_absent(model::Instant now);

  RateBudget budget_;
  std::map<Rank, Place> places_;
  std::map<Who, Rank> ranks_;
  std::uint64_t arrivals_ = 0;
  model::Instant swept_at_;
};

} // namespace bulkhead::protocol
