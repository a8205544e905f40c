#include "rules/registry.hpp"
#include "rules/profile_defaults.hpp"

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

std::set<model::AccountId> listed_accounts(const model::RuleBlock& block, const model::Config& config) {
  model::Problems elsewhere; // said when the block is bound
  if (block.settings.kind != model::ConfigNode::Kind::map) return {};
  Params params(block.settings, elsewhere);
  return read_accounts(params, config);
}

/// The block for every profile among its accounts. What is wrong for several of them is said once.
void bind_block(const RuleSpec& spec, const model::RuleBlock& block, const model::Config& config,
                std::vector<BoundRule>& bound, model::Problems& problems) {
  const std::size_t first = problems.size();
  const auto listed = listed_accounts(block, config);
  const auto parts = spec.of_group ? std::vector<BlockForAccounts>{{block.settings, listed, false}}
                                   : with_profiles(block, listed, config);
  const bool any_prescribed =
      std::any_of(parts.begin(), parts.end(), [](const auto& p) { return p.prescribed; });
  for (const auto& [settings, accounts, prescribed] : parts) {
    model::Problems found;
    Params params(settings, found);
    const bool enabled = params.boolean("enabled", spec.on_by_default);
    // What is switched off need not be complete for accounts whose firm prescribes nothing.
    if (!enabled && any_prescribed && !prescribed) continue;
    BoundRule rule{&spec, model::Source{spec.kind, spec.number, block.instance},
                   read_accounts(params, config), params.boolean("dry_run", false), spec.bind(params)};
    params.finish();
    rule.accounts = accounts;
    if (enabled) bound.push_back(std::move(rule));
    for (auto& problem : found) {
      const auto same = [&](const model::Problem& other) { return to_string(other) == to_string(problem); };
      if (std::none_of(problems.begin() + static_cast<std::ptrdiff_t>(first), problems.end(), same))
        problems.push_back(std::move(problem));
    }
  }
}

} // namespace

std::vector<BoundRule> bind_rules(const model::Config& config, model::Problems& problems) {
  std::vector<BoundRule> bound;
  for (const auto& block : config.rules) {
    if (const RuleSpec* spec = find_rule(block.key)) bind_block(*spec, block, config, bound, problems);
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
