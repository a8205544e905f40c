#pragma once
// A gentle market: from each quote to the next by at most one tick, sparse as on the real wire. Pure and the
// same for the same seed on every platform. Owned by SimulatedGateway, io thread only.

#include "model/quote.hpp"

#include <random>

namespace bulkhead::simulator {

class RandomWalk {
public:
  explicit RandomWalk(std::uint64_t seed) : random_(seed) {}
  /// What changes next in a quote whose bid and ask lie one tick apart; only the changed fields are set.
  /// Bid and ask stay on the tick grid, one tick apart, and above 100 ticks.
  [[nodiscard]] model::QuoteUpdate next(const model::ContractId& contract, const model::Quote& quote,
                                        model::Price tick);

private:
  std::mt19937_64 random_;
};

} // namespace bulkhead::simulator
