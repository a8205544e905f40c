#include "actors/market_hours.hpp"

namespace bulkhead::actors {

using model::Instant;
using model::TimeOfDay;
using model::TradingDay;

namespace {

constexpr auto zone = "America/Chicago";
constexpr TimeOfDay open_time{17 * 60};
constexpr TimeOfDay close_time{16 * 60};
constexpr int longest_closure_days = 7;

TradingDay moved(TradingDay day, int days) {
  return {std::chrono::sys_days{day.date} + std::chrono::days{days}};
}

} // namespace

bool MarketHours::trades(TradingDay day) const {
  const std::chrono::weekday weekday{std::chrono::sys_days{day.date}};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday && !holidays_.is_holiday(day);
}

Instant MarketHours::opens(TradingDay day) const { return local_instant(moved(day, -1), open_time, zone); }

Instant MarketHours::closes(TradingDay day) const {
  const auto early = holidays_.early_closes.find(day);
  return early == holidays_.early_closes.end() ? local_instant(day, close_time, zone)
                                               : local_instant(day, early->second, holidays_.zone);
}

std::optional<Instant> MarketHours::closed_until(Instant at) const {
  const TradingDay today = model::local_date(at, zone);
  for (int ahead = 0; ahead <= longest_closure_days; ++ahead) {
    const TradingDay day = moved(today, ahead);
    if (!trades(day) || at >= closes(day)) continue;
    return at < opens(day) ? std::optional(opens(day)) : std::nullopt;
  }
  return std::nullopt; // a calendar that is closed for longer is not believed
}

} // namespace bulkhead::actors
