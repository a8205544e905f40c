#include "actors/clock.hpp"

namespace bulkhead::actors {

SystemClock::SystemClock()
    : wall_at_start_(std::chrono::floor<model::Duration>(std::chrono::system_clock::now())),
      steady_at_start_(protocol::monotonic_now()) {}

model::Instant SystemClock::now() const {
  const std::chrono::nanoseconds elapsed{protocol::monotonic_now() - steady_at_start_};
  return wall_at_start_ + std::chrono::floor<model::Duration>(elapsed);
}

protocol::MonotonicNanos SystemClock::monotonic() const { return protocol::monotonic_now(); }

} // namespace bulkhead::actors
