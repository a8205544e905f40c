#pragma once
// The strictest rules since the last daily reset, kept in the data directory, so that a restart loosens no
// more in the middle of a day than a reload does. The file "rules_in_force.json" is written at each start and
// reload; it stands beside the store, so that a damaged store does not take it along. Start-up thread.

#include "model/config.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <optional>

namespace bulkhead::actors {

struct RulesInForce {
  model::Config config; // rules, profiles, and of each account only id and profile; nothing else is kept
  model::Instant from;  // when the strictest rules last changed
};

/// None when there is no such file. Errors: corrupt, io.
[[nodiscard]] model::Result<std::optional<RulesInForce>>
load_rules_in_force(const std::filesystem::path& data_dir);

/// Durable when it returns success. Errors: io, full.
[[nodiscard]] model::Result<void> save_rules_in_force(const std::filesystem::path& data_dir,
                                                      const RulesInForce& rules);

} // namespace bulkhead::actors
