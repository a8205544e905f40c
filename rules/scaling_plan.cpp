// RULE-017 ScalingPlan: how many contracts the balance at the end of the day before allows. It is enforced
// beside RULE-001, so the smaller of the two limits holds; profit of the present day raises nothing.

#include "rules/book_queries.hpp"
#include "rules/contract_count.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;

struct Tier {
  std::optional<Money> above; // none: the first tier
  std::int64_t limit = 1;     // minis
};

struct Settings {
  std::vector<Tier> tiers;
  bool inclusive = false; // a balance of just the threshold has reached the tier
  bool reduce = false;
};

void read_tier(Params& params, const model::ConfigNode& node, Settings& s) {
  const auto* limit = node.find("limit");
  if (limit == nullptr) return params.complain(node, "must have a limit, in minis");
  for (const auto& [key, value] : node.entries) {
    if (key != "above" && key != "limit")
      params.complain(value, "unknown key", nearest(key, {"above", "limit"}));
  }
  Tier tier;
  tier.limit = params.integer_of(*limit, 1, 1000).value_or(1);
  if (const auto* above = node.find("above")) tier.above = params.magnitude_of(*above, Money{});
  const bool follows = s.tiers.empty()
                           ? !tier.above
                           : tier.above && (!s.tiers.back().above || *tier.above > *s.tiers.back().above);
  if (!follows) params.complain(node, "the first tier has no 'above', each other one a larger than before");
  s.tiers.push_back(tier);
}

Settings read(Params& params) {
  Settings s;
  const auto* list = params.take("tiers");
  if (list == nullptr || list->kind != model::ConfigNode::Kind::list || list->items.empty())
    params.complain("tiers", "must be a list of { above, limit }: state it, or give the account a profile");
  else
    for (const auto& item : list->items) read_tier(params, item, s);
  if (s.tiers.empty()) s.tiers.push_back({});
  s.inclusive = params.one_of<bool>("threshold", {{"above", false}, {"at_or_above", true}}, false);
  s.reduce = params.one_of<bool>("action", {{"close_all", false}, {"reduce_to_limit", true}}, false);
  return s;
}

/// In tenths of a mini; none while the balance of the last day's end is unknown.
std::optional<std::int64_t> limit_of(const Settings& s, const model::AccountState& state) {
  if (!state.history.opening) return std::nullopt;
  std::int64_t limit = s.tiers.front().limit;
  for (const auto& tier : s.tiers) {
    if (!tier.above) continue;
    if (*state.history.opening > *tier.above || (s.inclusive && *state.history.opening == *tier.above))
      limit = tier.limit;
  }
  return limit * 10;
}

Measure tenths(std::int64_t units) { return {Measure::Unit::tenths_of_mini, units}; }

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto limit = limit_of(s, context.state);
  if (!limit) {
    verdict.undecided.insert("");
    return verdict;
  }
  const auto positions = counted_positions(context, true);
  const auto units = count_units(positions, CountType::net);
  if (units <= *limit) return verdict;
  Finding finding;
  finding.actual = tenths(units);
  finding.limit = tenths(*limit);
  finding.reason =
      fmt::format("{} held, a balance of {} allows {}", to_string(finding.actual),
                  to_string(Measure::money(*context.state.history.opening)), to_string(finding.limit));
  if (s.reduce) {
    finding.at_most = reduce_to(*limit, positions, CountType::net, {});
  } else {
    finding.at_most = flatten(context.state);
    finding.cancel = exposure_orders(context);
  }
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const auto limit = limit_of(settings, context.state);
    if (!limit) return std::nullopt;
    return Gauge{tenths(count_units(counted_positions(context, true), CountType::net)), tenths(*limit)};
  };
  return binding;
}

} // namespace

extern const RuleSpec scaling_plan_rule;
const RuleSpec scaling_plan_rule{
    .number = 17,
    .key = "scaling_plan",
    .name = "ScalingPlan",
    .summary = "caps the contracts held by the balance at the end of the day before",
    .events = model::events<model::PositionUpdate, model::Account>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
