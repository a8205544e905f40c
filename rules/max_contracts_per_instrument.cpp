// RULE-002 MaxContractsPerInstrument: caps the contracts of each root, all its expiries together.

#include "model/root_family.hpp"
#include "rules/book_queries.hpp"
#include "rules/contract_count.hpp"

#include <charconv>
#include <fmt/format.h>
#include <map>

namespace bulkhead::rules {
namespace {

using model::Measure;

enum class Enforcement { reduce_to_limit, close_all };

struct Settings {
  std::map<std::string, std::int64_t> limits; // as written, upper or lower case, gateway or exchange symbol
  std::optional<std::int64_t> unknown_limit = 0; // for roots not listed; 0 blocks, none allows any size
  Enforcement enforcement = Enforcement::reduce_to_limit;
  CountType count_type = CountType::gross;
  bool family = false; // limits keyed by family, in minis
  bool lockout_on_breach = false;

  [[nodiscard]] Measure measure(std::int64_t units) const {
    return {family ? Measure::Unit::tenths_of_mini : Measure::Unit::contracts, units};
  }
};

void read_limits(Params& params, std::string_view key, Settings& s) {
  const model::ConfigNode* node = params.take(key);
  if (node == nullptr) return;
  if (node->kind != model::ConfigNode::Kind::map || node->entries.empty()) {
    params.complain(*node, "must map instruments to their largest size, for example { MNQ: 2, ES: 1 }");
    return;
  }
  for (const auto& [root, size] : node->entries) {
    if (const auto limit = params.integer_of(size, 0, 1000)) s.limits[root] = *limit;
  }
}

std::optional<std::int64_t> read_unknown(Params& params) {
  constexpr std::string_view with_limit = "allow_with_limit:";
  const std::string text = params.text("unknown_symbol_action", "block");
  if (text == "block") return 0;
  if (text == "allow_unlimited") return std::nullopt;
  std::int64_t limit = 0;
  if (text.starts_with(with_limit))
    std::from_chars(text.data() + with_limit.size(), text.data() + text.size(), limit);
  if (limit >= 1 && limit <= 1000 && text == fmt::format("{}{}", with_limit, limit)) return limit;
  params.complain("unknown_symbol_action",
                  "must be one of: block, allow_with_limit:N (1..1000), allow_unlimited");
  return 0;
}

Settings read(Params& params) {
  Settings s;
  read_limits(params, "limits", s);
  read_limits(params, "instrument_limits", s);
  s.unknown_limit = read_unknown(params);
  if (params.has("default_limit")) s.unknown_limit = params.required_integer("default_limit", 1, 1000);
  s.enforcement = params.one_of<Enforcement>(
      "enforcement",
      {{"reduce_to_limit", Enforcement::reduce_to_limit}, {"close_all", Enforcement::close_all}},
      Enforcement::reduce_to_limit);
  // The older form: one limit for every instrument, and a switch between closing and reducing.
  const bool one_for_all = params.has("limit");
  if (one_for_all) s.unknown_limit = params.required_integer("limit", 1, 1000);
  if (params.has("close_contract")) {
    s.enforcement =
        params.boolean("close_contract", true) ? Enforcement::close_all : Enforcement::reduce_to_limit;
  }
  if (s.limits.empty() && !one_for_all && !params.has("limits") && !params.has("instrument_limits")) {
    params.complain("limits", "is missing: a rule in the file must state its limit");
  }
  s.count_type = params.one_of<CountType>(
      "count_type", {{"gross", CountType::gross}, {"net", CountType::net}}, CountType::gross);
  s.family = params.boolean("family", false);
  s.lockout_on_breach = params.boolean("lockout_on_breach", false);
  return s;
}

/// Limits under canonical names: EP and es are both ES.
std::optional<std::int64_t> limit_for(const Settings& s, const model::RootTable& roots,
                                      const std::string& group) {
  for (const auto& [name, limit] : s.limits) {
    const auto root = roots.canonical(name);
    if ((s.family ? roots.family_of(root).value : root.value) == group) return limit;
  }
  return s.unknown_limit;
}

Finding breach(const Settings& s, const RuleContext& context, const std::string& group,
               const std::vector<CountedPosition>& positions, std::int64_t units, std::int64_t limit_units) {
  Finding finding;
  finding.contract = positions.front().contract;
  finding.actual = s.measure(units);
  finding.limit = s.measure(limit_units);
  finding.reason =
      fmt::format("{} of {} held, {} allowed", to_string(finding.actual), group, to_string(finding.limit));
  const bool closes = s.enforcement == Enforcement::close_all || limit_units == 0;
  if (closes) {
    for (const auto& position : positions) {
      finding.at_most.push_back({position.contract, 0});
      const auto orders = exposure_orders(context, context.roots.root_of(position.contract));
      finding.cancel.insert(finding.cancel.end(), orders.begin(), orders.end());
    }
  } else {
    finding.at_most = reduce_to(limit_units, positions, s.count_type, {.newest_first = true});
  }
  if (s.lockout_on_breach) {
    finding.lockout = closes ? hard_lockout(context, finding.reason) : reduce_lockout(context, finding);
    finding.lockout->symbol = model::Root{group};
    finding.lockout->kind = model::LockoutKind::symbol;
    if (s.family) finding.lock_also = model::micros_of(model::Root{group});
  }
  return finding;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  std::map<std::string, std::vector<CountedPosition>> groups;
  for (const auto& [contract, position] : context.state.positions) {
    const auto root = context.roots.root_of(contract);
    const auto group = s.family ? context.roots.family_of(root).value : root.value;
    groups[group].push_back({contract, group, position.quantity,
                             s.family ? context.roots.weight_tenths(root) : 1, position.direction_known,
                             position.increased_at});
  }
  Verdict verdict;
  for (const auto& [group, positions] : groups) {
    const auto limit = limit_for(s, context.roots, group);
    const std::int64_t units = count_units(positions, s.count_type);
    if (!limit) continue;
    const std::int64_t limit_units = *limit * (s.family ? 10 : 1);
    if (units > limit_units) {
      verdict.findings.push_back(breach(s, context, group, positions, units, limit_units));
    }
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec max_contracts_per_instrument_rule;
const RuleSpec max_contracts_per_instrument_rule{
    .number = 2,
    .key = "max_contracts_per_instrument",
    .name = "MaxContractsPerInstrument",
    .summary = "caps the contracts of each instrument, all expiries together; reduces or closes that "
               "instrument only",
    .events = model::events<model::PositionUpdate>(),
    .bind = bind,
};

} // namespace bulkhead::rules
