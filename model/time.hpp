#pragma once
// Instants are UTC, in integer microseconds. Local times exist only inside trading_calendar.cpp. Nothing
// below actors/ reads a clock: the time of a decision is a field of the event it decides on.

#include "model/error.hpp"

#include <chrono>
#include <compare>
#include <string>
#include <string_view>

namespace bulkhead::model {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

/// ISO 8601 with `Z`, an offset, or none (then UTC), 0 to 9 fractional digits. Digits beyond the sixth are
/// cut. The gateway mixes all of these (2026-09-01T23:26:02.15673+00:00, seven digits on the streams, bare on
/// bars).
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

/// "2026-07-15T22:00:00Z", with milliseconds when `fraction` is 3, microseconds when it is 6.
[[nodiscard]] std::string format_instant(Instant at, int fraction = 0);

/// "30s", "15m", "1h", 1 s to 24 h. Errors: malformed, out_of_range.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);
/// "1h 05m", "42s": for people.
[[nodiscard]] std::string format_duration(Duration d);

/// A wall-clock time of day, minutes after midnight.
struct TimeOfDay {
  int minutes = 0;
  /// "HH:MM", 00:00 to 23:59. Errors: malformed.
  [[nodiscard]] static Result<TimeOfDay> parse(std::string_view text);
  friend constexpr auto operator<=>(TimeOfDay, TimeOfDay) = default;
};
[[nodiscard]] std::string to_string(TimeOfDay t);

/// The local date on which a trading session ends. A key, not an instant.
struct TradingDay {
  std::chrono::year_month_day date{};
  [[nodiscard]] static Result<TradingDay> parse(std::string_view text); // "2026-07-15"
  friend constexpr auto operator<=>(const TradingDay&, const TradingDay&) = default;
};
[[nodiscard]] std::string to_string(TradingDay day);

} // namespace bulkhead::model
