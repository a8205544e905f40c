#pragma once
// One breach after another: pushes the position that breaches, spins until the close is read, answers the
// reads that prove it, and tells the position flat, so that the next breach is a new one. Counts what each
// credential has used and goes on to the next before its request budget would throttle the measurement. Owned
// by the driver's only thread.

#include "bench/statistics.hpp"
#include "bench/world.hpp"

namespace bulkhead::bench {

/// In place of the default gap between samples: what is done meanwhile.
struct Pace {
  MonotonicNanos gap = 5'000'000;
  bool sleeps = true;     // but for the last 200 us: a stub that has just slept would add its own cold start
  std::size_t quotes = 0; // so many every millisecond on the market hub of the credential in use
};

class Breaches {
public:
  explicit Breaches(World& world) : world_(world) {}

  /// One breach and its close: the measured span. Errors: timeout when a close does not come within three
  /// seconds, io when a connection is gone.
  [[nodiscard]] model::Result<MonotonicNanos> sample(Variant variant);
  /// The account that the daemon's next sample will breach; moves on to a fresh credential when the present
  /// one has less than `needed` samples left. Errors: as sample().
  [[nodiscard]] model::Result<const StubAccount*> credential(std::size_t needed = 1);
  void pause(const Pace& pace);
  /// Until the daemon's CPU clock stands still, `at_most` long.
  void wait_for_stillness(MonotonicNanos at_most = 30'000'000);
  /// A second account in trouble: its breach, up to its first close request.
  [[nodiscard]] model::Result<const StubAccount*> disturb(Trouble trouble);
  [[nodiscard]] model::Result<void> calm(const StubAccount& neighbour);

private:
  [[nodiscard]] model::Result<MonotonicNanos> breach(const StubAccount& account);
  [[nodiscard]] model::Result<MonotonicNanos> breach_and_prove(const StubAccount& account);
  [[nodiscard]] model::Result<void> flatten(const StubAccount& account);
  template <class Condition>
  [[nodiscard]] model::Result<void> spin_until(const StubAccount& account, const char* what, Condition done);
  void turn(std::chrono::milliseconds wait);
  void quote_when_due();

  World& world_;
  const StubAccount* current_ = nullptr;
  std::size_t taken_ = 0;         // credentials, by samples or as a neighbour
  std::size_t used_ = 0;          // samples of the current one, the uncounted ones included
  MonotonicNanos next_quote_ = 0; // 0: none
  std::size_t quotes_ = 0;        // at once
  std::string quote_;             // the bytes of them
};

} // namespace bulkhead::bench
