#pragma once
// One breach after another: pushes the position that breaches, spins until the close is read, answers the
// reads that prove it, and tells the position flat, so that the next breach is a new one. Counts what each
// credential has used and goes on to the next before its request budget would throttle the measurement; it is
// used again when a minute is over. Owned by the driver's only thread.

#include "bench/statistics.hpp"
#include "bench/world.hpp"

#include <deque>

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
  /// The account that the next sample of this daemon will breach; moves on to a rested credential, and waits
  /// for it, when the present one has less than `needed` samples left. Errors: as sample().
  [[nodiscard]] model::Result<const StubAccount*> credential(std::size_t needed = 1,
                                                             Variant variant = Variant::daemon);
  /// Before the pause that precedes a sample: who was held goes on, and quotes go to it.
  [[nodiscard]] model::Result<void> aim(Variant variant);
  /// After it: until what it caused is done. Who is to be held is held.
  void settle(Variant variant);
  void pause(const Pace& pace);
  /// Until the daemon's CPU clock stands still, `at_most` long.
  void wait_for_stillness(MonotonicNanos at_most = 30'000'000);
  /// A second account in trouble: its breach, up to its first close request.
  [[nodiscard]] model::Result<const StubAccount*> disturb(Trouble trouble);
  [[nodiscard]] model::Result<void> calm(const StubAccount& neighbour);

private:
  struct Rested {
    const StubAccount* account = nullptr;
    MonotonicNanos from = 0;
    bool is_new = true; // no market hub yet
  };
  struct Pool {
    const StubAccount* current = nullptr;
    std::size_t used = 0; // samples of the current one, the uncounted ones included
    std::deque<Rested> next;
  };
  [[nodiscard]] model::Result<MonotonicNanos> breach(const StubAccount& account);
  [[nodiscard]] model::Result<MonotonicNanos> breach_and_prove(Pool& pool);
  [[nodiscard]] model::Result<void> flatten(const StubAccount& account);
  template <class Condition>
  [[nodiscard]] model::Result<void> spin_until(const StubAccount& account, const char* what, Condition done);
  void turn(std::chrono::milliseconds wait);
  void quote_when_due();

  World& world_;
  [[nodiscard]] Pool& pool(Variant variant);
  [[nodiscard]] Rested take_rested(Pool& pool);

  std::map<Variant, Pool> pools_;
  const StubAccount* quoted_ = nullptr; // whose market hub gets the quotes
  MonotonicNanos next_quote_ = 0;       // 0: none
  std::size_t quotes_ = 0;              // at once
  std::string quote_;                   // the bytes of them
};

} // namespace bulkhead::bench
