#include "model/account_state.hpp"

namespace bulkhead::model {

std::optional<Money> unrealized(const AccountState& state, const Position& position) {
  const auto tick = state.ticks.find(position.contract);
  const auto quote = state.quotes.find(position.contract);
  if (tick == state.ticks.end() || quote == state.quotes.end() || !position.direction_known)
    return std::nullopt;
  // The gateway may leave the average out; counted from zero, the whole price would look like profit or loss.
  if (position.average_price == Price{}) return std::nullopt;
  const auto mark = quote->second.mark();
  if (!mark) return std::nullopt;
  return tick->second.pnl(*mark - position.average_price, position.quantity);
}

UnrealizedTotal unrealized_total(const AccountState& state) {
  UnrealizedTotal total;
  for (const auto& [contract, position] : state.positions) {
    if (const auto value = unrealized(state, position)) {
      total.sum += *value;
    } else {
      ++total.unvalued;
    }
  }
  return total;
}

} // namespace bulkhead::model
