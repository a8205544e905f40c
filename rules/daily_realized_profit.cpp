// RULE-013 DailyRealizedProfit: enough for today. Ends the trading day when its realized profit reaches the
// target (inclusive).

#include "rules/book_queries.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;

struct Settings {
  Money target;
  bool include_unrealized = false;
};

Settings read(Params& params) {
  Settings s;
  s.target = params.required_magnitude({"target", "profit_target"});
  s.include_unrealized = params.boolean("include_unrealized", false);
  (void)params.one_of<bool>("action", {{"CLOSE_ALL_AND_LOCKOUT", true}}, true);
  return s;
}

std::optional<Money> result_of(const Settings& s, const RuleContext& context) {
  if (s.include_unrealized) return sure_day_result(context.state, context.event.at);
  return context.state.ledger.net();
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  // The day is over, only its reset has not come yet: it judges nothing any more.
  if (context.event.at >= context.state.ledger.end()) return verdict;
  const auto result = result_of(s, context);
  if (!result) verdict.undecided.insert("");
  if (!result || *result < s.target) return verdict;
  Finding finding;
  finding.actual = Measure::money(*result);
  finding.limit = Measure::money(s.target);
  finding.reason = fmt::format("the day's profit of {} reached the target of {}: done for today",
                               to_string(finding.actual), to_string(finding.limit));
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  finding.lockout = hard_lockout(context, finding.reason);
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.bands = [settings](const RuleContext& context, BandPlan& plan) {
    const auto result = result_of(settings, context);
    if (!result) return plan.want_every();
    Calm calm(*result);
    calm.at_or_above(settings.target);
    plan.hold_total(model::PriceSource::last, calm);
  };
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const auto result = result_of(settings, context);
    if (!result) return std::nullopt;
    return Gauge{Measure::money(*result), Measure::money(settings.target)};
  };
  if (settings.include_unrealized)
    binding.extra_events = model::events<model::QuoteUpdate, model::PositionUpdate, model::ContractLearned>();
  return binding;
}

} // namespace

extern const RuleSpec daily_realized_profit_rule;
const RuleSpec daily_realized_profit_rule{
    .number = 13,
    .key = "daily_realized_profit",
    .name = "DailyRealizedProfit",
    .summary = "flattens and locks the account until the reset when the day's profit reaches the target",
    .events = model::events<model::Fill>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
