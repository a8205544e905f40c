#include "model/quote.hpp"

namespace bulkhead::model {
namespace {

constexpr auto outage = std::chrono::seconds{60};
constexpr Price highest_believed{10'000'000 * Price::per_unit};

std::optional<Price> middle(const std::optional<Price>& bid, const std::optional<Price>& ask) {
  if (!bid || !ask) return std::nullopt;
  return Price{bid->nanos + (ask->nanos - bid->nanos) / 2};
}

bool believable(const std::optional<Price>& now, const std::optional<Price>& before, bool fresh) {
  if (!now) return true;
  if (now->nanos <= 0 || *now > highest_believed) return false;
  if (!before || !fresh) return true;
  return now->nanos < 2 * before->nanos && 2 * now->nanos > before->nanos;
}

} // namespace

bool Quote::merge(const QuoteUpdate& update, Instant received) {
  const bool fresh = received - received_at <= outage;
  if (!believable(update.last, last, fresh) || !believable(update.bid, bid, fresh) ||
      !believable(update.ask, ask, fresh))
    return false;
  const auto new_bid = update.bid ? update.bid : bid;
  const auto new_ask = update.ask ? update.ask : ask;
  if (new_bid && new_ask && *new_bid > *new_ask) return false;
  if (const auto known = mark(); known && !fresh) {
    before_gap = known;
    after_gap.reset();
    gap_at = received_at;
  }
  const auto found = update.last ? update.last : middle(update.bid, update.ask);
  if (before_gap && !after_gap && found) {
    if (received - gap_at > outage)
      after_gap = found;
    else
      before_gap.reset();
    gap_at = received;
  }
  bid = new_bid;
  ask = new_ask;
  if (update.last) last = update.last;
  received_at = received;
  return true;
}

void Quote::suspend() {
  if (const auto known = mark()) {
    before_gap = known;
    after_gap.reset();
    gap_at = received_at;
  }
  last.reset();
  bid.reset();
  ask.reset();
}

std::optional<Price> Quote::mark(PriceSource source, bool is_long) const {
  const auto between = middle(bid, ask);
  switch (source) {
  case PriceSource::last: return last ? last : between;
  case PriceSource::exit_side: {
    const auto& side = is_long ? bid : ask;
    return side ? side : last;
  }
  case PriceSource::mid: return between ? between : last;
  }
  return std::nullopt;
}

} // namespace bulkhead::model
