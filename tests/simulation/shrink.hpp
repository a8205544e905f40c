#pragma once
// Makes a failing plan smaller while it still fails: fewer faults, an earlier end, a later beginning. Plays
// the day again for each try, at most `most_plays` times.

#include "tests/simulation/day.hpp"

namespace bulkhead::simulation {

/// Requires: the plan fails.
[[nodiscard]] Plan shrunk(Plan plan, int most_plays = 60);

} // namespace bulkhead::simulation
