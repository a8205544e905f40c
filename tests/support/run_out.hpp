#pragma once
// The end of a test's actor system in virtual time.

#include <caf/scheduler/test_coordinator.hpp>

namespace bulkhead::testing {

/// Until no actor has anything to do and nothing is delayed: what is delayed keeps its receiver. Requires:
/// the actors were told to end.
inline void run_out(caf::scheduler::test_coordinator& scheduler) {
  scheduler.run();
  while (!scheduler.clock().schedule().empty()) {
    scheduler.clock().trigger_timeout();
    scheduler.run();
  }
}

} // namespace bulkhead::testing
