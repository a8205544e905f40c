#include "model/time.hpp"

#include <charconv>
#include <fmt/format.h>

namespace bulkhead::model {
namespace {

Error malformed(std::string_view what, std::string_view text) {
  return {Errc::malformed, fmt::format("'{}' is not {}", text.substr(0, 40), what)};
}

/// Reads exactly `count` digits at `pos` and advances; -1 when they are not there.
int digits(std::string_view text, std::size_t& pos, std::size_t count) {
  if (pos + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[pos + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  pos += count;
  return value;
}

bool take(std::string_view text, std::size_t& pos, char c) {
  if (pos >= text.size() || text[pos] != c) return false;
  ++pos;
  return true;
}

/// Reads a fraction of up to nine digits after a point; microseconds, or -1 on a point without digits.
int fraction(std::string_view text, std::size_t& pos) {
  if (!take(text, pos, '.')) return 0;
  int micros = 0;
  int count = 0;
  for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, ++count) {
    if (count < 6) micros = micros * 10 + (text[pos] - '0');
  }
  for (int i = count; i < 6; ++i) micros *= 10;
  return count >= 1 && count <= 9 ? micros : -1;
}

/// Reads "Z", "+hh:mm", "+hhmm" or nothing. Sets ok to false on anything else.
std::chrono::minutes offset(std::string_view text, std::size_t& pos, bool& ok) {
  using std::chrono::minutes;
  if (pos == text.size() || take(text, pos, 'Z') || take(text, pos, 'z')) return minutes{0};
  const bool negative = text[pos] == '-';
  if (!negative && text[pos] != '+') return ok = false, minutes{0};
  ++pos;
  const int hours = digits(text, pos, 2);
  take(text, pos, ':');
  const int mins = digits(text, pos, 2);
  ok = hours >= 0 && hours <= 18 && mins >= 0 && mins < 60;
  const minutes value{hours * 60 + mins};
  return negative ? -value : value;
}

} // namespace

Result<Instant> parse_instant(std::string_view text) {
  using namespace std::chrono;
  const auto bad = [&] { return malformed("a timestamp", text); };
  std::size_t pos = 0;
  const int y = digits(text, pos, 4);
  if (y < 0 || !take(text, pos, '-')) return bad();
  const int mo = digits(text, pos, 2);
  if (mo < 0 || !take(text, pos, '-')) return bad();
  const int d = digits(text, pos, 2);
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo < 0 ? 0 : mo)},
                            day{static_cast<unsigned>(d < 0 ? 0 : d)}};
  if (d < 0 || !date.ok() || (!take(text, pos, 'T') && !take(text, pos, ' '))) return bad();
  const int h = digits(text, pos, 2);
  if (h < 0 || h > 23 || !take(text, pos, ':')) return bad();
  const int mi = digits(text, pos, 2);
  if (mi < 0 || mi > 59 || !take(text, pos, ':')) return bad();
  const int s = digits(text, pos, 2);
  const int us = fraction(text, pos);
  if (s < 0 || s > 60 || us < 0) return bad();
  bool ok = true;
  const minutes shift = offset(text, pos, ok);
  if (!ok || pos != text.size()) return bad();
  return Instant{sys_days{date}.time_since_epoch() + hours{h} + minutes{mi} + seconds{s} + microseconds{us} -
                 shift};
}

std::string format_instant(Instant at, int fraction_digits) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const auto rest = (at - day).count();
  const auto secs = rest / 1'000'000;
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                secs / 3600, secs / 60 % 60, secs % 60);
  if (fraction_digits == 3) out += fmt::format(".{:03}", rest % 1'000'000 / 1000);
  if (fraction_digits == 6) out += fmt::format(".{:06}", rest % 1'000'000);
  return out + "Z";
}

Result<Duration> parse_duration(std::string_view text) {
  using namespace std::chrono;
  std::int64_t count = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (ec != std::errc{} || unit.size() != 1) return malformed("a duration such as 30s, 15m or 1h", text);
  if (count < 1 || count > 86'400)
    return Error{Errc::out_of_range, fmt::format("'{}' is not within 1s..24h", text)};
  const auto value = unit == "s"   ? seconds{count}
                     : unit == "m" ? minutes{count}
                     : unit == "h" ? hours{count}
                                   : seconds{0};
  if (value == seconds{0}) return malformed("a duration such as 30s, 15m or 1h", text);
  if (value > hours{24}) return Error{Errc::out_of_range, fmt::format("'{}' is not within 1s..24h", text)};
  return Duration{value};
}

std::string format_duration(Duration d) {
  const auto total = std::chrono::duration_cast<std::chrono::seconds>(d).count();
  if (total < 60) return fmt::format("{}s", total);
  if (total < 3600) return fmt::format("{}m {:02}s", total / 60, total % 60);
  if (total < 86'400) return fmt::format("{}h {:02}m", total / 3600, total / 60 % 60);
  return fmt::format("{}d {:02}h", total / 86'400, total / 3600 % 24);
}

Result<TimeOfDay> TimeOfDay::parse(std::string_view text) {
  std::size_t pos = 0;
  const int h = digits(text, pos, 2);
  const bool colon = take(text, pos, ':');
  const int m = digits(text, pos, 2);
  if (h < 0 || h > 23 || !colon || m < 0 || m > 59 || pos != text.size()) {
    return malformed("a time of day as HH:MM", text);
  }
  return TimeOfDay{h * 60 + m};
}

std::string to_string(TimeOfDay t) { return fmt::format("{:02}:{:02}", t.minutes / 60, t.minutes % 60); }

Result<TradingDay> TradingDay::parse(std::string_view text) {
  using namespace std::chrono;
  std::size_t pos = 0;
  const int y = digits(text, pos, 4);
  const bool first = take(text, pos, '-');
  const int m = digits(text, pos, 2);
  const bool second = take(text, pos, '-');
  const int d = digits(text, pos, 2);
  if (y < 0 || m < 0 || d < 0 || !first || !second || pos != text.size()) return malformed("a date", text);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return malformed("a date of the calendar", text);
  return TradingDay{date};
}

std::string to_string(TradingDay day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.date.year()),
                     static_cast<unsigned>(day.date.month()), static_cast<unsigned>(day.date.day()));
}

} // namespace bulkhead::model
