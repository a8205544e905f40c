#include "model/latest_quotes.hpp"

namespace bulkhead::model {

bool LatestQuotes::put(const Event& event, const QuoteUpdate& update) {
  Entry& entry = entries_[update.contract];
  ++number_;
  if (!entry.quote.merge(update, event.at)) {
    entry.refused = event;
    entry.refused_number = number_;
    return false;
  }
  entry.event.at = event.at;
  entry.event.received = event.received;
  entry.number = number_;
  entry.refused_number = 0;
  if (update.last) entry.last = number_;
  if (update.bid) entry.bid = number_;
  if (update.ask) entry.ask = number_;
  return true;
}

void LatestQuotes::news(const ContractId& contract, std::uint64_t seen, std::vector<Event>& out) const {
  const auto found = entries_.find(contract);
  if (found == entries_.end()) return;
  const Entry& entry = found->second;
  if (entry.number > seen) {
    QuoteUpdate merged;
    merged.contract = contract;
    if (entry.last > seen) merged.last = entry.quote.last;
    if (entry.bid > seen) merged.bid = entry.quote.bid;
    if (entry.ask > seen) merged.ask = entry.quote.ask;
    out.push_back({entry.event.at, entry.event.received, merged});
  }
  if (entry.refused_number > seen) out.push_back(entry.refused);
}

bool LatestQuotes::has_news(const ContractId& contract, std::uint64_t seen) const {
  const auto found = entries_.find(contract);
  return found != entries_.end() && (found->second.number > seen || found->second.refused_number > seen);
}

bool LatestQuotes::is_refused(const ContractId& contract) const {
  const auto found = entries_.find(contract);
  return found != entries_.end() && found->second.refused_number > 0;
}

const Quote* LatestQuotes::find(const ContractId& contract) const {
  const auto found = entries_.find(contract);
  return found == entries_.end() ? nullptr : &found->second.quote;
}

} // namespace bulkhead::model
