// RULE-005 MaxUnrealizedProfit: takes an open profit at a target, or keeps a winner from turning into a
// loser: once a position has shown the arming profit, it is closed when it comes back to the offset.

#include "model/valuation.hpp"
#include "rules/open_profit.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;
using model::Position;
using model::PriceSource;

enum class Mode { profit_target, breakeven };

struct Settings {
  Mode mode = Mode::profit_target;
  Money target;
  Money arm;
  Money offset;
  ProfitSettings profit;
};

Settings read(Params& params) {
  Settings s;
  s.mode = params.one_of<Mode>(
      "mode", {{"profit_target", Mode::profit_target}, {"breakeven", Mode::breakeven}}, Mode::profit_target);
  const bool written = params.has("profit_target") || params.has("limit") || params.has("target");
  if (s.mode == Mode::profit_target || written)
    s.target = params.required_magnitude({"profit_target", "limit", "target"});
  s.arm = params.magnitude("breakeven_arm_profit", Money::dollars(100), Money{1});
  s.offset = params.magnitude("breakeven_offset", Money{}, Money{});
  s.profit = read_profit_settings(params);
  if (s.mode == Mode::breakeven && s.profit.scope == ProfitScope::total)
    params.complain("scope", "breakeven looks at each position by itself");
  if (s.mode == Mode::breakeven && s.offset >= s.arm)
    params.complain("breakeven_offset", "must be below breakeven_arm_profit");
  return s;
}

/// The best open profit the position has shown in its life, scaled in and out or not.
Money best(const RuleContext& context, const Position& position, PriceSource source) {
  const auto it = context.state.peaks.find(position.contract);
  if (it == context.state.peaks.end() || it->second.epoch != position.epoch) return Money{};
  switch (source) {
  case PriceSource::last: return it->second.last.value_or(Money{});
  case PriceSource::exit_side: return it->second.exit_side.value_or(Money{});
  case PriceSource::mid: return it->second.mid.value_or(Money{});
  }
  return Money{};
}

void find(const Settings& s, const RuleContext& context, const Position* position, Money value, Money limit,
          const char* why, Verdict& verdict) {
  Finding finding;
  if (position != nullptr) finding.contract = position->contract;
  finding.actual = Measure::money(value);
  finding.limit = Measure::money(limit);
  finding.reason = fmt::format("open profit of {} is {}, {} {}",
                               position == nullptr ? "all positions" : position->contract.value,
                               to_string(finding.actual), why, to_string(finding.limit));
  act_on_profit(s.profit, context, position, finding);
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto values = unrealized_each(context.state, s.profit.price.source);
  watch_quotes(s.profit.price, context, values, verdict);
  if (s.profit.scope == ProfitScope::total) {
    const auto total = total_profit(s.profit.price, context, values, verdict);
    if (total && !context.state.positions.empty() && *total >= s.target)
      find(s, context, nullptr, *total, s.target, "target", verdict);
    return verdict;
  }
  auto next = values.begin();
  for (const auto& [contract, position] : context.state.positions) {
    const auto value = *next++;
    if (!value) {
      verdict.undecided.insert(contract.value);
    } else if (s.mode == Mode::profit_target) {
      if (*value >= s.target) find(s, context, &position, *value, s.target, "target", verdict);
    } else if (best(context, position, s.profit.price.source) >= s.arm && *value <= s.offset) {
      find(s, context, &position, *value, s.offset, "it had been above and came back to", verdict);
    }
  }
  return verdict;
}

void state_bands(const Settings& s, const RuleContext& context, BandPlan& plan) {
  if (!all_fresh(s.profit.price, context)) return plan.want_every();
  const auto source = s.profit.price.source;
  if (s.profit.scope == ProfitScope::total) {
    Calm calm(unrealized_total(context.state, source).sum);
    calm.at_or_above(s.target);
    return plan.hold_total(source, calm);
  }
  for (const auto& [contract, position] : context.state.positions) {
    Calm calm(unrealized(context.state, position, source).value_or(Money{}));
    if (s.mode == Mode::profit_target)
      calm.at_or_above(s.target);
    else if (best(context, position, source) < s.arm)
      calm.at_or_above(s.arm);
    else
      calm.at_or_below(s.offset);
    plan.hold(position, source, calm);
  }
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.bands = stating(settings, state_bands);
  return binding;
}

} // namespace

extern const RuleSpec max_unrealized_profit_rule;
const RuleSpec max_unrealized_profit_rule{
    .number = 5,
    .key = "max_unrealized_profit",
    .name = "MaxUnrealizedProfit",
    .summary = "takes an open profit at a target, or closes a winner that has come back",
    .events = profit_events,
    .bind = bind,
};

} // namespace bulkhead::rules
