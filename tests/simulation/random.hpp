#pragma once
// Seeded random numbers: one stream per purpose, so that taking a fault out of a plan does not change what
// the traders do. The same seed and purpose give the same numbers on every machine. Owned by one simulated
// day.

#include <cstdint>
#include <random>
#include <string_view>

namespace bulkhead::simulation {

class Random {
public:
  Random(std::uint64_t seed, std::string_view purpose, std::int64_t which = 0) {
    std::uint64_t mixed =
        seed * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(which) * 0xBF58476D1CE4E5B9ULL;
    for (const char c : purpose) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    engine_.seed(mixed);
  }
  /// Both ends included.
  [[nodiscard]] std::int64_t draw(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  [[nodiscard]] bool chance(std::int64_t percent) { return draw(1, 100) <= percent; }
  [[nodiscard]] bool one_in(std::int64_t n) { return draw(1, n) == 1; }
  [[nodiscard]] std::mt19937_64& engine() { return engine_; }

private:
  std::mt19937_64 engine_;
};

} // namespace bulkhead::simulation
