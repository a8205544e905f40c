#pragma once
// The rule blocks of two configurations, compared leaf by leaf; the inside of config_change. Pure functions,
// any thread.

#include "rules/config_change.hpp"

namespace bulkhead::rules {

/// The blocks of `after`, each looser setting as it was before; what differs goes to `out`.
[[nodiscard]] std::vector<model::RuleBlock>
merge_rules(const model::Config& before, const model::Config& after, std::vector<ConfigChange>& out);

} // namespace bulkhead::rules
