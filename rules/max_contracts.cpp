// RULE-001 MaxContracts: caps the number of contracts held on the account across all instruments.

#include "rules/book_queries.hpp"
#include "rules/contract_count.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;

enum class Unit { contracts, mini_equivalent };
enum class Order { largest_first, newest_first };
enum class Mode { exact, whole_position };

struct Settings {
  std::int64_t limit = 1; // in contracts, or in minis
  CountType count_type = CountType::net;
  Unit unit = Unit::contracts;
  bool reduce = false; // else flatten
  ReducePolicy policy;
  bool lockout_on_breach = false;

  [[nodiscard]] std::int64_t limit_units() const {
    return unit == Unit::mini_equivalent ? limit * 10 : limit;
  }
  [[nodiscard]] Measure measure(std::int64_t units) const {
    return {unit == Unit::mini_equivalent ? Measure::Unit::tenths_of_mini : Measure::Unit::contracts, units};
  }
};

Settings read(Params& params) {
  Settings s;
  s.limit = params.required_integer("limit", 1, 1000);
  s.count_type = params.one_of<CountType>(
      "count_type",
      {{"net", CountType::net}, {"gross", CountType::gross}, {"net_account", CountType::net_account}},
      CountType::net);
  s.unit = params.one_of<Unit>(
      "unit", {{"contracts", Unit::contracts}, {"mini_equivalent", Unit::mini_equivalent}}, Unit::contracts);
  s.reduce = params.boolean("reduce_to_limit", false);
  const bool close_all = params.boolean("close_all", !s.reduce);
  if (close_all == s.reduce) {
    params.complain("close_all", "exactly one of close_all and reduce_to_limit must be true");
  }
  s.policy.newest_first =
      params.one_of<Order>("reduce_order",
                           {{"largest_first", Order::largest_first}, {"newest_first", Order::newest_first}},
                           Order::largest_first) == Order::newest_first;
  s.policy.whole_position =
      params.one_of<Mode>("reduce_mode", {{"exact", Mode::exact}, {"whole_position", Mode::whole_position}},
                          Mode::exact) == Mode::whole_position;
  s.lockout_on_breach = params.boolean("lockout_on_breach", false);
  return s;
}

std::vector<CountedPosition> counted(const Settings& s, const RuleContext& context) {
  return counted_positions(context, s.unit == Unit::mini_equivalent);
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  const auto positions = counted(s, context);
  const std::int64_t units = count_units(positions, s.count_type);
  Verdict verdict;
  if (units <= s.limit_units()) return verdict;
  Finding finding;
  finding.actual = s.measure(units);
  finding.limit = s.measure(s.limit_units());
  finding.reason = fmt::format("{} held, {} allowed", to_string(finding.actual), to_string(finding.limit));
  if (s.reduce) {
    finding.at_most = reduce_to(s.limit_units(), positions, s.count_type, s.policy);
    if (s.lockout_on_breach) finding.lockout = reduce_lockout(context, finding);
  } else {
    finding.at_most = flatten(context.state);
    finding.cancel = exposure_orders(context); // a resting entry would breach again
    if (s.lockout_on_breach) finding.lockout = hard_lockout(context, finding.reason);
  }
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    return Gauge{settings.measure(count_units(counted(settings, context), settings.count_type)),
                 settings.measure(settings.limit_units())};
  };
  return binding;
}

} // namespace

extern const RuleSpec max_contracts_rule;
const RuleSpec max_contracts_rule{
    .number = 1,
    .key = "max_contracts",
    .name = "MaxContracts",
    .summary = "caps the contracts held across all instruments; flattens, or reduces to the limit",
    .events = model::events<model::PositionUpdate>(),
    .bind = bind,
};

} // namespace bulkhead::rules
