#include "tests/support/reference/calendar.hpp"

#include <chrono>

namespace bulkhead::reference {
namespace {

using model::Instant;
using namespace std::chrono;

constexpr int minutes_a_day = 1440;

sys_days sunday_of(year y, month m, unsigned nth) { return sys_days{y / m / Sunday[nth]}; }

/// Summer time from the second Sunday of March to the first of November, at 2:00 of the clock that ends.
bool summer(Instant at, int winter_hours_behind) {
  const year y = year_month_day{floor<days>(at)}.year();
  const Instant from = sunday_of(y, March, 2) + hours{2 + winter_hours_behind};
  const Instant to = sunday_of(y, November, 1) + hours{1 + winter_hours_behind};
  return at >= from && at < to;
}

/// What a wall clock shows, as microseconds since its 1970.
std::int64_t clock_at(Instant at, bool new_york) {
  const int winter = new_york ? 5 : 6;
  const int behind = summer(at, winter) ? winter - 1 : winter;
  return (at - hours{behind}).time_since_epoch().count();
}

/// When a wall clock shows a day and minute.
Instant instant_of(std::int64_t day, int minute, bool new_york) {
  const int winter = new_york ? 5 : 6;
  const Instant guess = Instant{} + days{day} + minutes{minute} + hours{winter};
  return summer(guess - hours{1}, winter) ? guess - hours{1} : guess;
}

constexpr std::int64_t micros_a_minute = 60'000'000;
int weekday_of(std::int64_t day) { return static_cast<int>((day + 4) % 7); } // 1970 began on a Thursday

struct Span { // of minutes on the wall clock
  std::int64_t from = 0, to = 0;
};

/// The session that is on at a minute, uncut.
std::optional<Span> session_on(const Hours& hours, std::int64_t minute) {
  const std::int64_t today = minute / minutes_a_day;
  for (std::int64_t day = today - 7; day <= today; ++day) {
    const int weekday = weekday_of(day);
    if (hours.weekdays ? weekday != hours.weekdays->first : !hours.days.contains(weekday)) continue;
    std::int64_t last = day;
    if (hours.weekdays)
      while (weekday_of(last) != hours.weekdays->second || (last == day && hours.end <= hours.start)) ++last;
    else if (hours.end <= hours.start)
      ++last;
    const Span span{day * minutes_a_day + hours.start, last * minutes_a_day + hours.end};
    if (span.from <= minute && minute < span.to) return span;
  }
  return std::nullopt;
}

/// The part of it between two pauses; a weekly session without pauses has one at each midnight, of no length.
std::optional<Span> part_on(const Hours& hours, std::int64_t minute) {
  auto span = session_on(hours, minute);
  if (!span || (!hours.pause && !hours.weekdays)) return span;
  const auto [stop, go] = hours.pause.value_or(std::pair{0, 0});
  const std::int64_t today = minute / minutes_a_day;
  for (std::int64_t day = today - 1; day <= today + 1; ++day) {
    const std::int64_t from = day * minutes_a_day + stop;
    const std::int64_t to = (go < stop ? day + 1 : day) * minutes_a_day + go;
    if (from <= minute && minute < to) return std::nullopt;
    if (to <= minute) span->from = std::max(span->from, to);
    if (from > minute) span->to = std::min(span->to, from);
  }
  return span;
}

} // namespace

Hours exchange() {
  Hours out;
  out.start = 17 * 60, out.end = 16 * 60;
  out.weekdays = {0, 5};
  out.pause = {16 * 60, 17 * 60};
  return out;
}

std::optional<Instant> open_since(const Hours& hours, const Holidays& holidays, Instant at) {
  const auto part = part_on(hours, clock_at(at, hours.new_york) / micros_a_minute);
  if (!part) return std::nullopt;
  const std::int64_t date = (part->to - 1) / minutes_a_day;
  if (hours.holidays && holidays.closed.contains(static_cast<int>(date))) return std::nullopt;
  const auto early = holidays.early.find(static_cast<int>(date));
  if (hours.holidays && early != holidays.early.end() && at >= instant_of(date, early->second, false))
    return std::nullopt;
  return instant_of(part->from / minutes_a_day, static_cast<int>(part->from % minutes_a_day), hours.new_york);
}

std::optional<Instant> opens_next(const Hours& hours, const Holidays& holidays, Instant at) {
  const std::int64_t today = clock_at(at, hours.new_york) / micros_a_minute / minutes_a_day;
  for (std::int64_t day = today; day < today + 60; ++day) {
    std::set<int> minutes{0, hours.start};
    if (hours.pause) minutes.insert(hours.pause->second);
    for (const int minute : minutes) {
      const Instant then = instant_of(day, minute, hours.new_york);
      if (then > at && open_since(hours, holidays, then)) return then;
    }
  }
  return std::nullopt;
}

int local_day(Instant at) { return static_cast<int>(clock_at(at, false) / micros_a_minute / minutes_a_day); }

Instant local_time(int day, int minute) { return instant_of(day, minute, false); }

Instant next_reset(Instant at) {
  for (std::int64_t day = floor<days>(at).time_since_epoch().count() - 1;; ++day) {
    const Instant reset = instant_of(day, 17 * 60, false);
    if (reset > at) return reset;
  }
}

} // namespace bulkhead::reference
