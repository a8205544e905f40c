#include "actors/scheduler/asio_scheduler.hpp"

#include "actors/scheduler/front_clock.hpp"
#include "model/error.hpp"

#include <caf/scheduled_actor.hpp>

namespace bulkhead::actors {

void AsioScheduler::load_into(caf::actor_system_config& config, ShardContexts contexts) {
  model::require(contexts.breach != nullptr && contexts.market != nullptr, "each shard needs a context");
  config.module_factories.push_back([contexts](caf::actor_system& system) -> caf::actor_system::module* {
    return new AsioScheduler(system, contexts); // the actor system owns its modules
  });
}

AsioScheduler* AsioScheduler::of(caf::actor_system& system) noexcept {
  return dynamic_cast<AsioScheduler*>(&system.scheduler());
}

AsioScheduler::AsioScheduler(caf::actor_system& system, ShardContexts contexts)
    : abstract_coordinator(system),
      breach_(std::make_shared<ShardWorker>(*contexts.breach, *this)),
      market_(std::make_shared<ShardWorker>(*contexts.market, *this)),
      clock_(std::make_unique<FrontClock>(*this)) {}

AsioScheduler::~AsioScheduler() = default;

ShardWorker* AsioScheduler::current() noexcept {
  if (breach_->is_current()) return breach_.get();
  return market_->is_current() ? market_.get() : nullptr;
}

/// The pin of an actor is the unit it last ran on or was spawned for. It is read only while the actor waits
/// in no queue and runs nowhere, so nobody writes it meanwhile.
ShardWorker::Unit& AsioScheduler::home_of(caf::resumable& job) noexcept {
  if (job.subtype() == caf::resumable::scheduled_actor) {
    const auto* unit = static_cast<caf::scheduled_actor&>(job).context();
    for (auto* worker : {breach_.get(), market_.get()}) {
      if (worker->owns(unit))
        return static_cast<ShardWorker::Unit&>(*static_cast<caf::scheduled_actor&>(job).context());
    }
  }
  return market_->unit(Lane::normal);
}

void AsioScheduler::enqueue(caf::resumable* job) {
  auto& unit = home_of(*job);
  unit.worker.push(unit, job, current());
}

void AsioScheduler::start() { abstract_coordinator::start(); }

void AsioScheduler::stop() {
  stop_actors();
  breach_->stop();
  market_->stop();
}

caf::execution_unit* place_of(caf::actor_system& system, Shard shard, Lane lane) noexcept {
  auto* scheduler = AsioScheduler::of(system);
  return scheduler == nullptr ? nullptr : &scheduler->worker(shard).unit(lane);
}

Burst::Burst(caf::actor_system& system) noexcept {
  auto* scheduler = AsioScheduler::of(system);
  auto* worker = scheduler == nullptr ? nullptr : scheduler->current();
  if (worker != nullptr && worker->begin_burst()) worker_ = worker;
}

Burst::~Burst() {
  if (worker_ != nullptr) worker_->end_burst();
}

} // namespace bulkhead::actors
