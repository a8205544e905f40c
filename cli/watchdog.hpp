#pragma once
// The service manager's watchdog (WatchdogSec=). It is fed from the path a breach takes: as long as an
// account answers, through the threads that would enforce. A process whose main thread merely lives is not
// enough. Main thread.

#include <chrono>
#include <functional>

namespace bulkhead::cli {

class Watchdog {
public:
  /// `alive` may block for some seconds. Does nothing where the service manager asked for no watchdog
  /// (WATCHDOG_USEC and WATCHDOG_PID, sd_watchdog_enabled(3)).
  explicit Watchdog(std::function<bool()> alive);
  /// To be called often: asks and feeds four times within the time that the service manager allows.
  void tick();

private:
  std::function<bool()> alive_;
  std::chrono::microseconds every_{0}; // 0: off
  std::chrono::steady_clock::time_point next_;
};

} // namespace bulkhead::cli
