#include "model/money.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <optional>

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

constexpr std::size_t longest_number = 64;

/// The digits of `text` from `pos` on, which moves behind them.
std::string_view take_digits(std::string_view text, std::size_t& pos) {
  const std::size_t start = pos;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') ++pos;
  return text.substr(start, pos - start);
}

/// Of "", "e5", "E-5" or "e+5"; nothing on anything else.
std::optional<int> parse_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  int exponent = 0;
  const char* last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), last, exponent);
  if (ec != std::errc{} || end != last) return std::nullopt;
  return std::clamp(exponent, -1000, 1000);
}

} // namespace

// Every price of every quote passes here: no allocation, and each digit is read once.
Result<std::int64_t> parse_decimal(std::string_view text, int digits) {
  std::size_t pos = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const auto whole = take_digits(text, pos);
  std::string_view fraction;
  if (pos < text.size() && text[pos] == '.') fraction = take_digits(text, ++pos);
  const auto written = whole.size() + fraction.size();
  const auto exponent = parse_exponent(text.substr(pos));
  if (written == 0 || text.size() > longest_number || !exponent) return malformed(text);
  const auto digit = [&](std::size_t i) {
    if (i >= written) return 0;
    return (i < whole.size() ? whole[i] : fraction[i - whole.size()]) - '0';
  };
  const int kept =
      static_cast<int>(whole.size()) + *exponent + digits; // digits in front of the rounding position
  std::int64_t value = 0;
  for (int i = 0; i < kept; ++i) {
    const bool over = __builtin_mul_overflow(value, 10, &value) ||
                      __builtin_add_overflow(value, digit(static_cast<std::size_t>(i)), &value);
    if (over) return out_of_range(text);
  }
  const bool round_up = kept >= 0 && digit(static_cast<std::size_t>(kept)) >= 5;
  if (round_up && __builtin_add_overflow(value, 1, &value)) return out_of_range(text);
  return text.front() == '-' ? -value : value;
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
