#include "actors/quote_board.hpp"

#include <algorithm>

namespace bulkhead::actors {

using model::ContractId;
using model::Event;

std::optional<model::Quote> QuoteBoard::put(const Event& event, const model::QuoteUpdate& update) {
  const std::lock_guard lock(mutex_);
  const bool fits = quotes_.put(event, update);
  number_.store(quotes_.number(), std::memory_order_release);
  if (!fits) return std::nullopt;
  return *quotes_.find(update.contract);
}

std::vector<Event> QuoteBoard::news(const std::set<ContractId>& contracts, std::uint64_t& seen) const {
  std::vector<Event> out;
  if (number() == seen) return out;
  const std::lock_guard lock(mutex_);
  for (const auto& contract : contracts) quotes_.news(contract, seen, out);
  seen = quotes_.number();
  std::stable_sort(out.begin(), out.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  return out;
}

void QuoteBoard::news(const ContractId& contract, std::uint64_t seen, std::vector<Event>& out) const {
  const std::lock_guard lock(mutex_);
  quotes_.news(contract, seen, out);
}

bool QuoteBoard::has_left(const ContractId& contract, std::uint64_t seen,
                          const std::optional<model::Band>& band) const {
  const std::lock_guard lock(mutex_);
  if (!quotes_.has_news(contract, seen)) return false;
  const auto* quote = quotes_.find(contract);
  return !band || !band->contains(*quote) || quotes_.is_refused(contract);
}

bool QuoteBoard::has_news(const ContractId& contract, std::uint64_t seen) const {
  const std::lock_guard lock(mutex_);
  return quotes_.has_news(contract, seen);
}

void QuoteBoard::forget(const ContractId& contract) {
  const std::lock_guard lock(mutex_);
  quotes_.forget(contract);
}

} // namespace bulkhead::actors
