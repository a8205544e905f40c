#include "cli/check_coverage.hpp"
#include "cli/config_rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::AccountConfig;
using model::RuleBlock;

Coverage coverage_of(const AccountConfig& account, const RuleBlock& block) {
  if (!is_enabled(block)) return Coverage::switched_off;
  if (!is_enforced(block)) return Coverage::not_in_this_version;
  if (is_of_group(block) && !account.group) return Coverage::no_group;
  const auto* accounts = block.settings.find("accounts");
  if (accounts != nullptr && !accounts->items.empty()) {
    const auto& ids = accounts->items;
    const std::string id = to_string(account.id);
    if (std::none_of(ids.begin(), ids.end(), [&](const auto& item) { return item.scalar == id; }))
      return Coverage::other_accounts;
  }
  const auto* dry_run = block.settings.find("dry_run");
  return dry_run != nullptr && dry_run->scalar == "true" ? Coverage::dry_run : Coverage::enforced;
}

std::string_view to_string(Coverage coverage) noexcept {
  switch (coverage) {
  case Coverage::enforced: return "enforced";
  case Coverage::dry_run: return "dry run";
  case Coverage::other_accounts: return "other accounts only";
  case Coverage::no_group: return "needs a group";
  case Coverage::switched_off: return "switched off";
  case Coverage::not_in_this_version: return "not in this version";
  case Coverage::not_configured: return "not configured";
  }
  return "unknown";
}

std::vector<RuleCoverage> coverage_of(const AccountConfig& account, const model::Config& config) {
  std::vector<RuleCoverage> all;
  for (const auto& rule : known_rules()) {
    bool configured = false;
    for (const auto& block : config.rules) {
      if (block.key != rule.key) continue;
      configured = true;
      all.push_back({fmt::format("{} {}", rule_label(block), rule.key), coverage_of(account, block)});
    }
    if (!configured)
      all.push_back({fmt::format("RULE-{:03} {}", rule.number, rule.key), Coverage::not_configured});
  }
  for (const auto& block : config.rules) {
    if (find_known_rule(block.key) == nullptr)
      all.push_back({fmt::format("{} {}", rule_label(block), block.key), coverage_of(account, block)});
  }
  return all;
}

} // namespace bulkhead::cli
