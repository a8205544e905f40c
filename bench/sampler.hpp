#pragma once
// Takes the samples, all variants in turn within every round, so that whatever else the machine does hits
// them alike. A round begins with an uncounted floor sample, because the first one would pay for what the
// daemon has just pushed out of the caches. In a hot round each sample follows 60 us after the previous one
// was over; in an idle round 5 ms lie before each, the last 200 us of them spun through, because a stub that
// has just slept would add its own cold start. After the daemon's sample the reads that prove the close are
// answered, the position is told flat (so the next breach is a new one), and the round ends when the daemon's
// CPU clock stands still. Owned by the driver's only thread.

#include "bench/statistics.hpp"
#include "bench/world.hpp"

namespace bulkhead::bench {

class Sampler {
public:
  Sampler(World& world, const Options& options) : world_(world), options_(options) {}

  /// How many credentials the whole run uses up.
  [[nodiscard]] static std::size_t credentials_needed(const Options& options);
  /// Everything the options ask for. Errors: timeout when a close does not come within three seconds, io when
  /// a connection is gone, busy after SIGINT or SIGTERM.
  [[nodiscard]] model::Result<void> run(Samples& samples);

private:
  [[nodiscard]] model::Result<void> run_mode(Mode mode, std::size_t repetition, Samples& samples);
  [[nodiscard]] model::Result<void> round(Mode mode, std::optional<std::size_t> repetition, Samples& samples);
  [[nodiscard]] model::Result<MonotonicNanos> sample(Variant variant);
  /// One breach and its close: the measured span.
  [[nodiscard]] model::Result<MonotonicNanos> breach(const StubAccount& account);
  [[nodiscard]] model::Result<MonotonicNanos> breach_and_prove(const StubAccount& account);
  [[nodiscard]] model::Result<void> next_credential();
  [[nodiscard]] model::Result<void> flatten(const StubAccount& account);
  template <class Condition>
  [[nodiscard]] model::Result<void> spin_until(const StubAccount& account, const char* what, Condition done);
  void pause(Mode mode);
  void wait_for_stillness();

  World& world_;
  const Options& options_;
  std::size_t rounds_ = 0;
  std::size_t used_ = 0; // samples of the daemon, the uncounted ones included
};

} // namespace bulkhead::bench
