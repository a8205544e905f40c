#pragma once
// The daemon in one object and the only composition root: sockets, actor system, supervisor, control port.
// Made and stopped by one thread; the rest may be called from any.

#include "actors/clerk.hpp"
#include "actors/notifier.hpp"
#include "actors/supervisor.hpp"
#include "actors/system_config.hpp"
#include "model/config.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace bulkhead::actors {

struct RuntimeOptions {
  model::Config config;
  std::filesystem::path data_dir;
  Logs logs;
  SchedulerKind scheduler = SchedulerKind::asio;
  std::function<void()> give_up;          // called on an actor thread when restarting does not help
  ConfigDesk config_desk = {};            // answers the control port's questions about the configuration
  std::chrono::milliseconds keep_warm{0}; // between rehearsals of a breach; 0: none
  bool spin = false;                      // the breach shard polls its sockets instead of sleeping
};

class Runtime {
public:
  /// Makes the certificates of the control port where they are missing, opens the data directory, connects
  /// nothing yet, spawns everything and publishes the control port. Errors: busy (another daemon owns the
  /// data directory), io, and whatever the control address or a CA file give.
  [[nodiscard]] static model::Result<std::unique_ptr<Runtime>> start(RuntimeOptions options);
  /// Stops.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// The port of the control interface; the one the system picked when the configuration says 0.
  [[nodiscard]] std::uint16_t control_port() const noexcept;
  /// Exchanges the configuration; see actors/reload.hpp. Errors: what a new account's addresses or CA file
  /// give; nothing changes then. Requires: `loaded` has no problems.
  [[nodiscard]] model::Result<void> use_config(const model::Config& loaded);
  /// Every activity from now on, on an actor's thread, one at a time. `on_activity` must not block.
  void subscribe(std::function<void(const Activity&)> on_activity);
  [[nodiscard]] model::Result<StatusReply> status();
  /// Says goodbye to the hubs, syncs the journal, ends every actor. At most two seconds. Idempotent.
  void stop();

private:
  struct Parts;
  explicit Runtime(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

} // namespace bulkhead::actors
