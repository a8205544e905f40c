#pragma once
// The latest quote of each contract, kept once for all who watch it. Every part of it bears the number of the
// update it came with, so that whoever has seen everything up to a number is told what is newer, merged into
// one quote. Plain data; one entry per contract until it is forgotten.

#include "model/event.hpp"
#include "model/quote.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace bulkhead::model {

class LatestQuotes {
public:
  /// False: it does not fit what is known, and is told as it came until another one fits.
  bool put(const Event& event, const QuoteUpdate& update);
  /// What came after the update of that number, in its order.
  void news(const ContractId& contract, std::uint64_t seen, std::vector<Event>& out) const;
  [[nodiscard]] bool has_news(const ContractId& contract, std::uint64_t seen) const;
  /// The latest did not fit.
  [[nodiscard]] bool is_refused(const ContractId& contract) const;
  /// Null before the first.
  [[nodiscard]] const Quote* find(const ContractId& contract) const;
  /// Of the latest update of all.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  void forget(const ContractId& contract) { entries_.erase(contract); }

private:
  struct Entry {
    Quote quote;
    Event event; // the latest that fitted
    std::uint64_t number = 0, last = 0, bid = 0, ask = 0;
    Event refused;
    std::uint64_t refused_number = 0; // 0: none
  };
  std::map<ContractId, Entry> entries_;
  std::uint64_t number_ = 0;
};

} // namespace bulkhead::model
