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

std::string stop_tag(const model::Position& position) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string reversed;
  for (auto left = std::max<std::int64_t>(0, position.opened_at.time_since_epoch().count()); left > 0;
       left /= 36)
    reversed += digits[static_cast<std::size_t>(left % 36)];
  return "bh-" + std::string(reversed.rbegin(), reversed.rend()) + "-";
}

bool is_our_tag(const std::string& tag) { return tag.starts_with("bh-"); }

CurrentStop current_stop(const RuleContext& context, const StopFrame& frame) {
  CurrentStop found;
  const auto tag = stop_tag(frame.position);
  for (const auto& [id, live] : context.state.orders) {
    const auto& order = live.order;
    if (order.contract != frame.position.contract || !protects(order, frame.position.quantity)) continue;
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

const model::Quote* fresh_quote(const RuleContext& context, const model::ContractId& contract) {
  constexpr auto stays_fresh = std::chrono::seconds{10};
  const auto it = context.state.quotes.find(contract);
  if (it == context.state.quotes.end()) return nullptr;
  return context.event.at - it->second.received_at > stays_fresh ? nullptr : &it->second;
}

bool is_valid_stop(const model::Quote& quote, const StopFrame& frame, Price stop) {
  const auto market = quote.mark(model::PriceSource::exit_side, frame.is_long());
  if (!market) return false;
  return frame.is_long() ? stop < *market : stop > *market;
}

} // namespace bulkhead::rules
