#pragma once
// The frames of a live view as they come in, between the actor that receives them and the thread that shows
// them. Only the newest status is kept, and of lines the newest 1000; so a terminal that hangs costs nothing.
// Thread-safe.

#include "actors/control_interfaces.hpp"

#include <caf/actor_system.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace bulkhead::cli {

class WatchFeed {
public:
  static constexpr std::size_t most_lines = 1000; // older ones are forgotten
  struct News {
    std::optional<actors::StatusReply> status; // none: no frame came
    std::vector<actors::FeedLine> lines;
    std::optional<actors::ControlReply> refused; // the daemon shows nothing, and why
  };

  void take(actors::WatchFrame frame);
  void refuse(actors::ControlReply reply);
  /// Waits for news, at most `within`; empty when none came.
  [[nodiscard]] News next(std::chrono::milliseconds within);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  News news_;
  bool any_ = false;
};

/// Spawns the actor that the daemon sends frames to; it asks the daemon to be shown what happens.
[[nodiscard]] actors::watcher_actor spawn_watcher(caf::actor_system& system, std::shared_ptr<WatchFeed> feed,
                                                  actors::control_actor daemon,
                                                  actors::ControlRequest request);

} // namespace bulkhead::cli
