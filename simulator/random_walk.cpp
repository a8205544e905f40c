#include "simulator/random_walk.hpp"

namespace bulkhead::simulator {

using model::Price;

model::QuoteUpdate RandomWalk::next(const model::ContractId& contract, const model::Quote& quote,
                                    Price tick) {
  constexpr std::int64_t lowest_ticks = 100;
  const Price bid = quote.bid.value_or(quote.last.value_or(Price{tick.nanos * lowest_ticks}));
  model::QuoteUpdate out;
  out.contract = contract;
  const auto dice = random_() % 8;
  if (dice < 4) { // a print at the bid or the ask, the book stands
    out.last = dice % 2 == 0 ? bid : bid + tick;
    return out;
  }
  const bool up = dice % 2 == 0 || bid.nanos <= tick.nanos * lowest_ticks;
  const Price moved = up ? bid + tick : bid - tick;
  out.bid = moved;
  out.ask = moved + tick;
  if (dice < 6) out.last = up ? moved + tick : moved;
  return out;
}

} // namespace bulkhead::simulator
