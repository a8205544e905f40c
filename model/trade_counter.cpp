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
  std::size_t open = 0;
  for (auto& span : state.closes) {
    if (span.to) continue;
    const auto pending = state.pending_closes.find(span.contract);
    if (pending == state.pending_closes.end() || (state.quantity(span.contract) > 0) != (span.held > 0))
      span.to = at;
    else
      ++open;
  }
  if (open == state.pending_closes.size()) return;
  for (const auto& entry : state.pending_closes) {
    const ContractId& contract = entry.first;
    const bool known = std::any_of(state.closes.begin(), state.closes.end(), [&](const CloseSpan& span) {
      return !span.to && span.contract == contract;
    });
    if (!known) state.closes.push_back({contract, state.quantity(contract), at});
  }
  if (state.closes.size() > closes_limit)
    state.closes.erase(state.closes.begin(), state.closes.end() - static_cast<std::ptrdiff_t>(closes_limit));
}

} // namespace bulkhead::model
