#include "rules/group_summary.hpp"

#include "model/valuation.hpp"

namespace bulkhead::rules {

AccountSummary summary_of(const model::AccountState& state, const model::RootTable& roots,
                          model::Instant at) {
  AccountSummary out;
  out.account = state.id;
  out.ready = state.reconciled && state.connected;
  out.realized = state.ledger.net();
  out.open_at_reset = state.unrealized_at_reset;
  out.day_end = state.ledger.end();
  const auto values = unrealized_each(state, model::PriceSource::last);
  bool valued = true;
  auto value = values.begin();
  for (const auto& [contract, held] : state.positions) {
    const auto root = roots.root_of(contract);
    valued = valued && value->has_value();
    out.positions.push_back({contract, root, roots.family_of(root), held.quantity, held.direction_known,
                             roots.weight_tenths(root), held.epoch, held.opened_at, held.increased_at,
                             *value++});
  }
  out.half_told = valued && !sure_day_result(state, at);
  for (const auto& [id, live] : state.orders) {
    const auto& order = live.order;
    if (!order.resting() || !increases_exposure(order, state.quantity(order.contract))) continue;
    out.orders.push_back(
        {id, order.contract, roots.family_of(roots.root_of(order.contract)), order.side == model::Side::buy});
  }
  for (const auto& row : state.lockouts.rows()) out.locked_by.emplace(row.source, row.symbol);
  return out;
}

} // namespace bulkhead::rules
