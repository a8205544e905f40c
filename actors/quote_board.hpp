#pragma once
// The latest quote of each contract, where the router puts it and every account finds it: what was kept back
// from an account it takes from here before it judges anything else, so that no fill, read or order of an
// admin meets an old price. Any thread; the lock is held for the copying of a few prices. Shared by the
// router and the accounts of one generation; entries leave with their last watcher.

#include "model/band.hpp"
#include "model/latest_quotes.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <vector>

namespace bulkhead::actors {

class QuoteBoard {
public:
  /// The picture after the update; none when it does not fit.
  std::optional<model::Quote> put(const model::Event& event, const model::QuoteUpdate& update);
  /// What came after the update `seen`, the oldest first; `seen` becomes the latest of all.
  [[nodiscard]] std::vector<model::Event> news(const std::set<model::ContractId>& contracts,
                                               std::uint64_t& seen) const;
  /// The same of one contract, at the end of `out`.
  void news(const model::ContractId& contract, std::uint64_t seen, std::vector<model::Event>& out) const;
  /// There is news of the contract, and `band` does not hold it.
  [[nodiscard]] bool has_left(const model::ContractId& contract, std::uint64_t seen,
                              const std::optional<model::Band>& band) const;
  [[nodiscard]] bool has_news(const model::ContractId& contract, std::uint64_t seen) const;
  [[nodiscard]] std::uint64_t number() const noexcept { return number_.load(std::memory_order_acquire); }
  void forget(const model::ContractId& contract);

private:
  mutable std::mutex mutex_;
  model::LatestQuotes quotes_;
  std::atomic<std::uint64_t> number_{0};
};

} // namespace bulkhead::actors
