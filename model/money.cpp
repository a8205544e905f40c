#include "model/money.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

namespace bulkhead::model {
namespace {

__extension__ using Int128 = __int128;

constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();

std::int64_t saturate(Int128 v) noexcept {
  if (v > int64_max) return int64_max;
  if (v < -Int128{int64_max}) return -int64_max;
  return static_cast<std::int64_t>(v);
}

/// Half away from zero. Requires: divisor > 0.
Int128 divide_rounded(Int128 dividend, Int128 divisor) noexcept {
  const Int128 half = divisor / 2;
  return (dividend >= 0 ? dividend + half : dividend - half) / divisor;
}

Error malformed(std::string_view text) {
  return {Errc::malformed, fmt::format("'{}' is not a decimal number", text.substr(0, 40))};
}
Error out_of_range(std::string_view text) {
  return {Errc::out_of_range, fmt::format("'{}' is out of range", text.substr(0, 40))};
}

struct Decimal {
  bool negative = false;
  std::string digits; // significant digits without the point
  int point = 0;      // digits before the point, after the exponent was applied
};

constexpr std::size_t longest_number = 64;

Result<Decimal> split(std::string_view text) {
  Decimal out;
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    out.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  bool seen_point = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c >= '0' && c <= '9') {
      out.digits += c;
      if (!seen_point) ++out.point;
    } else if (c == '.' && !seen_point) {
      seen_point = true;
    } else {
      break;
    }
  }
  if (out.digits.empty() || text.size() > longest_number) return malformed(text);
  if (i < rest.size()) {
    if (rest[i] != 'e' && rest[i] != 'E') return malformed(text);
    const char* first = rest.data() + i + 1;
    const char* last = rest.data() + rest.size();
    if (first != last && *first == '+' && ++first != last && *first == '-') return malformed(text);
    int exponent = 0;
    const auto [end, ec] = std::from_chars(first, last, exponent);
    if (ec != std::errc{} || end != last) return malformed(text);
    out.point += std::clamp(exponent, -1000, 1000);
  }
  return out;
}

} // namespace

Result<std::int64_t> parse_decimal(std::string_view text, int digits) {
  const auto parts = split(text);
  if (!parts) return parts.error();
  const int kept = parts->point + digits; // how many of the digits stay in front of the rounding position
  Int128 value = 0;
  for (int i = 0; i < kept; ++i) {
    const auto index = static_cast<std::size_t>(i);
    value = value * 10 + (index < parts->digits.size() ? parts->digits[index] - '0' : 0);
    if (value > int64_max) return out_of_range(text);
  }
  const bool round_up = kept >= 0 && static_cast<std::size_t>(kept) < parts->digits.size() &&
                        parts->digits[static_cast<std::size_t>(kept)] >= '5';
  if (round_up && ++value > int64_max) return out_of_range(text);
  return static_cast<std::int64_t>(parts->negative ? -value : value);
}

Result<Money> Money::parse(std::string_view text) {
  const auto scaled = parse_decimal(text, 6);
  if (!scaled) return scaled.error();
  return Money{*scaled};
}

Money operator+(Money a, Money b) noexcept { return {saturate(Int128{a.micros} + b.micros)}; }
Money operator-(Money a, Money b) noexcept { return {saturate(Int128{a.micros} - b.micros)}; }

std::string to_string(Money m) {
  const auto cents = static_cast<std::int64_t>(divide_rounded(m.micros, 10'000));
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", std::abs(cents / 100), std::abs(cents % 100));
}

Result<Price> Price::parse(std::string_view text) {
  const auto scaled = parse_decimal(text, 9);
  if (!scaled) return scaled.error();
  return Price{*scaled};
}

Price operator+(Price a, Price b) noexcept { return {saturate(Int128{a.nanos} + b.nanos)}; }
Price operator-(Price a, Price b) noexcept { return {saturate(Int128{a.nanos} - b.nanos)}; }

std::string to_string(Price p) {
  const std::int64_t whole = p.nanos / Price::per_unit;
  const std::int64_t rest = std::abs(p.nanos % Price::per_unit);
  std::string out = fmt::format("{}{}", p.nanos < 0 && whole == 0 ? "-" : "", whole);
  if (rest == 0) return out;
  std::string fraction = fmt::format("{:09}", rest);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return out + "." + fraction;
}

Money TickSpec::pnl(Price move, std::int64_t quantity) const {
  require(valid(), "pnl of a contract without a tick size and value");
  // |move| < 2^63 and |value| < 2^63: their product fits in 126 bits. Quantities are bounded to 2^31 at the
  // border, so the move is reduced first to keep the whole product inside 127 bits for every plausible price.
  const Int128 per_contract_numerator = Int128{move.nanos} * value.micros;
  constexpr Int128 limit = (Int128{1} << 126);
  const Int128 magnitude = quantity < 0 ? -Int128{quantity} : Int128{quantity};
  const Int128 absolute = per_contract_numerator < 0 ? -per_contract_numerator : per_contract_numerator;
  if (magnitude != 0 && absolute > limit / magnitude) {
    return {(per_contract_numerator < 0) == (quantity < 0) ? int64_max : -int64_max};
  }
  return {saturate(divide_rounded(per_contract_numerator * quantity, size.nanos))};
}

} // namespace bulkhead::model
