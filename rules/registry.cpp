#include "rules/registry.hpp"

#include <algorithm>
#include <limits>

namespace bulkhead::rules {

#define BULKHEAD_RULE(key) extern const RuleSpec key##_rule;
#include "rules/rule_list.inc"
#undef BULKHEAD_RULE

std::span<const RuleSpec* const> all_rules() {
  static constexpr const RuleSpec* rules[] = {
#define BULKHEAD_RULE(key) &key##_rule,
#include "rules/rule_list.inc"
#undef BULKHEAD_RULE
  };
  return rules;
}

const RuleSpec* find_rule(std::string_view key) {
  const auto rules = all_rules();
  const auto it =
      std::find_if(rules.begin(), rules.end(), [&](const RuleSpec* rule) { return rule->key == key; });
  return it == rules.end() ? nullptr : *it;
}

namespace {

std::set<model::AccountId> read_accounts(Params& params, const model::Config& config) {
  std::set<model::AccountId> accounts;
  for (const auto id : params.integers("accounts", {}, 1, std::numeric_limits<std::int32_t>::max())) {
    const bool known = std::any_of(config.accounts.begin(), config.accounts.end(),
                                   [&](const auto& account) { return account.id.value == id; });
    if (!known) params.complain("accounts", "names an account that accounts.yaml does not have");
    accounts.emplace(id);
  }
  return accounts;
}

} // namespace

std::vector<BoundRule> bind_rules(const model::Config& config, model::Problems& problems) {
  std::vector<BoundRule> bound;
  for (const auto& block : config.rules) {
    const RuleSpec* spec = find_rule(block.key);
    if (spec == nullptr) continue;
    Params params(block.settings, problems);
    const bool enabled = params.boolean("enabled", spec->on_by_default);
    BoundRule rule{spec, model::Source{spec->kind, spec->number, block.instance},
                   read_accounts(params, config), params.boolean("dry_run", false), spec->bind(params)};
    params.finish();
    if (enabled) bound.push_back(std::move(rule));
  }
  const auto position = [](const BoundRule& rule) {
    const auto rules = all_rules();
    return std::find(rules.begin(), rules.end(), rule.spec) - rules.begin();
  };
  std::stable_sort(bound.begin(), bound.end(),
                   [&](const BoundRule& a, const BoundRule& b) { return position(a) < position(b); });
  return bound;
}

} // namespace bulkhead::rules
