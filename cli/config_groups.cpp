#include "cli/config_groups.hpp"
#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace bulkhead::cli {
namespace {

using model::AccountConfig;
using model::ConfigNode;
using model::Problems;
using model::RuleBlock;

std::map<std::string, std::vector<const AccountConfig*>> members(const model::Config& config) {
  std::map<std::string, std::vector<const AccountConfig*>> out;
  for (const auto& account : config.accounts)
    if (account.enabled && account.group) out[*account.group].push_back(&account);
  return out;
}

/// What protects one of them protects the group.
Coverage best(const std::vector<const AccountConfig*>& accounts, const RuleBlock& block) {
  Coverage coverage = Coverage::not_configured;
  for (const auto* account : accounts) coverage = std::min(coverage, coverage_of(*account, block));
  return coverage;
}

bool is_in_a_group(const model::Config& config, const std::string& account) {
  return std::any_of(config.accounts.begin(), config.accounts.end(),
                     [&](const auto& one) { return one.group && to_string(one.id) == account; });
}

void check_named(const model::Config& config, const RuleBlock& block, Problems& problems) {
  constexpr auto stranger = "names an account that is in no group of accounts.yaml";
  const auto* leader = block.settings.find("leader");
  if (leader != nullptr && leader->kind == ConfigNode::Kind::scalar && !is_in_a_group(config, leader->scalar))
    add_error(problems, *leader, stranger);
  const auto* ratios = block.settings.find("ratios");
  if (ratios == nullptr) return;
  for (const auto& [account, node] : ratios->entries)
    if (!is_in_a_group(config, account)) add_error(problems, node, stranger);
}

} // namespace

std::vector<GroupCoverage> groups_of(const model::Config& config) {
  std::vector<GroupCoverage> out;
  for (const auto& [name, accounts] : members(config)) {
    GroupCoverage group{name, {}, {}};
    for (const auto* account : accounts) group.accounts.push_back(account->id.value);
    for (const auto& rule : known_rules()) {
      if (!is_of_group(RuleBlock{std::string(rule.key), 0, {}})) continue;
      const auto before = group.rules.size();
      for (const auto& block : config.rules)
        if (block.key == rule.key)
          group.rules.push_back({fmt::format("{} {}", rule_label(block), rule.key), best(accounts, block)});
      if (group.rules.size() == before)
        group.rules.push_back(
            {fmt::format("RULE-{:03} {}", rule.number, rule.key), Coverage::not_configured});
    }
    out.push_back(std::move(group));
  }
  return out;
}

void check_groups(const model::Config& config, Problems& problems) {
  const auto groups = members(config);
  for (const auto& block : config.rules) {
    if (!is_of_group(block) || !is_enabled(block)) continue;
    check_named(config, block, problems);
    const auto watches = [&](const auto& group) {
      const auto coverage = best(group.second, block);
      return coverage == Coverage::enforced || coverage == Coverage::dry_run;
    };
    if (std::none_of(groups.begin(), groups.end(), watches))
      add_warning(problems, block.settings,
                  rule_label(block) + " watches nobody: no account it is about has a group in accounts.yaml");
    for (const auto& group : groups) {
      if (group.second.size() == 1 && watches(group))
        add_warning(
            problems, block.settings,
            fmt::format("{} watches group {}, which has one account only", rule_label(block), group.first));
    }
  }
}

} // namespace bulkhead::cli
