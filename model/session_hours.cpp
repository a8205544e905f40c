#include "model/session_hours.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace bulkhead::model {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

TradingDay plus(TradingDay day, int n) { return {sys_days{day.date} + days{n}}; }
unsigned weekday_of(TradingDay day) { return std::chrono::weekday{sys_days{day.date}}.c_encoding(); }

/// Sessions that start on a local date within [first, last].
class Finder {
public:
  Finder(const SessionHours& hours, const HolidayCalendar& calendar) : hours_(hours), calendar_(calendar) {}

  [[nodiscard]] std::vector<Session> between(TradingDay first, TradingDay last) {
    for (TradingDay day = first; day <= last; day = plus(day, 1)) {
      const bool starts = hours_.weekly() ? *hours_.start.weekday == weekday_of(day)
                                          : (hours_.days >> weekday_of(day) & 1U) != 0;
      if (starts) split(day, plus(day, length()));
    }
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    std::vector<Session> joined;
    for (const auto& piece : found_) {
      if (!joined.empty() && piece.from <= joined.back().to)
        joined.back().to = std::max(joined.back().to, piece.to);
      else
        joined.push_back(piece);
    }
    return joined;
  }

private:
  /// Local dates from the start to the end.
  [[nodiscard]] int length() const {
    const bool over = hours_.end.time <= hours_.start.time;
    if (!hours_.weekly()) return over ? 1 : 0;
    const auto later = static_cast<int>((*hours_.end.weekday + 7 - *hours_.start.weekday) % 7);
    return later == 0 && over ? 7 : later;
  }

  [[nodiscard]] Instant local(TradingDay day, TimeOfDay time, Twice twice = Twice::first) const {
    return local_instant(day, time, hours_.zone, twice);
  }

  /// Cuts at the daily breaks; a long session without breaks at midnight, so that each day is its own.
  void split(TradingDay first, TradingDay last) {
    Instant from = local(first, hours_.start.time);
    const Instant to = local(last, hours_.end.time, Twice::second);
    const bool cut = hours_.daily_break || hours_.weekly();
    const auto pause = hours_.daily_break.value_or(std::pair{TimeOfDay{}, TimeOfDay{}});
    for (TradingDay day = first; cut && day <= last; day = plus(day, 1)) {
      const Instant stop = local(day, pause.first);
      if (stop <= from || stop >= to) continue;
      add(from, stop);
      from = local(pause.second < pause.first ? plus(day, 1) : day, pause.second);
    }
    add(from, to);
  }

  void add(Instant from, Instant to) {
    if (hours_.respect_holidays && from < to) {
      const TradingDay date = local_date(to - Duration{1}, hours_.zone);
      if (calendar_.is_holiday(date)) return;
      const auto early = calendar_.early_closes.find(date);
      if (early != calendar_.early_closes.end())
        to = std::min(to, local_instant(date, early->second, calendar_.zone));
    }
    if (from < to) found_.push_back({from, to});
  }

  const SessionHours& hours_;
  const HolidayCalendar& calendar_;
  std::vector<Session> found_;
};

} // namespace

Result<unsigned> parse_weekday(std::string_view text) {
  static constexpr std::array<std::string_view, 7> names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto* it = std::find(names.begin(), names.end(), text);
  if (it == names.end())
    return Error{Errc::malformed, fmt::format("'{}' is none of Sun, Mon, Tue, Wed, Thu, Fri, Sat", text)};
  return static_cast<unsigned>(it - names.begin());
}

Result<SessionTime> SessionTime::parse(std::string_view text) {
  SessionTime out;
  if (const auto space = text.find(' '); space != std::string_view::npos) {
    const auto day = parse_weekday(text.substr(0, space));
    if (!day) return day.error();
    out.weekday = *day;
    text.remove_prefix(space + 1);
  }
  const auto time = TimeOfDay::parse(text);
  if (!time) return time.error();
  out.time = *time;
  return out;
}

SessionHours exchange_hours() {
  SessionHours hours;
  hours.zone = "America/Chicago";
  hours.start = {0, TimeOfDay{17 * 60}};
  hours.end = {5, TimeOfDay{16 * 60}};
  hours.daily_break = {TimeOfDay{16 * 60}, TimeOfDay{17 * 60}};
  return hours;
}

std::optional<Session> session_at(const SessionHours& hours, const HolidayCalendar& calendar, Instant at) {
  const TradingDay today = local_date(at, hours.zone);
  for (const auto& session : Finder(hours, calendar).between(plus(today, -8), plus(today, 1))) {
    if (session.from <= at && at < session.to) return session;
  }
  return std::nullopt;
}

std::optional<Session> next_session(const SessionHours& hours, const HolidayCalendar& calendar, Instant at) {
  const TradingDay today = local_date(at, hours.zone);
  for (const int ahead : {8, 62}) {
    for (const auto& session : Finder(hours, calendar).between(plus(today, -8), plus(today, ahead))) {
      if (session.from > at) return session;
    }
  }
  return std::nullopt;
}

} // namespace bulkhead::model
