#pragma once
// All rules of the program, and the step from configuration to bound rules.

#include "rules/rule.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace bulkhead::rules {

/// Every rule of rule_list.inc, in its order.
[[nodiscard]] std::span<const RuleSpec* const> all_rules();
/// Null when no rule of this version has that YAML key.
[[nodiscard]] const RuleSpec* find_rule(std::string_view key);

/// Binds every enabled block of a rule this version has. Problems of the settings, of disabled blocks too,
/// are added to `problems`; blocks of unknown keys are left to the caller.
[[nodiscard]] std::vector<BoundRule> bind_rules(const model::Config& config, model::Problems& problems);

} // namespace bulkhead::rules
