#pragma once
// Settings of the actor system, in code and read back: CAF ignores a setting of the wrong type with one line
// on stderr.

#include "actors/scheduler/asio_scheduler.hpp"
#include "model/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <optional>

namespace bulkhead::actors {

/// Which threads run the actors.
enum class SchedulerKind {
  asio,    // the threads that run the sockets: the breach path crosses no thread
  sharing, // CAF's own pool of two threads, the fallback
};

/// The scheduler, 100 messages a turn, remoting with heartbeats on.
class SystemConfig : public caf::actor_system_config {
public:
  /// Without contexts the scheduler is `sharing`.
  explicit SystemConfig(std::optional<ShardContexts> shards = std::nullopt);
};

/// What the running system really uses; an error when it is not what SystemConfig asked for.
[[nodiscard]] model::Result<void> verify_settings(caf::actor_system& system, SchedulerKind wanted);

} // namespace bulkhead::actors
