// RULE-022 MaxDailyTrades: so many round trips, or orders, on one trading day and no more. The last permitted
// trade may be managed; once it is closed, nothing new may be opened until the reset, and what exceeds the
// count is closed at once.

#include "model/round_trips.hpp"
#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace bulkhead::rules {
namespace {

using model::Measure;

struct Settings {
  std::optional<std::int64_t> max_round_trips;
  std::optional<std::int64_t> max_orders;
};

Settings read(Params& params) {
  Settings s;
  s.max_round_trips = params.optional_integer("max_round_trips", 1, 1000);
  s.max_orders = params.optional_integer("max_orders", 1, 10'000);
  if (!s.max_round_trips && !s.max_orders)
    params.complain("max_round_trips", "is missing: state it, or max_orders");
  return s;
}

/// Round trips that ended today or were begun today and are still open.
std::int64_t round_trips_of_day(const model::AccountState& state) {
  const auto trips = model::round_trips(state);
  return std::count_if(trips.begin(), trips.end(), [&](const model::RoundTrip& trip) {
    const auto at = trip.closed ? trip.closed_at : trip.opened_at;
    return at >= state.ledger.start() && at < state.ledger.end();
  });
}

/// Orders with a fill today that increased a position, our own closes left out by that.
std::int64_t orders_of_day(const model::AccountState& state) {
  std::set<std::int64_t> orders;
  for (const auto& [id, fill] : state.ledger.fills()) {
    const bool today = fill.executed_at >= state.ledger.start() && fill.executed_at < state.ledger.end();
    if (today && !fill.voided && !fill.pnl)
      orders.insert(fill.order.value != 0 ? fill.order.value : -id.value);
  }
  return static_cast<std::int64_t>(orders.size());
}

/// Nothing is held, nor was anything just opened whose position has not been told of yet.
bool is_flat(const RuleContext& context) {
  const auto trips = model::round_trips(context.state);
  const auto just_now = context.event.at - std::chrono::seconds{2};
  return context.state.positions.empty() && std::none_of(trips.begin(), trips.end(), [&](const auto& trip) {
           return !trip.closed && trip.closed_at >= just_now;
         });
}

void judge(const RuleContext& context, const char* what, std::int64_t count, std::int64_t most,
           Verdict& verdict) {
  const bool flat = is_flat(context);
  if (count < most) return;
  // At the count itself the position of the last trade may stay; what was locked once stays a finding.
  if (count == most && !flat && !context.state.lockouts.has_row_of(context.self)) return;
  Finding finding;
  finding.subject = what;
  finding.actual = {Measure::Unit::count, count};
  finding.limit = {Measure::Unit::count, most};
  finding.reason = fmt::format("{} {} of {} today", count, what, most);
  finding.lockout = hard_lockout(context, finding.reason);
  if (count > most) {
    finding.at_most = flatten(context.state);
    finding.cancel = all_orders(context.state);
    finding.occasion = context.state.ledger.start() + model::Duration{count};
  } else {
    finding.lockout->mode = model::LockoutMode::no_new_exposure;
    finding.cancel = exposure_orders(context);
  }
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  if (context.event.at >= context.state.ledger.end()) return verdict;
  if (s.max_round_trips)
    judge(context, "round trips", round_trips_of_day(context.state), *s.max_round_trips, verdict);
  if (s.max_orders) judge(context, "orders", orders_of_day(context.state), *s.max_orders, verdict);
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const bool trips = settings.max_round_trips.has_value();
    const auto count = trips ? round_trips_of_day(context.state) : orders_of_day(context.state);
    return Gauge{{Measure::Unit::count, count},
                 {Measure::Unit::count, trips ? *settings.max_round_trips : *settings.max_orders}};
  };
  return binding;
}

} // namespace

extern const RuleSpec max_daily_trades_rule;
const RuleSpec max_daily_trades_rule{
    .number = 22,
    .key = "max_daily_trades",
    .name = "MaxDailyTrades",
    .summary = "lets no more round trips or entry orders happen on a day than permitted",
    .events = model::events<model::Fill, model::PositionUpdate>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
