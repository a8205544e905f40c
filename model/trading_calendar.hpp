#pragma once
// Local time, time zones and the exchange calendar; the only place in the program that knows a zone. All
// answers are UTC instants. A local time that does not exist is the first instant after the gap; one that
// exists twice is the first of the two
// unless said otherwise (rules.md 3.4).

#include "model/time.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace bulkhead::model {

/// True for an IANA zone name of the installed time-zone database, e.g. "America/Chicago".
[[nodiscard]] bool is_known_zone(std::string_view zone);

/// Which one, when the clocks are set back and a local time comes twice.
enum class Twice { first, second };

/// The instant of a local wall-clock time on a local date. Requires: is_known_zone(zone).
[[nodiscard]] Instant local_instant(TradingDay date, TimeOfDay time, std::string_view zone,
                                    Twice twice = Twice::first);
/// The local date at an instant. Requires: is_known_zone(zone).
[[nodiscard]] TradingDay local_date(Instant at, std::string_view zone);
/// "17:00 CDT Wed 2026-07-15". Requires: is_known_zone(zone).
[[nodiscard]] std::string format_local(Instant at, std::string_view zone);

/// The daily reset: the boundary between two trading days.
class ResetSchedule {
public:
  /// Errors: unknown_value when the zone does not exist.
  [[nodiscard]] static Result<ResetSchedule> make(TimeOfDay time, std::string zone);

  /// The earliest reset strictly after `at`: computed by calendar days, never by adding 24 hours.
  [[nodiscard]] Instant next_after(Instant at) const;
  /// The latest reset at or before `at`: the start of the trading day that contains `at`.
  [[nodiscard]] Instant last_at_or_before(Instant at) const;
  /// The local date on which the trading day containing `at` ends.
  [[nodiscard]] TradingDay trading_day(Instant at) const;

  [[nodiscard]] TimeOfDay time() const noexcept { return time_; }
  [[nodiscard]] const std::string& zone() const noexcept { return zone_; }
  friend bool operator==(const ResetSchedule&, const ResetSchedule&) = default;

private:
  ResetSchedule(TimeOfDay time, std::string zone) : time_(time), zone_(std::move(zone)) {}
  TimeOfDay time_;
  std::string zone_;
};

/// Full closures and early closes by trade date, from holidays.yaml.
struct HolidayCalendar {
  std::string zone = "America/Chicago";
  std::map<TradingDay, std::string> closures;   // date -> name
  std::map<TradingDay, TimeOfDay> early_closes; // local time in `zone`

  [[nodiscard]] bool is_holiday(TradingDay day) const { return closures.contains(day); }
  [[nodiscard]] bool covers_year(int year) const;
};

} // namespace bulkhead::model
