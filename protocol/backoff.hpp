#pragma once
// Growing pauses between attempts: a list of delays whose last one repeats without end, each moved by a
// random share so that several clients do not return in step. Pure and deterministic: the same seed gives the
// same pauses. Owned by one state machine and called from its thread. Memory is the list; nothing grows with
// the number of attempts.

#include "model/time.hpp"

#include <cstdint>
#include <vector>

namespace bulkhead::protocol {

class Backoff {
public:
  /// Requires: at least one delay, none negative; jitter of 0 to 100 percent.
  Backoff(std::vector<model::Duration> delays, std::uint64_t seed, int jitter_percent = 20);

  /// The pause before the next attempt, within ± jitter of its delay.
  [[nodiscard]] model::Duration next();
  /// Starts the list again; the random sequence goes on.
  void reset() noexcept { used_ = 0; }
  /// How many pauses were handed out since the last reset.
  [[nodiscard]] std::uint64_t attempts() const noexcept { return used_; }
  /// True when next() would repeat the last delay.
  [[nodiscard]] bool exhausted() const noexcept { return used_ >= delays_.size(); }

private:
  [[nodiscard]] std::uint64_t draw() noexcept;

  std::vector<model::Duration> delays_;
  std::uint64_t random_state_;
  int jitter_percent_;
  std::uint64_t used_ = 0;
};

} // namespace bulkhead::protocol
