#pragma once
// The rule blocks of risk_config.yaml: which keys there are, which blocks the file has, and whether this
// version enforces them. The settings inside a block belong to the rule (rules/registry). Called by the
// configuration loader and by `check`.

#include "model/config.hpp"
#include "model/error.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::cli {

struct KnownRule {
  int number = 0;
  std::string_view key;  // "max_contracts"
  std::string_view name; // "MaxContracts"
  bool on_by_default = true;
};

/// Every rule the configuration may name, implemented or not, by number.
[[nodiscard]] std::span<const KnownRule> known_rules();
[[nodiscard]] const KnownRule* find_known_rule(std::string_view key);
/// The accepted key for another spelling ("MaxContracts", "RULE-001", "max_contract"), or empty.
[[nodiscard]] std::string suggest_rule_key(std::string_view written);

/// "RULE-004" or, for one block of several, "RULE-004#2".
[[nodiscard]] std::string rule_label(const model::RuleBlock& block);
/// Whether the block is switched on, by its `enabled` or by the rule's default.
[[nodiscard]] bool is_enabled(const model::RuleBlock& block);
/// Whether the block is switched on and this version has the rule.
[[nodiscard]] bool is_enforced(const model::RuleBlock& block);

/// Whether it is about a group of accounts, and not about each.
[[nodiscard]] bool is_of_group(const model::RuleBlock& block);

/// Appends the block, or the list of blocks, under a known rule's key.
void read_rule(std::string_view key, const model::ConfigNode& node, std::vector<model::RuleBlock>& rules,
               model::Problems& problems);

/// Every check of rules: settings by the rules themselves, rules this version lacks, at least one enforced.
void check_rules(const model::Config& config, model::Problems& problems);

} // namespace bulkhead::cli
