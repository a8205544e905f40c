#pragma once
// Questions about the book that several rules ask. Pure functions over AccountState.

#include "rules/rule.hpp"

#include <optional>
#include <vector>

namespace bulkhead::rules {

/// Flat in every contract held.
[[nodiscard]] std::vector<AtMost> flatten(const model::AccountState& state);
/// Live orders, suspended bracket children included: what CANCEL_ALL_ORDERS means.
[[nodiscard]] std::vector<model::OrderId> all_orders(const model::AccountState& state);
/// Working orders that could raise exposure; protective and reducing ones stay. Of one root, or of the
/// account.
[[nodiscard]] std::vector<model::OrderId>
exposure_orders(const RuleContext& context, const std::optional<model::Root>& root = std::nullopt);

/// A hard flatten lockout until the next daily reset, or for good when `permanent`.
[[nodiscard]] model::Lockout hard_lockout(const RuleContext& context, std::string reason,
                                          bool permanent = false);

} // namespace bulkhead::rules
