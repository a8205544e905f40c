#pragma once
// Rule blocks and firm profiles: what a block leaves out comes from the profile of the account it is bound
// for. A key that the block names, be it as null, is the block's. Pure functions, any thread.

#include "model/config.hpp"

#include <set>
#include <vector>

namespace bulkhead::rules {

/// A block as it holds for some accounts.
struct BlockForAccounts {
  model::ConfigNode settings;
  std::set<model::AccountId> accounts; // none: all
  bool prescribed = false;             // their profile has a block of this rule
};

/// `block` for the accounts in `listed` (none: all), once per profile that has a block of the same rule.
/// Accounts that are not watched get none of their own.
[[nodiscard]] std::vector<BlockForAccounts> with_profiles(const model::RuleBlock& block,
                                                          const std::set<model::AccountId>& listed,
                                                          const model::Config& config);

} // namespace bulkhead::rules
