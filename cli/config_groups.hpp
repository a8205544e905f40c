#pragma once
// The groups of accounts.yaml: which accounts are in each, and which rules watch them together. Pure
// functions, any thread.

#include "cli/check_coverage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead::cli {

struct GroupCoverage {
  std::string name;
  std::vector<std::int64_t> accounts; // that are watched
  std::vector<RuleCoverage> rules;    // about groups, every one
};
/// By name.
[[nodiscard]] std::vector<GroupCoverage> groups_of(const model::Config& config);

/// Rules that watch nobody, groups of one account, accounts that are in no group.
void check_groups(const model::Config& config, model::Problems& problems);

} // namespace bulkhead::cli
