#pragma once
// Settings of the actor system, in code and read back: CAF ignores a setting of the wrong type with one line
// on stderr.

#include "actors/control_keys.hpp"
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
  /// Without contexts the scheduler is `sharing`; without keys there is no TLS, and so no control port.
  explicit SystemConfig(std::optional<ShardContexts> shards = std::nullopt,
                        const std::optional<TlsFiles>& keys = std::nullopt);
};

/// What the running system really uses; an error when it is not what SystemConfig asked for.
[[nodiscard]] model::Result<void> verify_settings(caf::actor_system& system, SchedulerKind wanted);

/// Takes CAF's own servants, which spawn actors and change settings for whoever asks, out of reach of peers.
/// Call before anything is published.
void hide_servants(caf::actor_system& system);

/// Lets go of what CAF 0.17 keeps of every node that ever called, an actor and more than a kilobyte each, of
/// those that are gone. Returns at once: CAF's own thread does it.
void forget_lost_nodes(caf::actor_system& system);

} // namespace bulkhead::actors
