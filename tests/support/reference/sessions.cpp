// RULE-009: nothing is held or ordered outside the hours.

#include "tests/support/reference/reference.hpp"

namespace bulkhead::reference {

void sessions_rule(const Look& look, Findings& out) {
  const auto& rule = *look.rules.sessions;
  const Book& book = look.book();
  std::set<std::string> roots;
  for (const auto& [contract, held] : book.held) roots.insert(root_of(contract));
  for (const auto& [id, working] : book.orders) roots.insert(root_of(working.order.contract.value));
  for (const auto& root : roots) {
    const auto own = rule.by_root.find(root);
    const bool of_its_own = rule.each && own != rule.by_root.end();
    if (!of_its_own && !rule.global) continue;
    const Hours& hours = of_its_own ? own->second : *rule.global;
    const auto open = [&](model::Instant at) {
      return open_since(hours, look.rules.holidays, at).has_value();
    };
    if (open(look.now())) continue;
    std::set<std::int64_t> orders;
    for (const auto& [id, working] : book.orders)
      if (root_of(working.order.contract.value) == root) orders.insert(id);
    bool cancelled = false;
    for (const auto& [contract, held] : book.held) {
      if (root_of(contract) != root || (!rule.close_at_end && open(held.grown))) continue;
      Want want;
      want.rule = "RULE-009";
      want.subject = want.contract = contract;
      if (!rule.cancel_only) want.targets[contract] = 0;
      want.cancels = orders;
      if (rule.lock) {
        const bool flatten = !rule.cancel_only && rule.close_at_end;
        want.lock = pause_row(look, want.rule, opens_next(hours, look.rules.holidays, look.now()), flatten);
        if (rule.each) want.lock->root = root;
      }
      out.wants.push_back(want);
      cancelled = true;
    }
    for (const auto id : orders) {
      const auto& order = book.orders.at(id).order;
      const bool resting =
          order.status == model::OrderStatus::open || order.status == model::OrderStatus::pending;
      if (cancelled || !resting || !raises(book, order)) continue;
      Want want;
      want.rule = "RULE-009";
      want.subject = "order " + std::to_string(id);
      want.cancels = {id};
      out.wants.push_back(want);
    }
  }
}

} // namespace bulkhead::reference
