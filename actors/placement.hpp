#pragma once
// Where an actor runs. The breach shard holds the user hub, the accounts and enforcement; the market shard
// everything that may be slow. A seam: the AsioScheduler, which runs actors on the socket threads, honours
// the placement; CAF's own schedulers ignore it.

#include <caf/actor_system.hpp>
#include <utility>

namespace bulkhead::actors {

enum class Shard { breach, market };
/// Served in this order: a close that was decided leaves before the next account is looked at.
enum class Lane { closing, urgent, normal };

/// The unit that pins an actor to its place; null when the scheduler of the system knows no places.
[[nodiscard]] caf::execution_unit* place_of(caf::actor_system& system, Shard shard, Lane lane) noexcept;

/// Spawns on shard and lane, for life. What the actor itself spawns inherits both.
template <class Fn, class... Ts>
auto spawn_on(caf::actor_system& system, Shard shard, Lane lane, Fn fn, Ts&&... xs) {
  caf::actor_config config{place_of(system, shard, lane)};
  return system.spawn_functor<caf::no_spawn_options>(std::true_type{}, config, fn, std::forward<Ts>(xs)...);
}

} // namespace bulkhead::actors
