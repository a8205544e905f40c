// RULE-004 DailyUnrealizedLoss: acts on an open loss before it is realized, of one position or of all
// together. Reaching the limit is a breach.

#include "model/valuation.hpp"
#include "rules/open_profit.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;

struct Settings {
  Money limit; // magnitude
  ProfitSettings profit;
  std::vector<std::int64_t> warn_at; // percent of the limit
};

Settings read(Params& params) {
  Settings s;
  s.limit = params.required_magnitude({"loss_limit", "limit"});
  s.profit = read_profit_settings(params);
  s.warn_at = params.integers("warn_at", {}, 1, 99);
  return s;
}

/// Judges one figure: that of `position`, or the total when it is null.
void judge(const Settings& s, const RuleContext& context, const model::Position* position, Money value,
           Verdict& verdict) {
  const auto what = position == nullptr ? std::string("all positions") : position->contract.value;
  if (value <= -s.limit) {
    Finding finding;
    if (position != nullptr) finding.contract = position->contract;
    finding.actual = Measure::money(value);
    finding.limit = Measure::money(-s.limit);
    finding.reason = fmt::format("open loss of {} is {}, limit {}", what, to_string(finding.actual),
                                 to_string(finding.limit));
    act_on_profit(s.profit, context, position, finding);
    verdict.findings.push_back(std::move(finding));
    return;
  }
  for (const auto level : s.warn_at) {
    if (value.micros >= 0 || -value.micros * 100 < s.limit.micros * level) continue;
    verdict.notices.push_back(
        {fmt::format("open-loss|{}|{}|{}", what, position == nullptr ? 0 : position->epoch, level),
         {model::Alert::Severity::warning, "loss-warning",
          fmt::format("open loss of {} stands at {}, {}% of the limit of {}", what,
                      to_string(Measure::money(value)), level, to_string(Measure::money(-s.limit)))}});
  }
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto values = unrealized_each(context.state, s.profit.price.source);
  watch_quotes(s.profit.price, context, values, verdict);
  if (s.profit.scope == ProfitScope::total) {
    if (context.state.positions.empty()) return verdict;
    if (const auto total = total_profit(s.profit.price, context, values, verdict))
      judge(s, context, nullptr, *total, verdict);
    return verdict;
  }
  auto next = values.begin();
  for (const auto& [contract, position] : context.state.positions) {
    if (const auto value = *next++)
      judge(s, context, &position, *value, verdict);
    else
      verdict.undecided.insert(contract.value);
  }
  return verdict;
}

/// The total, or the worst position.
std::optional<Gauge> gauge(const Settings& s, const RuleContext& context) {
  Money value;
  if (s.profit.scope == ProfitScope::total)
    value = unrealized_total(context.state, s.profit.price.source).sum;
  for (const auto& [contract, position] : context.state.positions) {
    if (s.profit.scope == ProfitScope::total) break;
    value = std::min(value, unrealized(context.state, position, s.profit.price.source).value_or(Money{}));
  }
  return Gauge{Measure::money(value), Measure::money(-s.limit)};
}

void state_bands(const Settings& s, const RuleContext& context, BandPlan& plan) {
  if (!all_fresh(s.profit.price, context)) return plan.want_every();
  const auto source = s.profit.price.source;
  const auto calm = [&](std::optional<Money> value) {
    Calm calm(value.value_or(Money{}));
    calm.loss(s.limit, s.warn_at, plan.room());
    return calm;
  };
  if (s.profit.scope == ProfitScope::total)
    return plan.hold_total(source, calm(unrealized_total(context.state, source).sum));
  for (const auto& [contract, position] : context.state.positions)
    plan.hold(position, source, calm(unrealized(context.state, position, source)));
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) { return gauge(settings, context); };
  binding.bands = stating(settings, state_bands);
  return binding;
}

} // namespace

extern const RuleSpec daily_unrealized_loss_rule;
const RuleSpec daily_unrealized_loss_rule{
    .number = 4,
    .key = "daily_unrealized_loss",
    .name = "DailyUnrealizedLoss",
    .summary = "closes a position, or all, when the open loss reaches the limit",
    .events = profit_events,
    .bind = bind,
};

} // namespace bulkhead::rules
