#pragma once
// What one simulated day consists of: the seed, from which settings, prices and traders come, and the list of
// faults, spelled out so that it can be cut down when the day fails. A value; text and back.

#include "model/error.hpp"
#include "model/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::simulation {

enum class FaultKind {
  // of REST requests; `amount` percent of them while it lasts
  status_500,
  status_429,
  unauthorized,
  html,
  refused,       // success:false with code 1 and no effect
  lost_before,   // reset before the gateway acted
  lost_after,    // reset after it acted
  never_arrives, // no connection
  slow_reply,    // up to eight seconds, sometimes longer than anybody waits
  late_effect,   // accepted now, done up to a second later
  position_lag,  // searches show an older picture
  outsider,      // another program of the same user eats up the request budget
  // of the stream
  hub_drop,
  hub_close,
  hub_freeze, // nothing comes any more, the connection stays
  duplicate,  // each event twice, `amount` percent of them
  reorder,
  late_events,
  lost_events,
  garbage, // frames that mean nothing, or contradict themselves
  // of the venue
  maintenance, // neither REST nor hub
  firm_liquidates,
  may_not_trade,
  expire_tokens,
  price_jump,
  no_quotes,
  // of the daemon's machine
  kill, // at one of four points of a step, `amount`
  power_loss,
  restart,    // in order
  damage,     // of a journal, before a start after kill -9
  clock_jump, // of the wall clock, `amount` seconds
  disk_full,
  sync_fails,
  slow_disk,
  // by people
  reload, // other rules
  lock_by_hand,
  lift_by_hand,
  flatten_by_hand,
};
inline constexpr int fault_kinds = static_cast<int>(FaultKind::flatten_by_hand) + 1;
[[nodiscard]] std::string_view to_string(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::kill;
  model::Duration at{}; // since the beginning of the day
  model::Duration lasts{};
  std::int64_t account = 0; // 0: all
  std::int64_t amount = 0;
};

struct Plan {
  std::uint64_t seed = 0;
  model::Duration from{};  // traders do nothing before ...
  model::Duration until{}; // ... and the day ends here
  std::vector<Fault> faults;
};

/// The full day of a seed.
[[nodiscard]] Plan plan_of(std::uint64_t seed);

/// Two hours with one storm, of what the gateway does wrong and of kills alone.
[[nodiscard]] Plan plan_for_actors(std::uint64_t seed);

[[nodiscard]] std::string to_text(const Plan& plan);
[[nodiscard]] model::Result<Plan> plan_from(std::string_view text);

} // namespace bulkhead::simulation
