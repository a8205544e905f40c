// RULE-026: entry orders that are too large, too many, too far away.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

struct Judge {
  const Rules::OrderLimits& rule;
  const Look& look;
  Findings& out;
  std::map<std::int64_t, Want> wants = {}; // one for each order, however much is wrong with it

  void refuse(const model::Order& order) {
    Want& want = wants[order.id.value];
    want.rule = "RULE-026", want.subject = "order " + std::to_string(order.id.value);
    want.cancels = {order.id.value};
  }

  /// In ticks, a part of one for a whole one.
  std::optional<std::int64_t> away(const model::Order& order, std::int64_t price) const {
    const std::string& contract = order.contract.value;
    const auto mark = mark_of(look.book(), contract, "last", true);
    const auto tick = look.book().ticks.find(contract);
    if (!mark || tick == look.book().ticks.end()) return std::nullopt;
    const std::int64_t size = tick->second.size.nanos, distance = std::abs(price - *mark);
    return distance / size + (distance % size == 0 ? 0 : 1);
  }

  void price(const model::Order& order) {
    const auto& stated = order.limit_price ? order.limit_price : order.stop_price;
    if (!rule.collar || !stated) return;
    const std::int64_t id = order.id.value;
    const Said* last = last_look(look, "RULE-026");
    const bool known =
        last != nullptr && last->collars.contains(id) && last->collars.at(id).price == stated->nanos;
    if (known) {
      out.collars[id] = last->collars.at(id);
    } else if (const auto ticks = away(order, stated->nanos)) {
      out.collars[id] = {stated->nanos, *ticks};
    } else {
      out.cannot_tell.insert({"RULE-026", "order " + std::to_string(id)});
      return;
    }
    if (out.collars[id].ticks > *rule.collar) refuse(order);
  }

  void together(const std::vector<model::Order>& newest_first, const std::optional<int>& most) {
    if (!most) return;
    for (std::size_t left = newest_first.size(), i = 0; left > static_cast<std::size_t>(*most); --left, ++i)
      refuse(newest_first[i]);
  }

  void pending(const std::string& contract, const std::vector<model::Order>& newest_first) {
    if (!rule.pending) return;
    const auto held = look.book().held.find(contract);
    int sum = held == look.book().held.end() ? 0 : std::abs(held->second.quantity);
    for (const auto& order : newest_first) sum += order.size - order.filled;
    for (const auto& order : newest_first) {
      if (sum <= *rule.pending) return;
      refuse(order);
      sum -= order.size - order.filled;
    }
  }
};

} // namespace

void order_rules(const Look& look, Findings& out) {
  if (!look.rules.order_limits || !look.listening.contains("RULE-026")) return;
  Judge judge{*look.rules.order_limits, look, out};
  std::vector<model::Order> all;
  for (const auto& [id, working] : look.book().orders)
    if (raises(look.book(), working.order)) all.push_back(working.order);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.created == b.created ? a.id > b.id : a.created > b.created;
  });
  std::map<std::string, std::vector<model::Order>> by_contract;
  for (const auto& order : all) {
    if (judge.rule.size && order.size > *judge.rule.size) judge.refuse(order);
    judge.price(order);
    by_contract[order.contract.value].push_back(order);
  }
  judge.together(all, judge.rule.working);
  for (const auto& [contract, orders] : by_contract) {
    judge.together(orders, judge.rule.working_each);
    judge.pending(contract, orders);
  }
  for (auto& [id, want] : judge.wants) out.wants.push_back(std::move(want));
}

} // namespace bulkhead::reference
