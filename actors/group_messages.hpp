#pragma once
// What accounts and the guard of their groups say to each other. An account has at most one summary under
// way: the next one leaves when that was taken, and tells of everything in between. Orders of the guard are
// ordinary events (Happened). Plain structs, in-process only.

#include "rules/group_core.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <map>
#include <memory>
#include <vector>

namespace bulkhead::actors {

struct AccountSummarised {
  std::shared_ptr<const rules::AccountSummary> summary;
};
/// group_guard -> account.
struct SummaryTaken {
  std::map<model::Source, rules::Gauge> gauges; // where the rules of its group stand
};
/// An account to itself: whatever happened, the group hears from it once a second.
struct SummaryDue {};

/// supervisor -> group_guard: who belongs together, and what holds for them.
struct UseGroups {
  std::vector<rules::GroupPlan> plans;
  /// Instead of them until the next reset, when an account of a group holds positions.
  std::optional<std::vector<rules::GroupPlan>> while_open = std::nullopt;
};

} // namespace bulkhead::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::AccountSummarised)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SummaryTaken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SummaryDue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::UseGroups)
