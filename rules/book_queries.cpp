#include "rules/book_queries.hpp"

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

} // namespace bulkhead::rules
