#pragma once
// How high an account's equity rose while nobody watched: out of its fills and the bars of what it held. A
// lower bound that was surely reached: the extreme of a bar counts when one position alone was held unchanged
// all through it, several positions are valued together at the close of their bars, and what rose and fell
// within one bar around a fill does not show. Pure.

#include "model/account_history.hpp"
#include "model/fill.hpp"
#include "protocol/projectx/objects.hpp"

#include <map>
#include <vector>

namespace bulkhead::actors {

/// A stretch of time in which the position of a contract did not change.
struct Holding {
  model::Instant from;
  model::Instant to;
  std::int32_t quantity = 0; // signed
  model::Price average;      // of the entries
  friend bool operator==(const Holding&, const Holding&) = default;
};
using Holdings = std::map<model::ContractId, std::vector<Holding>>; // oldest first, gaps while flat

/// What the fills made of an account that was flat before them; what is still open lasts until `to`. Voided
/// fills do not count.
[[nodiscard]] Holdings holdings_of(std::vector<model::Fill> fills, model::Instant to);

struct BarSeries {
  model::TickSpec tick;
  model::Duration length{};                  // of each bar
  std::vector<protocol::projectx::Bar> bars; // oldest first
};

struct WatchedSpan {
  model::Instant from;
  model::Instant today; // when the trading day of `to` began
  model::Instant to;
};

/// Above the balance with which the day began. Not whole when a position was held for longer than a bar and
/// the bars do not reach from its begin to its end.
[[nodiscard]] model::EquityHighs equity_highs(const std::vector<model::Fill>& fills, const Holdings& holdings,
                                              const std::map<model::ContractId, BarSeries>& series,
                                              const WatchedSpan& span);

} // namespace bulkhead::actors
