#pragma once
// Whose fills they are, and in which order: what the rules that count trades stand on. Pure functions over
// AccountState.

#include "model/account_state.hpp"

#include <vector>

namespace bulkhead::model {

/// Fills of this and the previous two days by time of execution, voided ones left out. The pointers live as
/// long as the state is not changed.
[[nodiscard]] std::vector<const Fill*> fills_in_order(const AccountState& state);

/// The fill reduces a contract for which a close of ours was under way at its time, give or take two seconds.
[[nodiscard]] bool is_enforced(const AccountState& state, const Fill& fill);

/// Opens and ends the spans of closes as pending_closes has them now.
void follow_closes(AccountState& state, Instant at);

} // namespace bulkhead::model
