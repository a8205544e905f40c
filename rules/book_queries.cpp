#include "rules/book_queries.hpp"

#include <algorithm>

namespace bulkhead::rules {

using model::ClearCause;

std::vector<AtMost> flatten(const model::AccountState& state) {
  std::vector<AtMost> targets;
  targets.reserve(state.positions.size());
  for (const auto& [contract, position] : state.positions) targets.push_back({contract, 0});
  return targets;
}

std::vector<model::OrderId> all_orders(const model::AccountState& state) {
  std::vector<model::OrderId> ids;
  ids.reserve(state.orders.size());
  for (const auto& [id, live] : state.orders) ids.push_back(id);
  return ids;
}

std::vector<model::OrderId> exposure_orders(const RuleContext& context,
                                            const std::optional<model::Root>& root) {
  std::vector<model::OrderId> ids;
  for (const auto& [id, live] : context.state.orders) {
    if (root && context.roots.root_of(live.order.contract) != *root) continue;
    if (increases_exposure(live.order, context.state.quantity(live.order.contract))) ids.push_back(id);
  }
  return ids;
}

model::Lockout hard_lockout(const RuleContext& context, std::string reason, bool permanent) {
  model::Lockout lockout;
  lockout.kind = model::LockoutKind::hard;
  lockout.mode = model::LockoutMode::flatten;
  lockout.reason = std::move(reason);
  lockout.clear_on = model::ClearOn{}.with(ClearCause::admin);
  if (!permanent) {
    lockout.expires_at = context.reset.next_after(context.event.at);
    lockout.clear_on = lockout.clear_on.with(ClearCause::expiry).with(ClearCause::daily_reset);
  }
  return lockout;
}

model::Lockout reduce_lockout(const RuleContext& context, const Finding& finding) {
  model::Lockout lockout = hard_lockout(context, finding.reason);
  lockout.mode = model::LockoutMode::no_new_exposure;
  for (const auto& [contract, position] : context.state.positions)
    lockout.baseline[contract] = position.quantity;
  for (const auto& target : finding.at_most) {
    auto& kept = lockout.baseline[target.contract];
    kept = kept < 0 ? -target.quantity : target.quantity;
  }
  return lockout;
}

std::map<model::ContractId, std::int32_t> held_now(const RuleContext& context) {
  std::map<model::ContractId, std::int32_t> held;
  for (const auto& [contract, position] : context.state.positions) held[contract] = position.quantity;
  for (const auto& [contract, unseen] : context.state.unseen) {
    if (const auto soon = context.state.expected_quantity(contract, context.event.at)) held[contract] = soon;
  }
  return held;
}

model::Lockout cooldown(const RuleContext& context, std::string reason, model::Instant until,
                        model::LockoutMode mode) {
  model::Lockout lockout;
  lockout.kind = model::LockoutKind::cooldown;
  lockout.mode = mode;
  lockout.reason = std::move(reason);
  lockout.expires_at = until;
  lockout.clear_on = model::ClearOn{}.with(ClearCause::expiry).with(ClearCause::admin);
  if (mode == model::LockoutMode::no_new_exposure) lockout.baseline = held_now(context);
  return lockout;
}

OrdersByContract::OrdersByContract(const model::AccountState& state) {
  orders_.reserve(state.orders.size());
  for (const auto& [id, live] : state.orders) orders_.push_back(&live.order);
  std::stable_sort(orders_.begin(), orders_.end(),
                   [](const auto* a, const auto* b) { return a->contract < b->contract; });
}

std::span<const model::Order* const> OrdersByContract::of(const model::ContractId& contract) const {
  const auto first = std::lower_bound(orders_.begin(), orders_.end(), contract,
                                      [](const auto* order, const auto& id) { return order->contract < id; });
  auto last = first;
  while (last != orders_.end() && (*last)->contract == contract) ++last;
  return {first, last};
}

std::vector<model::OrderId> orders_of(const model::AccountState& state, const model::ContractId& contract) {
  std::vector<model::OrderId> ids;
  for (const auto& [id, live] : state.orders) {
    if (live.order.contract == contract) ids.push_back(id);
  }
  return ids;
}

std::vector<model::OrderId> orders_of(const RuleContext& context, const model::Root& root) {
  std::vector<model::OrderId> ids;
  for (const auto& [id, live] : context.state.orders) {
    if (context.roots.root_of(live.order.contract) == root) ids.push_back(id);
  }
  return ids;
}

} // namespace bulkhead::rules
