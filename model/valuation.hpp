#pragma once
// The open profit of all positions in one pass. Pure; any thread may call it on a state that nobody changes.

#include "model/account_state.hpp"

#include <optional>
#include <vector>

namespace bulkhead::model {

/// Of each position, in the order of AccountState::positions; none for one that cannot be valued.
[[nodiscard]] std::vector<std::optional<Money>> unrealized_each(const AccountState& state,
                                                                PriceSource source);

} // namespace bulkhead::model
