// RULE-021 ConsecutiveLosses: a pause, or the end of the day, after so many losing round trips in a row. One
// that ends within the tolerance of zero counts as neither.

#include "model/round_trips.hpp"
#include "rules/book_queries.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Measure;
using model::Money;

struct Settings {
  std::int64_t losses = 3;
  std::optional<model::Duration> pause; // none: until the reset
  bool close_positions = true;
  bool carry_over = false; // only a win ends the row, not the day
  Money tolerance;
};

Settings read(Params& params) {
  Settings s;
  s.losses = params.required_integer("losses", 1, 100);
  const bool pauses =
      params.one_of<bool>("action", {{"lockout", false}, {"cooldown", true}}, params.has("cooldown_seconds"));
  if (pauses) s.pause = params.duration("cooldown_seconds", std::chrono::seconds{900});
  s.close_positions = params.boolean("close_positions", true);
  s.carry_over = params.one_of<bool>("reset_on", {{"day", false}, {"win", true}}, false);
  s.tolerance = params.magnitude("scratch_tolerance", Money{}, Money{});
  return s;
}

struct Streak {
  std::int64_t losses = 0;
  Instant last; // when the latest of them was closed
};

void take(const Settings& s, const model::RoundTrip& trip, Streak& streak) {
  if (trip.net < -s.tolerance) {
    ++streak.losses;
    streak.last = trip.closed_at;
  } else if (trip.net > s.tolerance) {
    streak.losses = 0;
  }
}

/// `carried` begins with what was in a row before the day and is brought up to its start: older fills are
/// forgotten.
Streak streak_of(const Settings& s, const RuleContext& context, model::RuleMemory& carried) {
  const auto& ledger = context.state.ledger;
  Streak before{carried.number, {}};
  Streak now;
  const Instant counted_to = carried.since.value_or(Instant::min());
  const auto trips = model::round_trips(context.state);
  for (const auto& trip : trips) {
    if (trip.closed && trip.closed_at >= counted_to && trip.closed_at < ledger.start()) take(s, trip, before);
  }
  carried.number = s.carry_over ? before.losses : 0;
  carried.since = ledger.start();
  now.losses = carried.number;
  for (const auto& trip : trips) {
    if (trip.closed && trip.closed_at >= ledger.start() && trip.closed_at < ledger.end()) take(s, trip, now);
  }
  return now;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  auto& carried = verdict.memory[""];
  if (const auto* known = context.memory("")) carried = *known;
  const Streak streak = streak_of(s, context, carried);
  // A row that only reaches into today has had its pause.
  if (streak.losses < s.losses || streak.last == Instant{}) return verdict;
  if (s.pause && streak.last + *s.pause <= context.event.at) return verdict;
  if (!s.pause && context.event.at >= context.state.ledger.end()) return verdict;
  Finding finding;
  finding.occasion = streak.last;
  finding.actual = {Measure::Unit::count, streak.losses};
  finding.limit = {Measure::Unit::count, s.losses};
  finding.reason = fmt::format("{} losing trades in a row", streak.losses);
  const auto mode = s.close_positions ? model::LockoutMode::flatten : model::LockoutMode::no_new_exposure;
  if (s.pause) {
    finding.lockout = cooldown(context, finding.reason, streak.last + *s.pause, mode);
  } else {
    finding.lockout = hard_lockout(context, finding.reason);
    finding.lockout->mode = mode;
    if (!s.close_positions) finding.lockout->baseline = held_now(context);
  }
  finding.cancel = s.close_positions ? all_orders(context.state) : exposure_orders(context);
  if (s.close_positions) finding.at_most = flatten(context.state);
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    model::RuleMemory carried;
    if (const auto* known = context.memory("")) carried = *known;
    return Gauge{{Measure::Unit::count, streak_of(settings, context, carried).losses},
                 {Measure::Unit::count, settings.losses}};
  };
  return binding;
}

} // namespace

extern const RuleSpec consecutive_losses_rule;
const RuleSpec consecutive_losses_rule{
    .number = 21,
    .key = "consecutive_losses",
    .name = "ConsecutiveLosses",
    .summary = "pauses trading, or ends the day, after so many losing trades in a row",
    .events = model::events<model::Fill>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
