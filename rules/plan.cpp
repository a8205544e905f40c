#include "rules/plan.hpp"

namespace bulkhead::rules {

using model::Source;

namespace {

/// The gate explains best, then the rule with the lower number: independent of the order of evaluation.
bool speaks_before(Source a, Source b) {
  const bool a_gate = a.kind == Source::Kind::gate;
  const bool b_gate = b.kind == Source::Kind::gate;
  return a_gate != b_gate ? a_gate : a < b;
}

} // namespace

void Plan::want(const AtMost& target, Source source, const std::string& reason) {
  const auto [it, added] = at_most.try_emplace(target.contract, Wish{target.quantity, source, reason});
  if (added) return;
  Wish& wish = it->second;
  const bool stronger = target.quantity < wish.target;
  if (stronger || (target.quantity == wish.target && speaks_before(source, wish.source))) {
    wish = {target.quantity, source, reason};
  }
}

void Plan::want_gone(model::OrderId order, Source source, const std::string& reason) {
  const auto [it, added] = cancel.try_emplace(order, Wish{0, source, reason});
  if (!added && speaks_before(source, it->second.source)) it->second = {0, source, reason};
}

} // namespace bulkhead::rules
