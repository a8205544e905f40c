// RULE-019 MinHold: firms take trades of a few seconds for abuse when they are too many, or earn too much of
// the profit. Tells of it, and on request pauses trading after so many of them; never holds back a close.

#include "model/round_trips.hpp"
#include "rules/book_queries.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Measure;
using model::Money;
using Severity = model::Alert::Severity;
__extension__ using Wide = __int128;

struct Settings {
  std::chrono::seconds least{10};
  std::int64_t trades_percent = 50; // of the trades must be held long enough
  std::int64_t profit_percent = 50; // of the profit must come from them
  bool inclusive = false;           // just as much is enough
  std::int64_t max_violations = 0;  // 0: no pause
  model::Duration pause{};
};

Settings read(Params& params) {
  Settings s;
  s.least = std::chrono::seconds{params.required_integer("min_hold_seconds", 1, 3600)};
  s.trades_percent = params.integer("min_trades_percent", 50, 0, 100);
  s.profit_percent = params.integer("min_profit_percent", 50, 0, 100);
  s.inclusive = params.boolean("inclusive", false);
  s.max_violations = params.integer("max_violations", 0, 0, 1000);
  s.pause = params.duration("cooldown_seconds", std::chrono::seconds{900});
  return s;
}

struct Day {
  std::int64_t trips = 0;
  std::int64_t brief = 0;
  Money earned;       // of winning trips
  Money earned_brief; // of winning trips that were too short
  Instant last_brief;
};

Day day_of(const Settings& s, const model::AccountState& state) {
  Day day;
  for (const auto& trip : model::round_trips(state)) {
    const bool today = trip.closed_at >= state.ledger.start() && trip.closed_at < state.ledger.end();
    if (!trip.closed || !trip.held || !today) continue;
    const bool is_brief = *trip.held < s.least;
    ++day.trips;
    if (trip.net > Money{}) day.earned += trip.net;
    if (!is_brief) continue;
    ++day.brief;
    day.last_brief = trip.closed_at;
    if (trip.net > Money{}) day.earned_brief += trip.net;
  }
  return day;
}

/// The part that is long enough satisfies `percent`.
bool enough(const Settings& s, std::int64_t part, std::int64_t all, std::int64_t percent) {
  const Wide is = static_cast<Wide>(part) * 100;
  const Wide needed = static_cast<Wide>(all) * percent;
  return percent == 0 || (s.inclusive ? is >= needed : is > needed);
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const Day day = day_of(s, context.state);
  if (day.brief == 0) return verdict;
  const auto held = day.trips - day.brief;
  if (!enough(s, held, day.trips, s.trades_percent))
    verdict.notices.push_back(
        {"trades",
         {Severity::warning, "min-hold-trades",
          fmt::format("{} of {} trades were held for {} s", held, day.trips, s.least.count())}});
  const Money earned = day.earned - day.earned_brief;
  if (day.earned > Money{} && !enough(s, earned.micros, day.earned.micros, s.profit_percent))
    verdict.notices.push_back(
        {"profit",
         {Severity::warning, "min-hold-profit",
          fmt::format("{} of {} profit come from trades held for {} s", to_string(Measure::money(earned)),
                      to_string(Measure::money(day.earned)), s.least.count())}});
  const Instant until = day.last_brief + s.pause;
  if (s.max_violations == 0 || day.brief < s.max_violations || until <= context.event.at) return verdict;
  Finding finding;
  finding.occasion = day.last_brief;
  finding.actual = {Measure::Unit::count, day.brief};
  finding.limit = {Measure::Unit::count, s.max_violations};
  finding.reason = fmt::format("{} trades of less than {} s today", day.brief, s.least.count());
  finding.lockout = cooldown(context, finding.reason, until, model::LockoutMode::no_new_exposure);
  finding.cancel = exposure_orders(context);
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec min_hold_rule;
const RuleSpec min_hold_rule{
    .number = 19,
    .key = "min_hold",
    .name = "MinHold",
    .summary = "tells when too many trades, or too much profit, come from positions held for seconds",
    .events = model::events<model::Fill>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
