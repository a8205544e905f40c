#pragma once
// Time as the actors see it. The one place that reads clocks; everything below gets time as a field of an
// event. A seam: tests and the simulation bring their own. Thread-safe.

#include "model/time.hpp"
#include "protocol/transport.hpp"

namespace bulkhead::actors {

class Clock {
public:
  virtual ~Clock() = default;
  /// The time decisions are stamped with. Never runs backwards within a process.
  [[nodiscard]] virtual model::Instant now() const = 0;
  /// For spans inside the process.
  [[nodiscard]] virtual protocol::MonotonicNanos monotonic() const = 0;
};

/// The wall clock read once at start, advanced by the steady clock: a step of the wall clock moves no
/// deadline.
class SystemClock final : public Clock {
public:
  SystemClock();
  [[nodiscard]] model::Instant now() const override;
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override;

private:
  model::Instant wall_at_start_;
  protocol::MonotonicNanos steady_at_start_;
};

} // namespace bulkhead::actors
