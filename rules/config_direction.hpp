#pragma once
// Which way a setting of a rule must move to let less through; the inside of config_merge. A key that stands
// in no table here tightens neither way. Pure function, any thread.

#include "model/config.hpp"

#include <string_view>

namespace bulkhead::rules {

/// `key` of the mapping `parent`, which is the rule's own key for its outermost settings.
[[nodiscard]] bool tightens(std::string_view parent, std::string_view key, const model::ConfigNode& before,
                            const model::ConfigNode& after);

} // namespace bulkhead::rules
