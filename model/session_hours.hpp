#pragma once
// When an instrument may be traded: daily or weekly hours in a local zone, shortened by the holiday calendar.
// Sessions are half-open, so the end is outside. Pure functions; all answers are UTC instants.

#include "model/trading_calendar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulkhead::model {

/// "17:00", or "Sun 17:00" with a weekday (0 is Sunday).
struct SessionTime {
  std::optional<unsigned> weekday;
  TimeOfDay time;
  /// Errors: malformed.
  [[nodiscard]] static Result<SessionTime> parse(std::string_view text);
  friend bool operator==(const SessionTime&, const SessionTime&) = default;
};

/// "Mon" to bit 1, "Sun" to bit 0. Errors: malformed.
[[nodiscard]] Result<unsigned> parse_weekday(std::string_view text);

/// Both times with a weekday: one session a week. Both without: one that starts on each of `days`, over
/// midnight when it ends at or before its start.
struct SessionHours {
  std::string zone;
  SessionTime start;
  SessionTime end;
  std::uint8_t days = 0b0111110;                              // bit 0 is Sunday; of the start
  std::optional<std::pair<TimeOfDay, TimeOfDay>> daily_break; // outside, on every day
  bool respect_holidays = true;

  [[nodiscard]] bool weekly() const { return start.weekday && end.weekday; }
};
/// Sunday 17:00 to Friday 16:00 in Chicago with an hour's break every day.
[[nodiscard]] SessionHours exchange_hours();

struct Session {
  Instant from;
  Instant to; // outside
  friend bool operator==(const Session&, const Session&) = default;
};

/// The session that contains `at`. A session whose trade date (local date of its end) is a holiday does not
/// take place; an early close ends it sooner.
[[nodiscard]] std::optional<Session> session_at(const SessionHours& hours, const HolidayCalendar& calendar,
                                                Instant at);
/// The first session that starts after `at`; none within two months.
[[nodiscard]] std::optional<Session> next_session(const SessionHours& hours, const HolidayCalendar& calendar,
                                                  Instant at);

} // namespace bulkhead::model
