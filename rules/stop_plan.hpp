#pragma once
// Which stop a position has, and where it should be: the arithmetic of RULE-012, without its timing. Pure.

#include "rules/book_queries.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace bulkhead::rules {

inline constexpr std::int64_t breakeven_reached = 1; // bits of RuleMemory::number
inline constexpr std::int64_t trailing_reached = 2;

struct StopSettings {
  bool auto_stop = false;
  std::int64_t stop_ticks = 10;
  std::chrono::milliseconds auto_stop_delay{1500};
  bool breakeven = true;
  std::int64_t breakeven_trigger = 10;
  std::int64_t breakeven_offset = 0;
  bool trailing = true;
  std::int64_t activation = 20;
  std::int64_t distance = 10;
  std::int64_t least_step = 1;
  std::chrono::milliseconds interval{1000};
};
[[nodiscard]] StopSettings read_stop_settings(Params& params);

/// A position with what is needed to work in ticks.
struct StopFrame {
  const model::Position& position;
  model::TickSpec tick;

  [[nodiscard]] bool is_long() const { return position.quantity > 0; }
  /// `ticks` toward profit of `from`, on the tick grid (rounded toward profit).
  [[nodiscard]] model::Price toward_profit(model::Price from, std::int64_t ticks) const;
  /// Nearer to profit: a stop only ever moves that way.
  [[nodiscard]] bool better(model::Price a, model::Price b) const { return is_long() ? a > b : a < b; }
  /// The mark has gained at least `ticks` on the average price.
  [[nodiscard]] bool gained(model::Price mark, std::int64_t ticks) const;
};

/// "bh-<start of the epoch in microseconds, base 36>-": what the tags of stops for this position begin with;
/// of a second rule block "bh-2.<start>-", so that no block takes the stops of another for its own.
[[nodiscard]] std::string stop_tag(model::Source self, const model::Position& position);

struct CurrentStop {
  const model::Order* order = nullptr; // the one to move: ours, else the tightest with a known price
  bool ours = false;
  bool protected_otherwise = false; // a stop without a known price
};
[[nodiscard]] CurrentStop current_stop(const RuleContext& context, const OrdersByContract& orders,
                                       const StopFrame& frame);

/// Stops that this block has placed for positions that are gone: left alone they would open one.
[[nodiscard]] std::vector<Gone> orphaned_stops(const RuleContext& context);

/// The lines at which a position begins to earn another stop; every quote once prices move it.
void state_bands(const StopSettings& settings, const RuleContext& context, BandPlan& plan);

/// Null when there is none or it is too old to act upon.
[[nodiscard]] const model::Quote* fresh_quote(const RuleContext& context, const model::ContractId& contract);

/// The broker takes a stop only on the losing side of the market.
[[nodiscard]] bool is_valid_stop(const model::Quote& quote, const StopFrame& frame, model::Price stop);

} // namespace bulkhead::rules
