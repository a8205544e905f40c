#pragma once
// Somebody at the command line: a node of its own that asks a running daemon for `status` on a schedule, and
// how long each answer took. Owned by the driver; asks from a thread of its own.

#include "bench/statistics.hpp"
#include "cli/remote_control.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

namespace bulkhead::bench {

class StatusClient {
public:
  static constexpr std::chrono::milliseconds rests{-1};

  /// Errors: those of cli::Remote::connect.
  [[nodiscard]] static model::Result<std::unique_ptr<StatusClient>> connect(const cli::NodeOptions& options);

  /// From now on the next question follows so long after the last answer; 0: at once.
  void ask_every(std::chrono::milliseconds gap) noexcept { gap_ = gap; }
  /// From question to answer, of all since the last call. Errors: those of cli::Remote::status.
  [[nodiscard]] model::Result<Spans> take();

private:
  explicit StatusClient(std::unique_ptr<cli::Remote> remote);
  void run(const std::stop_token& stop);

  std::unique_ptr<cli::Remote> remote_;
  std::atomic<std::chrono::milliseconds> gap_{rests};
  std::mutex mutex_;
  Spans spans_;                        // guarded
  std::optional<model::Error> failed_; // guarded
  std::jthread thread_;                // the last member: it ends first
};

} // namespace bulkhead::bench
