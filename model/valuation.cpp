#include "model/valuation.hpp"

#include <algorithm>

namespace bulkhead::model {

namespace {

std::optional<Money> value_of(const Position& position, const TickSpec& tick, const Quote& quote,
                              PriceSource source) {
  // The gateway may leave the average out; counted from zero, the whole price would look like profit or loss.
  if (!position.direction_known || position.average_price == Price{}) return std::nullopt;
  const auto mark = quote.mark(source, position.quantity > 0);
  if (!mark) return std::nullopt;
  return tick.pnl(*mark - position.average_price, position.quantity);
}

/// Calls `use` with every position and its value. All maps are sorted by contract, so one pass over each
/// finds what belongs together.
template <class Use>
void value_all(const AccountState& state, PriceSource source, Use use) {
  auto tick = state.ticks.begin();
  auto quote = state.quotes.begin();
  const auto advance = [](auto& it, auto end, const ContractId& contract) {
    while (it != end && it->first < contract) ++it;
    return it != end && it->first == contract;
  };
  for (const auto& [contract, position] : state.positions) {
    const bool has_tick = advance(tick, state.ticks.end(), contract);
    const bool has_quote = advance(quote, state.quotes.end(), contract);
    use(has_tick && has_quote ? value_of(position, tick->second, quote->second, source) : std::nullopt);
  }
}

} // namespace

std::optional<Money> unrealized(const AccountState& state, const Position& position, PriceSource source) {
  const auto tick = state.ticks.find(position.contract);
  const auto quote = state.quotes.find(position.contract);
  if (tick == state.ticks.end() || quote == state.quotes.end()) return std::nullopt;
  return value_of(position, tick->second, quote->second, source);
}

std::vector<std::optional<Money>> unrealized_each(const AccountState& state, PriceSource source) {
  std::vector<std::optional<Money>> out;
  out.reserve(state.positions.size());
  value_all(state, source, [&](std::optional<Money> value) { out.push_back(value); });
  return out;
}

UnrealizedTotal unrealized_total(const AccountState& state, PriceSource source) {
  UnrealizedTotal total;
  value_all(state, source, [&](std::optional<Money> value) {
    if (value)
      total.sum += *value;
    else
      ++total.unvalued;
  });
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
