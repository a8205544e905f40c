#include "rules/room.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;
__extension__ using Wide = __int128;

constexpr std::int64_t longest_seconds = 24 * 3600;

/// Losses are negative, so their limit lies below; every other limit lies above.
std::int64_t distance(const Gauge& gauge) {
  const auto [value, limit] = std::pair{gauge.value.value, gauge.limit.value};
  return std::max<std::int64_t>(0, limit < 0 ? value - limit : limit - value);
}

/// What one tick of every held position is worth together, and what they move in a minute.
struct Held {
  Money tick;
  Money minute;
  bool moves_known = true;
};
Held held_of(const model::AccountState& state) {
  Held held;
  for (const auto& [contract, position] : state.positions) {
    const auto tick = state.ticks.find(contract);
    const auto moves = state.moves.find(contract);
    const auto range = moves == state.moves.end() ? std::nullopt : moves->second.range_of_a_minute();
    if (tick == state.ticks.end() || !range) {
      held.moves_known = false;
    } else {
      held.minute += tick->second.pnl(*range, position.size());
    }
    if (tick != state.ticks.end()) held.tick += Money{tick->second.value.micros * position.size()};
  }
  return held;
}

/// A market that wanders covers a range that grows with the root of the time.
std::optional<model::Duration> time_of(Money way, Money minute) {
  if (minute.micros <= 0) return std::nullopt;
  const Wide seconds = static_cast<Wide>(way.micros) * way.micros * 60 / minute.micros / minute.micros;
  if (seconds > longest_seconds) return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

} // namespace

Room room_of(const Gauge& gauge, const model::AccountState& state) {
  Room room;
  if (gauge.value.unit != gauge.limit.unit) return room;
  const std::int64_t left = distance(gauge);
  switch (gauge.limit.unit) {
  case Measure::Unit::contracts:
  case Measure::Unit::tenths_of_mini:
  case Measure::Unit::count: room.contracts = Measure{gauge.limit.unit, left}; break;
  case Measure::Unit::seconds:
  case Measure::Unit::percent: break;
  case Measure::Unit::money: {
    room.dollars = Money{left};
    const Held held = held_of(state);
    if (held.tick.micros > 0) room.ticks = left / held.tick.micros;
    if (held.tick.micros > 0 && held.moves_known) room.time = time_of(*room.dollars, held.minute);
    break;
  }
  }
  return room;
}

std::string to_string(const Room& room) {
  if (room.contracts) return to_string(*room.contracts);
  if (!room.dollars) return {};
  std::string text = to_string(Measure::money(*room.dollars));
  if (room.ticks) text += fmt::format(", {} tick{}", *room.ticks, *room.ticks == 1 ? "" : "s");
  if (room.time) text += ", about " + model::format_duration(*room.time);
  return text;
}

} // namespace bulkhead::rules
