#pragma once
// Where an actor runs. The breach shard holds the user hub, the accounts and enforcement; the market shard
// everything that may be slow. A seam: CAF's own scheduler ignores the placement, a scheduler that runs
// actors on the socket threads honours it.

#include <caf/actor_system.hpp>
#include <utility>

namespace bulkhead::actors {

enum class Shard { breach, market };
enum class Lane { urgent, normal };

template <class Fn, class... Ts>
auto spawn_on(caf::actor_system& system, Shard, Lane, Fn fn, Ts&&... xs) {
  return system.spawn(fn, std::forward<Ts>(xs)...);
}

} // namespace bulkhead::actors
