#pragma once
// Questions about the book that several rules ask. Pure functions over AccountState.

#include "rules/rule.hpp"

#include <map>
#include <optional>
#include <span>
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
/// A hard lockout until the next daily reset that lets stay what `finding` leaves of the positions.
[[nodiscard]] model::Lockout reduce_lockout(const RuleContext& context, const Finding& finding);
/// A cooldown until `until`. In mode no_new_exposure what is held stays, trades of this moment included whose
/// position update has not come yet.
[[nodiscard]] model::Lockout cooldown(const RuleContext& context, std::string reason, model::Instant until,
                                      model::LockoutMode mode);
/// Live orders by contract, sorted once for questions about many contracts. Lives as long as the state is not
/// changed.
class OrdersByContract {
public:
  explicit OrdersByContract(const model::AccountState& state);
  /// By id.
  [[nodiscard]] std::span<const model::Order* const> of(const model::ContractId& contract) const;

private:
  std::vector<const model::Order*> orders_;
};

/// Live orders of one contract, or of one root.
[[nodiscard]] std::vector<model::OrderId> orders_of(const model::AccountState& state,
                                                    const model::ContractId& contract);
[[nodiscard]] std::vector<model::OrderId> orders_of(const RuleContext& context, const model::Root& root);

/// What held positions may stay under a no_new_exposure lockout.
[[nodiscard]] std::map<model::ContractId, std::int32_t> held_now(const RuleContext& context);

} // namespace bulkhead::rules
