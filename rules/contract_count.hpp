#pragma once
// Counting contracts, and choosing which of them give way. Shared by the rules that limit sizes; pure. All
// counts are in units: 1 per contract, or tenths of a mini.

#include "rules/rule.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace bulkhead::rules {

/// How quantities of different contracts add up.
enum class CountType {
  net, // absolute sum per group (root or family), summed over the groups: expiries offset, instruments do not
  gross,       // sum of absolute quantities
  net_account, // absolute sum over everything: the literal reading, unsafe
};

/// One open position reduced to what counting needs.
struct CountedPosition {
  model::ContractId contract;
  std::string group;         // root, or family in mini equivalents
  std::int64_t quantity = 0; // signed contracts
  std::int64_t weight = 1;   // units per contract
  bool offsets = true;       // false when the direction is unknown: then it only ever adds
  model::Instant increased_at;
};

/// What is held, per root and contract, or per family and in tenths of a mini.
[[nodiscard]] std::vector<CountedPosition> counted_positions(const RuleContext& context, bool minis);

[[nodiscard]] std::int64_t count_units(const std::vector<CountedPosition>& positions, CountType type);

struct ReducePolicy {
  bool newest_first = false;   // else largest first
  bool whole_position = false; // else exactly as much as needed
};

/// Targets that bring the count down to `limit_units`: an empty list when it is not above. Only positions
/// that make the count larger give way, so a hedge is never torn open.
[[nodiscard]] std::vector<AtMost> reduce_to(std::int64_t limit_units, std::vector<CountedPosition> positions,
                                            CountType type, ReducePolicy policy);

} // namespace bulkhead::rules
