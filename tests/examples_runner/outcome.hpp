#pragma once
// What is decided, as short texts: the same texts are made from an example file and from a Decision, sorted,
// and compared. "close CON.F.US.MNQ.U26", "reduce CON.F.US.MNQ.U26 to 2", "cancel 7", "breach RULE-003",
// "lock RULE-003 account flatten until 2026-07-15T22:00:00Z", "unlock RULE-003", "place sell 2
// CON.F.US.MNQ.U26 at 21000", "move 7 to 21000 size 2". Pure functions.

#include "model/decision.hpp"

#include <string>
#include <vector>

namespace bulkhead::examples {

/// True for the keys of a step that say what is decided: close, reduce, cancel, lock, unlock, breach, ...
[[nodiscard]] bool is_outcome(std::string_view key);
[[nodiscard]] std::string expected_outcome(const std::string& key, const std::string& text,
                                           model::Instant start);
/// Sorted. A dry breach is a "dry breach".
[[nodiscard]] std::vector<std::string> outcomes(const model::Decision& decision);

} // namespace bulkhead::examples
