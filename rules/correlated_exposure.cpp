// RULE-024 CorrelatedExposure: instruments that move together count together. Exposure is measured in minis,
// each family with a weight; what was opened last gives way.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;

// Units are tenths of a mini times ten-thousandths of a weight.
constexpr int digits = 4;
constexpr std::int64_t unit = 10'000;

struct Group {
  std::string name;
  std::map<std::string, std::int64_t> weights; // by root as written, in ten-thousandths
  std::int64_t limit = 0;                      // units
  bool gross = false;
};

struct Settings {
  std::vector<Group> groups;
};

Group read_group(Params& params, const std::string& name) {
  Group group;
  group.name = name;
  if (!params.has("limit")) params.complain("limit", "is missing: a rule in the file must state its limit");
  group.limit = params.decimal("limit", 0, digits, 0, 10'000) * 10;
  group.gross = params.one_of<bool>("count", {{"net", false}, {"gross", true}}, false);
  params.section("weights", [&](Params& weights) {
    for (const auto& entry : weights.block().entries)
      group.weights[entry.first] = weights.decimal(entry.first, unit, digits, 0, 100);
    if (group.weights.empty()) weights.complain(weights.block(), "must name the roots and their weights");
  });
  return group;
}

Settings read(Params& params) {
  Settings s;
  params.section("groups", [&](Params& groups) {
    for (const auto& entry : groups.block().entries)
      groups.section(entry.first, [&](Params& one) { s.groups.push_back(read_group(one, entry.first)); });
    if (s.groups.empty()) groups.complain(groups.block(), "must name at least one group");
  });
  (void)params.one_of<bool>("action", {{"reduce_newest", true}}, true);
  return s;
}

struct Held {
  const model::Position* position = nullptr;
  std::int64_t each = 0;     // units of one contract
  std::int64_t quantity = 0; // what would stay
};

std::vector<Held> held_in(const Group& group, const RuleContext& context) {
  std::vector<Held> held;
  for (const auto& [contract, position] : context.state.positions) {
    const auto root = context.roots.root_of(contract);
    for (const auto& [name, weight] : group.weights) {
      if (context.roots.family_of(context.roots.canonical(name)) != context.roots.family_of(root)) continue;
      held.push_back({&position, context.roots.weight_tenths(root) * weight, position.quantity});
      break;
    }
  }
  std::sort(held.begin(), held.end(), [](const Held& a, const Held& b) {
    if (a.position->increased_at != b.position->increased_at)
      return a.position->increased_at > b.position->increased_at;
    return a.position->contract < b.position->contract;
  });
  return held;
}

/// Signed when it is a net figure.
std::int64_t exposure(const Group& group, const std::vector<Held>& held) {
  std::int64_t sum = 0;
  for (const auto& one : held) {
    const bool adds_only = group.gross || !one.position->direction_known;
    sum += one.each * (adds_only ? std::abs(one.quantity) : one.quantity);
  }
  return sum;
}

std::vector<AtMost> reduced(const Group& group, std::vector<Held> held) {
  std::vector<AtMost> targets;
  for (auto& one : held) {
    const std::int64_t sum = exposure(group, held);
    const std::int64_t excess = std::abs(sum) - group.limit;
    if (excess <= 0) break;
    const bool adds = group.gross || (one.quantity > 0) == (sum > 0);
    if (!adds || one.each == 0) continue;
    const auto gives = std::min<std::int64_t>(std::abs(one.quantity), (excess + one.each - 1) / one.each);
    one.quantity += one.quantity > 0 ? -gives : gives;
    targets.push_back({one.position->contract, static_cast<std::int32_t>(std::abs(one.quantity))});
  }
  return targets;
}

Measure tenths(std::int64_t units) { return {Measure::Unit::tenths_of_mini, (units + unit - 1) / unit}; }

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  for (const auto& group : s.groups) {
    const auto held = held_in(group, context);
    const auto units = std::abs(exposure(group, held));
    if (units <= group.limit) continue;
    Finding finding;
    finding.subject = group.name;
    finding.actual = tenths(units);
    finding.limit = tenths(group.limit);
    finding.reason =
        fmt::format("{} in {}, {} allowed", to_string(finding.actual), group.name, to_string(finding.limit));
    finding.at_most = reduced(group, held);
    verdict.findings.push_back(std::move(finding));
  }
  return verdict;
}

/// Of the group nearest to its limit.
std::optional<Gauge> gauge(const Settings& s, const RuleContext& context) {
  std::optional<Gauge> nearest_one;
  std::int64_t least_room = 0;
  for (const auto& group : s.groups) {
    const auto units = std::abs(exposure(group, held_in(group, context)));
    if (nearest_one && group.limit - units >= least_room) continue;
    least_room = group.limit - units;
    nearest_one = Gauge{tenths(units), tenths(group.limit)};
  }
  return nearest_one;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) { return gauge(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec correlated_exposure_rule;
const RuleSpec correlated_exposure_rule{
    .number = 24,
    .key = "correlated_exposure",
    .name = "CorrelatedExposure",
    .summary = "caps what is held in instruments that move together; what came last gives way",
    .events = model::events<model::PositionUpdate>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
