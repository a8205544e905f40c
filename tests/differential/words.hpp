#pragma once
// A decision of the engine in the words of the naive reference, to compare the two. Pure; any thread.

#include "model/decision.hpp"
#include "model/lockout.hpp"

#include <string>
#include <vector>

namespace bulkhead::differential {

/// Sorted. `before`: the lockouts that stood; a row set again as it was is no news.
[[nodiscard]] std::vector<std::string> words_of(const model::Decision& decision,
                                                const model::LockoutSet& before);

} // namespace bulkhead::differential
