#include "model/account_state.hpp"

#include <algorithm>

namespace bulkhead::model {

std::optional<Money> unrealized(const AccountState& state, const Position& position, PriceSource source) {
  const auto tick = state.ticks.find(position.contract);
  const auto quote = state.quotes.find(position.contract);
  if (tick == state.ticks.end() || quote == state.quotes.end() || !position.direction_known)
    return std::nullopt;
  // The gateway may leave the average out; counted from zero, the whole price would look like profit or loss.
  if (position.average_price == Price{}) return std::nullopt;
  const auto mark = quote->second.mark(source, position.quantity > 0);
  if (!mark) return std::nullopt;
  return tick->second.pnl(*mark - position.average_price, position.quantity);
}

UnrealizedTotal unrealized_total(const AccountState& state, PriceSource source) {
  UnrealizedTotal total;
  for (const auto& [contract, position] : state.positions) {
    if (const auto value = unrealized(state, position, source)) {
      total.sum += *value;
    } else {
      ++total.unvalued;
    }
  }
  return total;
}

std::optional<Money> equity(const AccountState& state) {
  const auto total = unrealized_total(state);
  if (!state.account.balance || total.unvalued > 0) return std::nullopt;
  return *state.account.balance + total.sum;
}

Instant equity_settled_at(const AccountState& state) {
  constexpr auto settling = std::chrono::seconds{2};
  const Instant book = state.book_changed_at == Instant{} ? Instant{} : state.book_changed_at + settling;
  // A flat account is worth its balance as soon as the last trade is in it.
  if (state.positions.empty() || state.balance_changed_at == Instant{}) return book;
  return std::max(book, state.balance_changed_at + settling);
}

} // namespace bulkhead::model
