#include "protocol/net/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace bulkhead::protocol::net {
namespace {

using namespace std::chrono;
constexpr seconds longest_wait = hours(24);
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view digits) {
  int value = 0;
  if (digits.empty() || digits.front() == '-') return std::nullopt;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (ec == std::errc::result_out_of_range) return std::numeric_limits<int>::max();
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

} // namespace

model::Result<model::Instant> parse_http_date(std::string_view text) {
  const model::Error malformed{model::Errc::malformed, "not an HTTP date"};
  // "Sun, 06 Nov 1994 08:49:37 GMT": every field has its place.
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
    return malformed;
  const auto d = number(text.substr(5, 2));
  const auto* const month_name = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto y = number(text.substr(12, 4));
  const auto h = number(text.substr(17, 2));
  const auto m = number(text.substr(20, 2));
  const auto s = number(text.substr(23, 2));
  if (!d || !y || !h || !m || !s || month_name == months.end()) return malformed;
  const auto mo = static_cast<unsigned>(month_name - months.begin()) + 1;
  const year_month_day date{year{*y}, month{mo}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *m > 59 || *s > 60) return malformed; // 60: a leap second
  return model::Instant{sys_days{date} + hours{*h} + minutes{*m} + seconds{*s}};
}

std::optional<seconds> parse_retry_after(std::string_view text, std::optional<model::Instant> date) {
  if (const auto wait = number(text)) return std::min(seconds{*wait}, longest_wait);
  const auto until = parse_http_date(text);
  if (!until || !date) return std::nullopt;
  return std::clamp(ceil<seconds>(*until - *date), seconds{0}, longest_wait);
}

} // namespace bulkhead::protocol::net
