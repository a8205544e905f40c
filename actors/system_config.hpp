#pragma once
// Settings of the actor system, in code and read back: CAF ignores a setting of the wrong type with one line
// on stderr.

#include "model/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

namespace bulkhead::actors {

/// Scheduler `sharing` with two threads, 100 messages a turn, remoting with heartbeats on.
class SystemConfig : public caf::actor_system_config {
public:
  SystemConfig();
};

/// What the running system really uses; an error when it is not what SystemConfig asked for.
[[nodiscard]] model::Result<void> verify_settings(caf::actor_system& system);

} // namespace bulkhead::actors
