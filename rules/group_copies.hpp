#pragma once
// What RULE-025 tells of copied accounts beside its limits: a follower that does not hold what its leader
// does, and a copier that opens again what was closed. Told only, nothing is done. Pure, any thread.

#include "rules/group_rule.hpp"
#include "rules/params.hpp"

#include <chrono>
#include <map>
#include <optional>

namespace bulkhead::rules {

struct CopySettings {
  model::AccountId leader;
  std::map<model::AccountId, std::int64_t> ratios; // of followers, in thousandths; 1 for whom is not named
  std::chrono::seconds drift{10};
};
/// None without a leader.
[[nodiscard]] std::optional<CopySettings> read_copies(Params& params);

void watch_copies(const CopySettings& s, const GroupContext& context, GroupVerdict& verdict);
void watch_fights(const GroupContext& context, GroupVerdict& verdict);

} // namespace bulkhead::rules
