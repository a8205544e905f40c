#include "model/trade_counter.hpp"

#include <algorithm>
#include <tuple>

namespace bulkhead::model {
namespace {
constexpr std::size_t closes_limit = 512;
constexpr auto clocks_differ = std::chrono::seconds{2};
} // namespace

std::vector<const Fill*> fills_in_order(const AccountState& state) {
  std::vector<const Fill*> fills;
  fills.reserve(state.ledger.fills().size());
  for (const auto& [id, fill] : state.ledger.fills()) {
    if (!fill.voided) fills.push_back(&fill);
  }
  std::sort(fills.begin(), fills.end(), [](const Fill* a, const Fill* b) {
    return std::tie(a->executed_at, a->id) < std::tie(b->executed_at, b->id);
  });
  return fills;
}

bool is_enforced(const AccountState& state, const Fill& fill) {
  return std::any_of(state.closes.begin(), state.closes.end(), [&](const CloseSpan& span) {
    return span.contract == fill.contract && (span.held > 0) == (fill.side == Side::sell) &&
           fill.executed_at >= span.from - clocks_differ &&
           (!span.to || fill.executed_at <= *span.to + clocks_differ);
  });
}

void follow_closes(AccountState& state, Instant at) {
  auto& closes = state.closes;
  const auto is_over = [](const CloseSpan& span) { return span.to.has_value(); };
  // Those under way stand at the end: a day may have hundreds, and this is asked after every event.
  auto open = std::find_if(closes.rbegin(), closes.rend(), is_over).base();
  for (auto span = open; span != closes.end(); ++span) {
    const auto pending = state.pending_closes.find(span->contract);
    if (pending == state.pending_closes.end() || (state.quantity(span->contract) > 0) != (span->held > 0))
      span->to = at;
  }
  open = std::partition(open, closes.end(), is_over);
  if (static_cast<std::size_t>(closes.end() - open) == state.pending_closes.size()) return;
  const auto over = open - closes.begin(); // so many
  for (const auto& entry : state.pending_closes) {
    const ContractId& contract = entry.first;
    const bool known = std::any_of(closes.begin() + over, closes.end(),
                                   [&](const CloseSpan& span) { return span.contract == contract; });
    if (!known) closes.push_back({contract, state.quantity(contract), at});
  }
  if (closes.size() > closes_limit)
    closes.erase(closes.begin(), closes.end() - static_cast<std::ptrdiff_t>(closes_limit));
}

} // namespace bulkhead::model
