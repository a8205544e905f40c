#pragma once
// CAF's scheduler replaced by the io threads of the sockets (shards). The actor system owns it and calls
// start and stop; enqueue and clock() may be called from any thread. Written for CAF 0.17, whose scheduler
// module is public; later versions need another file here and nothing else.
//
// Where an actor runs was decided when it was spawned (spawn_on); one spawned without a place, and CAF's own
// helpers, run on the normal lane of the market shard, where nothing is urgent. Detached actors keep their
// own threads. Rules of the house: nothing slow on the breach shard, no handler throws, actor handles are
// dropped and sockets closed before the actor system goes.

#include "actors/placement.hpp"
#include "actors/scheduler/shard_worker.hpp"

#include <caf/actor_clock.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

namespace bulkhead::actors {

/// The contexts of the shards, each run by its one thread. They outlive the actor system.
struct ShardContexts {
  boost::asio::io_context* breach = nullptr;
  boost::asio::io_context* market = nullptr;
};

class AsioScheduler final : public caf::scheduler::abstract_coordinator {
public:
  /// Makes every actor system of this configuration use the shards.
  static void load_into(caf::actor_system_config& config, ShardContexts contexts);
  /// The scheduler of a system, null when it runs another kind.
  [[nodiscard]] static AsioScheduler* of(caf::actor_system& system) noexcept;

  AsioScheduler(caf::actor_system& system, ShardContexts contexts);
  ~AsioScheduler() override;

  [[nodiscard]] ShardWorker& worker(Shard shard) noexcept {
    return shard == Shard::breach ? *breach_ : *market_;
  }
  /// The shard the calling thread belongs to, null for other threads.
  [[nodiscard]] ShardWorker* current() noexcept;

  void enqueue(caf::resumable* job) override;
  [[nodiscard]] caf::actor_clock& clock() noexcept override { return *clock_; }
  void start() override;
  void stop() override;

private:
  [[nodiscard]] ShardWorker::Unit& home_of(caf::resumable& job) noexcept;

  std::shared_ptr<ShardWorker> breach_;
  std::shared_ptr<ShardWorker> market_;
  std::unique_ptr<caf::actor_clock> clock_;
};

/// First line of a socket's handler on a shard: everything its messages cause runs before the handler
/// returns, without a trip through the event loop. Does nothing on other threads and under other schedulers.
class Burst {
public:
  explicit Burst(caf::actor_system& system) noexcept;
  ~Burst();
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

private:
  ShardWorker* worker_ = nullptr;
};

} // namespace bulkhead::actors
