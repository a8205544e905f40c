#pragma once
// The figures of a run: simulated time, what happened, and the table of what must happen sometimes. And the
// search for planted bugs.

#include "tests/simulation/day.hpp"

#include <chrono>
#include <string>

namespace bulkhead::simulation {

class Report {
public:
  void add(const DayResult& day);
  /// False when many days were played and something that must happen sometimes never did.
  [[nodiscard]] bool print(std::uint64_t first, std::uint64_t asked) const;

private:
  Figures sum_;
  std::uint64_t days_ = 0;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Plays days with each bug of the list in force, until one fails; says how many it took. 0 when all were
/// found.
[[nodiscard]] int find_bugs(const std::string& list, std::uint64_t most_seeds);

} // namespace bulkhead::simulation
