// What several rules ask of the book.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::reference {

bool raises(const Book& book, const model::Order& order) {
  const int left = order.size - order.filled;
  if (left <= 0 || order.status == model::OrderStatus::suspended) return false;
  const auto held = book.held.find(order.contract.value);
  const int before = held == book.held.end() ? 0 : held->second.quantity;
  const int after = before + (order.side == model::Side::buy ? left : -left);
  // The other side, or more of the same.
  return before == 0 || before * after < 0 || std::abs(after) > std::abs(before);
}

std::set<std::int64_t> raising_orders(const Book& book, const std::string& root) {
  std::set<std::int64_t> out;
  for (const auto& [id, working] : book.orders) {
    if (!root.empty() && root_of(working.order.contract.value) != root) continue;
    if (raises(book, working.order)) out.insert(id);
  }
  return out;
}

bool guards(const model::Order& order, const Held& held, bool stop_limits) {
  const int type = static_cast<int>(order.type);
  const bool stop = type == 4 || type == 5 || (type == 3 && stop_limits);
  const bool resting =
      order.status == model::OrderStatus::open || order.status == model::OrderStatus::pending;
  return stop && resting && order.size > order.filled &&
         (order.side == model::Side::sell) == (held.quantity > 0);
}

std::set<std::int64_t> orders_in(const Book& book, const std::string& contract) {
  std::set<std::int64_t> out;
  for (const auto& [id, working] : book.orders)
    if (working.order.contract.value == contract) out.insert(id);
  return out;
}

void everything(const Book& book, Want& want) {
  for (const auto& [contract, held] : book.held) want.targets[contract] = 0;
  for (const auto& [id, working] : book.orders) want.cancels.insert(id);
}

Row until_reset(const std::string& rule, model::Instant now) {
  Row row;
  row.source = rule;
  row.until = next_reset(now);
  row.ends_at_reset = true;
  return row;
}

Row pause_row(const Look& look, const std::string& rule, std::optional<model::Instant> until, bool flatten) {
  Row row;
  row.source = rule;
  row.until = until;
  row.flatten = flatten;
  const Book& book = look.book();
  for (const auto& [contract, held] : book.held) row.kept[contract] = held.quantity;
  for (const auto& [contract, ahead] : book.ahead)
    if (const int soon = held_soon(book, contract, look.now()); soon != 0) row.kept[contract] = soon;
  return row;
}

std::vector<model::Fill> trades(const Book& book) {
  std::vector<model::Fill> out;
  for (const auto& [id, fill] : book.fills)
    if (!fill.voided) out.push_back(fill);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.executed_at < b.executed_at; });
  return out;
}

} // namespace bulkhead::reference
