#pragma once
// One process that the benchmark starts and ends: by its id, never by name. It dies with the driver. Owned by
// the driver's only thread.

#include "model/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace bulkhead::bench {

class ChildProcess {
public:
  struct Start {
    std::vector<std::string> command; // the program's path first
    std::filesystem::path output;     // takes stdout and stderr
    int core = -1;                    // -1: any
  };
  /// Errors: io. A program that cannot be executed shows as ended() at once.
  [[nodiscard]] static model::Result<ChildProcess> start(const Start& start);
  /// SIGTERM, and SIGKILL when that does not help within four seconds.
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;

  [[nodiscard]] bool ended();
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Stops all its threads, and lets them go on.
  void hold() const;
  void let_go() const;
  /// Nanoseconds of CPU its threads have used; 0 when it is gone.
  [[nodiscard]] std::int64_t cpu_time() const;

private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_; // -1: reaped or moved away
};

/// Keeps the calling process on one core; -1 changes nothing. Errors: io.
[[nodiscard]] model::Result<void> stay_on_core(int core);

} // namespace bulkhead::bench
