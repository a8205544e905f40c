#include "rules/stop_plan.hpp"

#include <algorithm>

namespace bulkhead::rules {

using model::Price;

namespace {
constexpr std::int64_t most_ticks = 10'000;
}

StopSettings read_stop_settings(Params& params) {
  StopSettings s;
  s.auto_stop = params.boolean("auto_stop_loss", false);
  s.stop_ticks = params.integer("stop_loss_ticks", 10, 1, most_ticks);
  s.auto_stop_delay = std::chrono::milliseconds{params.integer("auto_stop_delay_ms", 1500, 0, 60'000)};
  params.section("auto_breakeven", [&](Params& section) {
    s.breakeven = section.boolean("enabled", true);
    const auto older = section.integer("profit_threshold_ticks", 10, 1, most_ticks);
    s.breakeven_trigger = section.integer("profit_trigger_ticks", older, 1, most_ticks);
    s.breakeven_offset = section.integer("offset_ticks", 0, 0, s.breakeven_trigger - 1);
  });
  params.section("trailing_stop", [&](Params& section) {
    s.trailing = section.boolean("enabled", true);
    s.activation = section.integer("activation_ticks", 20, 1, most_ticks);
    s.distance = section.integer("trail_distance_ticks", 10, 1, most_ticks);
    s.least_step = section.integer("update_frequency", 1, 1, most_ticks);
  });
  s.interval = std::chrono::milliseconds{params.integer("min_modify_interval_ms", 1000, 250, 60'000)};
  return s;
}

Price StopFrame::toward_profit(Price from, std::int64_t ticks) const {
  const std::int64_t step = tick.size.nanos;
  const std::int64_t level = from.nanos + (is_long() ? ticks : -ticks) * step;
  const std::int64_t down = level / step * step; // prices are positive
  return {level == down || !is_long() ? down : down + step};
}

bool StopFrame::gained(Price mark, std::int64_t ticks) const {
  const Price move = is_long() ? mark - position.average_price : position.average_price - mark;
  return move.nanos >= ticks * tick.size.nanos;
}

namespace {
std::string tag_of(model::Source self) {
  return self.instance < 2 ? "bh-" : "bh-" + std::to_string(self.instance) + ".";
}

/// The tag of a stop that this block has placed, for whatever position.
bool is_our_tag(model::Source self, const std::string& tag) {
  const auto dot = tag.find('.');
  if (self.instance < 2) return tag.starts_with("bh-") && dot == std::string::npos;
  return tag.starts_with(tag_of(self));
}
} // namespace

std::string stop_tag(model::Source self, const model::Position& position) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string reversed;
  for (auto left = std::max<std::int64_t>(0, position.opened_at.time_since_epoch().count()); left > 0;
       left /= 36)
    reversed += digits[static_cast<std::size_t>(left % 36)];
  return tag_of(self) + std::string(reversed.rbegin(), reversed.rend()) + "-";
}

CurrentStop current_stop(const RuleContext& context, const OrdersByContract& orders, const StopFrame& frame) {
  CurrentStop found;
  const auto tag = stop_tag(context.self, frame.position);
  for (const auto* candidate : orders.of(frame.position.contract)) {
    const auto& order = *candidate;
    if (!protects(order, frame.position.quantity)) continue;
    const bool ours = order.custom_tag.starts_with(tag);
    if (!order.stop_price || order.type == model::OrderType::trailing_stop) {
      found.protected_otherwise = true;
      continue;
    }
    const bool tighter = found.order == nullptr || frame.better(*order.stop_price, *found.order->stop_price);
    if ((ours && !found.ours) || (ours == found.ours && tighter)) {
      found.order = &order;
      found.ours = ours;
    }
  }
  return found;
}

std::vector<Gone> orphaned_stops(const RuleContext& context) {
  std::vector<Gone> gone;
  for (const auto& [id, live] : context.state.orders) {
    if (!is_our_tag(context.self, live.order.custom_tag) || !context.state.complete()) continue;
    const auto held = context.state.positions.find(live.order.contract);
    const bool orphaned = held == context.state.positions.end() ||
                          !live.order.custom_tag.starts_with(stop_tag(context.self, held->second));
    if (orphaned) gone.push_back({id, "the position of this stop is gone"});
  }
  return gone;
}

void state_bands(const StopSettings& settings, const RuleContext& context, BandPlan& plan) {
  const OrdersByContract orders(context.state);
  for (const auto& [contract, position] : context.state.positions) {
    const StopFrame frame{position, context.state.ticks.at(contract)};
    const auto* known = context.memory(contract.value);
    const auto reached = known != nullptr && known->epoch == position.epoch ? known->number : 0;
    const auto stop = current_stop(context, orders, frame);
    const bool in_place = stop.order != nullptr && stop.order->remaining() == position.size();
    // Where the stop should be and is, or is nobody's wish, no price changes anything before a line.
    const Price level = frame.toward_profit(position.average_price, settings.breakeven_offset);
    const bool earned = (reached & breakeven_reached) != 0;
    const bool due = earned                  ? !in_place || frame.better(level, *stop.order->stop_price)
                     : stop.order == nullptr ? settings.auto_stop
                                             : !in_place;
    if (due || (reached & trailing_reached) != 0) {
      plan.want_every(contract);
      continue;
    }
    const auto line = [&, &entry = position.average_price, &id = contract](std::int64_t ticks) {
      const Price way{ticks * frame.tick.size.nanos};
      model::PriceRange range;
      if (frame.is_long())
        range.high = entry + way - Price{1};
      else
        range.low = entry - way + Price{1};
      plan.hold_price(id, range);
    };
    if (settings.breakeven && !earned) line(settings.breakeven_trigger);
    if (settings.trailing) line(settings.activation);
  }
}

const model::Quote* fresh_quote(const RuleContext& context, const model::ContractId& contract) {
  constexpr auto stays_fresh = std::chrono::seconds{10};
  const auto it = context.state.quotes.find(contract);
  if (it == context.state.quotes.end()) return nullptr;
  const auto& quote = it->second;
  if (!quote.last && !quote.bid && !quote.ask) return nullptr; // not heard of since a restart
  return context.event.at - quote.received_at > stays_fresh ? nullptr : &quote;
}

bool is_valid_stop(const model::Quote& quote, const StopFrame& frame, Price stop) {
  const auto market = quote.mark(model::PriceSource::exit_side, frame.is_long());
  if (!market) return false;
  return frame.is_long() ? stop < *market : stop > *market;
}

} // namespace bulkhead::rules
