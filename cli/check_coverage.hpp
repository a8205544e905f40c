#pragma once
// Which rules protect an account and which do not, and why not: the part of `check` that keeps a rule that is
// merely written down from passing for protection. Pure functions, any thread.

#include "model/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::cli {

/// What becomes of a rule for one account.
enum class Coverage {
  enforced,
  dry_run,
  other_accounts,
  no_group,
  switched_off,
  not_in_this_version,
  not_configured
};
[[nodiscard]] std::string_view to_string(Coverage coverage) noexcept;

/// What becomes of one block for an account.
[[nodiscard]] Coverage coverage_of(const model::AccountConfig& account, const model::RuleBlock& block);

struct RuleCoverage {
  std::string rule; // "RULE-004#1 daily_unrealized_loss"
  Coverage coverage = Coverage::not_configured;
};

/// Every block of the configuration and every rule without a block, by rule number; guards come last.
[[nodiscard]] std::vector<RuleCoverage> coverage_of(const model::AccountConfig& account,
                                                    const model::Config& config);

} // namespace bulkhead::cli
