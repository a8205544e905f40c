#pragma once
// What the control port may ask about the configuration of the running daemon. A reload goes the way of
// SIGHUP: the main thread does it, the control port's thread waits for the outcome. Thread-safe; made and fed
// by the main thread.

#include "actors/control_request.hpp"
#include "model/config.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>

namespace bulkhead::cli {

class ControlConfigDesk {
public:
  explicit ControlConfigDesk(std::filesystem::path config_dir) : config_dir_(std::move(config_dir)) {}

  /// Main thread: this configuration is in force from now on.
  void in_force(const model::Config& config);
  /// Main thread: a reload ended with these problems; with an error among them the old configuration stays.
  void reloaded(const model::Problems& problems);

  /// The control port's thread. Waits at most 15 s for the main thread.
  [[nodiscard]] actors::ControlReply answer(const actors::ControlRequest& request);

private:
  [[nodiscard]] actors::ControlReply reload(const actors::ControlRequest& request);
  [[nodiscard]] actors::ControlReply validate(const actors::ControlRequest& request) const;

  std::filesystem::path config_dir_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t reloads_ = 0;
  model::Problems problems_;
  std::string shown_; // JSON of the configuration in force, secrets hidden
};

} // namespace bulkhead::cli
