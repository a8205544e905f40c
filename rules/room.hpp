#pragma once
// How far away a limit is, in what a trader thinks in: dollars, ticks of what is held, contracts, and about
// how long the market of the last minutes would need for it. For people, never for decisions. Pure functions.

#include "rules/rule.hpp"

#include <optional>
#include <string>

namespace bulkhead::rules {

struct Room {
  std::optional<model::Money> dollars;     // until a money limit is reached; 0 when it is
  std::optional<std::int64_t> ticks;       // by so many all that is held would have to move
  std::optional<model::Measure> contracts; // that a limit of contracts leaves
  std::optional<model::Duration> time;     // a range of that size is usual for so long; at most a day
};
[[nodiscard]] Room room_of(const Gauge& gauge, const model::AccountState& state);

/// "$180.00, 90 ticks, 12m", "2 contracts"; empty where there is nothing to say.
[[nodiscard]] std::string to_string(const Room& room);

} // namespace bulkhead::rules
