// Quotes and peaks: what moves without the account doing anything.

#include "model/account_fold.hpp"

#include <algorithm>

namespace bulkhead::model {
namespace {

bool is_ordered(const AccountState& state, const ContractId& contract) {
  return std::any_of(state.orders.begin(), state.orders.end(),
                     [&](const auto& entry) { return entry.second.order.contract == contract; });
}

/// Off the grid by more than a millionth of a tick.
bool off_grid(Price price, const TickSpec& tick) {
  const std::int64_t over = price.nanos % tick.size.nanos;
  const std::int64_t away = std::min(over, tick.size.nanos - over);
  return away > tick.size.nanos / 1'000'000;
}

template <class T>
void raise(std::optional<T>& best, const std::optional<T>& value) {
  if (value && (!best || *value > *best)) best = value;
}

void note_peaks(AccountState& state, const Position& position) {
  PositionPeaks& peaks = state.peaks[position.contract];
  if (peaks.epoch != position.epoch) peaks = {position.epoch};
  const auto quote = state.quotes.find(position.contract);
  if (quote == state.quotes.end()) return;
  if (const auto mark = quote->second.mark()) {
    const bool better =
        !peaks.best_mark || (position.quantity > 0 ? *mark > *peaks.best_mark : *mark < *peaks.best_mark);
    if (better) peaks.best_mark = mark;
  }
  raise(peaks.last, unrealized(state, position, PriceSource::last));
  raise(peaks.exit_side, unrealized(state, position, PriceSource::exit_side));
  raise(peaks.mid, unrealized(state, position, PriceSource::mid));
}

} // namespace

namespace fold {

Applied quote(AccountState& state, const QuoteUpdate& update, Instant at) {
  const bool held = state.positions.contains(update.contract);
  if (!held && !is_ordered(state, update.contract)) return Applied::unchanged;
  const auto [quote, first] = state.quotes.try_emplace(update.contract);
  if (!quote->second.merge(update, at)) {
    if (first) state.quotes.erase(quote);
    ++state.irregular.refused_quotes;
    return Applied::refused;
  }
  const auto tick = state.ticks.find(update.contract);
  if (update.last && tick != state.ticks.end() && off_grid(*update.last, tick->second))
    ++state.irregular.off_grid_quotes;
  if (const auto mark = quote->second.mark()) state.moves[update.contract].add(*mark, at);
  if (held) note_peaks(state, state.positions.at(update.contract));
  return Applied::changed;
}

void follow(AccountState& state, const ContractId& contract) {
  const auto held = state.positions.find(contract);
  if (held != state.positions.end()) return note_peaks(state, held->second);
  state.peaks.erase(contract);
  if (!is_ordered(state, contract)) state.quotes.erase(contract), state.moves.erase(contract);
}

void follow_all(AccountState& state) {
  for (const auto& [contract, position] : state.positions) note_peaks(state, position);
  std::erase_if(state.peaks, [&](const auto& e) { return !state.positions.contains(e.first); });
  std::erase_if(state.quotes, [&](const auto& e) {
    return !state.positions.contains(e.first) && !is_ordered(state, e.first);
  });
  std::erase_if(state.moves, [&](const auto& e) { return !state.quotes.contains(e.first); });
}

} // namespace fold
} // namespace bulkhead::model
