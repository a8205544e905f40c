#include "model/trading_calendar.hpp"

#include <algorithm>
#include <date/tz.h>
#include <fmt/format.h>

namespace bulkhead::model {
namespace {

const date::time_zone* zone_of(std::string_view name) { return date::locate_zone(std::string(name)); }

date::local_days to_local_days(TradingDay day) {
  return date::local_days{std::chrono::sys_days{day.date}.time_since_epoch()};
}
TradingDay from_local_days(date::local_days days) {
  return {std::chrono::year_month_day{std::chrono::sys_days{days.time_since_epoch()}}};
}

Instant to_instant(date::local_days day, TimeOfDay time, const date::time_zone* zone,
                   date::choose which = date::choose::earliest) {
  return std::chrono::time_point_cast<Duration>(
      zone->to_sys(day + std::chrono::minutes{time.minutes}, which));
}

} // namespace

bool is_known_zone(std::string_view zone) {
  // date-tz reports an unknown zone by exception only.
  try {
    return !zone.empty() && zone_of(zone) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

Instant local_instant(TradingDay day, TimeOfDay time, std::string_view zone, Twice twice) {
  return to_instant(to_local_days(day), time, zone_of(zone),
                    twice == Twice::first ? date::choose::earliest : date::choose::latest);
}

TradingDay local_date(Instant at, std::string_view zone) {
  return from_local_days(date::floor<date::days>(zone_of(zone)->to_local(at)));
}

std::string format_local(Instant at, std::string_view zone) {
  const auto zoned = date::make_zoned(zone_of(zone), date::floor<std::chrono::minutes>(at));
  return date::format("%H:%M %Z %a %Y-%m-%d", zoned);
}

Result<ResetSchedule> ResetSchedule::make(TimeOfDay time, std::string zone) {
  if (!is_known_zone(zone))
    return Error{Errc::unknown_value, fmt::format("'{}' is not an IANA time zone", zone)};
  return ResetSchedule{time, std::move(zone)};
}

Instant ResetSchedule::next_after(Instant at) const {
  const auto* zone = zone_of(zone_);
  // One day back covers resets shortly after midnight and zones that skip a local date.
  auto day = date::floor<date::days>(zone->to_local(at)) - date::days{1};
  for (;; day += date::days{1}) {
    const Instant candidate = to_instant(day, time_, zone);
    if (candidate > at) return candidate;
  }
}

Instant ResetSchedule::last_at_or_before(Instant at) const {
  const auto* zone = zone_of(zone_);
  auto day = date::floor<date::days>(zone->to_local(at)) + date::days{1};
  for (;; day -= date::days{1}) {
    const Instant candidate = to_instant(day, time_, zone);
    if (candidate <= at) return candidate;
  }
}

TradingDay ResetSchedule::trading_day(Instant at) const {
  // One microsecond earlier, so that a day that ends at midnight carries its own date.
  return local_date(next_after(at) - Duration{1}, zone_);
}

bool HolidayCalendar::covers_year(int year) const {
  const auto in_year = [&](const auto& entry) { return static_cast<int>(entry.first.date.year()) == year; };
  return std::any_of(closures.begin(), closures.end(), in_year) ||
         std::any_of(early_closes.begin(), early_closes.end(), in_year);
}

} // namespace bulkhead::model
