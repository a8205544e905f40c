#pragma once
// Exact money and prices: 64-bit integers, never floating point. A thousand losses of 0.10 must sum to
// -100.00 and trip a limit of 100 exactly. Products are formed in 128 bits and rounded once, half away from
// zero.

#include "model/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::model {

/// US dollars in integer micro-dollars. Range about ±9.2e12 dollars; sums saturate rather than wrap.
struct Money {
  std::int64_t micros = 0;

  static constexpr std::int64_t per_dollar = 1'000'000;
  [[nodiscard]] static constexpr Money dollars(std::int64_t whole) { return {whole * per_dollar}; }
  /// Exact decimal text such as "-480.00", "18.7" or "1e3". Errors: malformed, out_of_range.
  [[nodiscard]] static Result<Money> parse(std::string_view text);

  friend constexpr auto operator<=>(Money, Money) = default;
  [[nodiscard]] constexpr Money abs() const { return {micros < 0 ? -micros : micros}; }
};
[[nodiscard]] Money operator+(Money a, Money b) noexcept;
[[nodiscard]] Money operator-(Money a, Money b) noexcept;
[[nodiscard]] constexpr Money operator-(Money a) noexcept { return {-a.micros}; }
inline Money& operator+=(Money& a, Money b) noexcept { return a = a + b; }
inline Money& operator-=(Money& a, Money b) noexcept { return a = a - b; }
/// Two decimals, rounded half away from zero: "-550.00".
[[nodiscard]] std::string to_string(Money m);

/// A price, or a difference of prices, at 1e-9 (6J ticks at 0.0000005).
struct Price {
  std::int64_t nanos = 0;

  static constexpr std::int64_t per_unit = 1'000'000'000;
  /// Exact decimal text. Errors: malformed, out_of_range (beyond ±9.2e9).
  [[nodiscard]] static Result<Price> parse(std::string_view text);

  friend constexpr auto operator<=>(Price, Price) = default;
};
/// Saturating, like sums of money.
[[nodiscard]] Price operator+(Price a, Price b) noexcept;
[[nodiscard]] Price operator-(Price a, Price b) noexcept;
/// Shortest exact decimal: "21000.25", "0.0000005".
[[nodiscard]] std::string to_string(Price p);

/// Tick size and tick value of a contract, as the gateway states them (never from a table).
struct TickSpec {
  Price size;
  Money value;

  [[nodiscard]] bool valid() const noexcept { return size.nanos > 0 && value.micros > 0; }
  /// Profit of `quantity` contracts (signed) over a price move: move × quantity × value / size. Requires:
  /// valid().
  [[nodiscard]] Money pnl(Price move, std::int64_t quantity) const;
  friend bool operator==(const TickSpec&, const TickSpec&) = default;
};

/// Exact decimal text scaled by 10^digits, rounded half away from zero. Accepts sign, fraction and exponent.
[[nodiscard]] Result<std::int64_t> parse_decimal(std::string_view text, int digits);

} // namespace bulkhead::model
