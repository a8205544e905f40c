#include "rules/band_plan.hpp"

#include <algorithm>

namespace bulkhead::rules {
namespace {

using model::Money;
using model::Price;
using model::PriceSource;
__extension__ using Wide = __int128;

constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max();

/// No quote that jumps further is believed at once, so none may be kept back either.
model::PriceRange believed_from(Price price) { return {{price.nanos / 2 + 1}, {2 * price.nanos - 1}}; }

/// How far the price may move in the direction of `sign`, so that the open profit changes by no more than
/// `most`.
std::int64_t way(const model::TickSpec& tick, Price move, std::int32_t quantity, Money most, int sign) {
  if (most.micros == unbounded) return unbounded;
  const Wide wide =
      static_cast<Wide>(most.micros) * tick.size.nanos / tick.value.micros / std::max(1, std::abs(quantity));
  if (wide > unbounded / 4) return unbounded;
  auto found = static_cast<std::int64_t>(wide);
  const Money from = tick.pnl(move, quantity);
  // Both figures are rounded to a millionth of a dollar.
  const auto too_far = [&] { return (tick.pnl(move + Price{sign * found}, quantity) - from).abs() > most; };
  while (found > 0 && too_far()) --found;
  return found;
}

model::PriceRange around(Price price, std::int64_t down, std::int64_t up) {
  model::PriceRange range;
  if (down != unbounded) range.low = price - Price{down};
  if (up != unbounded) range.high = price + Price{up};
  return range;
}

} // namespace

void Calm::at_or_below(Money line) {
  if (value_ > line)
    fall_ = std::min(fall_, value_ - line - Money{1});
  else
    rise_ = std::min(rise_, line - value_);
}

void Calm::loss(Money limit, const std::vector<std::int64_t>& percents, const std::vector<Money>& room) {
  at_or_below(-limit);
  for (const auto percent : percents) {
    // At least so many hundredths of the limit: a part of a millionth counts as one.
    const Wide part = (static_cast<Wide>(limit.micros) * percent + 99) / 100;
    at_or_below(-Money{static_cast<std::int64_t>(part)});
  }
  for (const auto left : room) at_or_below(left - limit);
}

Calm Calm::share(Money value, std::size_t of) const {
  Calm part(value);
  const auto each = [&](Money whole) {
    return whole == any ? any : Money{whole.micros / static_cast<std::int64_t>(of)};
  };
  part.fall_ = each(fall_);
  part.rise_ = each(rise_);
  return part;
}

BandPlan::BandPlan(const model::AccountState& state, const std::vector<Money>& room)
    : state_(state), room_(room) {
  for (const auto& [contract, quote] : state.quotes) {
    if (quote.last && quote.bid && quote.ask)
      bands_[contract] = {believed_from(*quote.last), believed_from(*quote.bid), believed_from(*quote.ask)};
  }
}

void BandPlan::hold_price(const model::ContractId& contract, const model::PriceRange& last) {
  const auto band = bands_.find(contract);
  if (band != bands_.end()) band->second.last.narrow(last);
}

void BandPlan::hold(const model::Position& position, PriceSource source, const Calm& calm) {
  const auto band = bands_.find(position.contract);
  if (band == bands_.end()) return;
  const auto& quote = state_.quotes.at(position.contract);
  const auto tick = state_.ticks.find(position.contract);
  const bool is_long = position.quantity > 0;
  const auto mark = quote.mark(source, is_long);
  if (!mark || tick == state_.ticks.end()) return want_every(position.contract);
  const Price move = *mark - position.average_price;
  const auto down = way(tick->second, move, position.quantity, is_long ? calm.fall() : calm.rise(), -1);
  const auto up = way(tick->second, move, position.quantity, is_long ? calm.rise() : calm.fall(), 1);
  switch (source) {
  case PriceSource::last: return band->second.last.narrow(around(*quote.last, down, up));
  case PriceSource::exit_side:
    return is_long ? band->second.bid.narrow(around(*quote.bid, down, up))
                   : band->second.ask.narrow(around(*quote.ask, down, up));
  case PriceSource::mid: // moves no further than the one of both that moves further
    band->second.bid.narrow(around(*quote.bid, down, up));
    band->second.ask.narrow(around(*quote.ask, down, up));
  }
}

void BandPlan::hold_total(PriceSource source, const Calm& calm) {
  const auto part = calm.share(calm.value(), std::max<std::size_t>(1, state_.positions.size()));
  for (const auto& [contract, position] : state_.positions) hold(position, source, part);
}

} // namespace bulkhead::rules
