#pragma once
// Percentages in ten-thousandths of a percent, cut off: comparing one with a limit from below is exact. Pure.

#include <cstdint>

namespace bulkhead::rules {

inline constexpr std::int64_t percent_point = 10'000;

/// Requires: whole > 0, part >= 0 and part / whole below 1e12.
[[nodiscard]] constexpr std::int64_t percent_of(std::int64_t part, std::int64_t whole) {
  __extension__ using Wide = __int128;
  return static_cast<std::int64_t>(static_cast<Wide>(part) * 100 * percent_point / whole);
}

} // namespace bulkhead::rules
