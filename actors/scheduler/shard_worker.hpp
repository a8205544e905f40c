#pragma once
// One io_context as a worker of the actor system: the thread that runs the sockets runs the actors too, so a
// frame reaches the socket of the close request without a thread hand-over. Three lanes: jobs of the closing
// lane run before those of the urgent one, and these before those of the normal one, except that every 64th
// turn is a normal one's. Owned by the AsioScheduler and by the handlers it posted. push() may be called from
// any thread, the rest on the shard's thread only, unless it says otherwise.
//
// The queues are not bounded here: each actor is in at most one of them once, so they hold at most as many
// entries as there are actors.

#include "actors/placement.hpp"
#include "actors/scheduler/shard_clock.hpp"

#include <array>
#include <atomic>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace bulkhead::actors {

class AsioScheduler;

class ShardWorker : public std::enable_shared_from_this<ShardWorker> {
public:
  /// One lane of the shard. An actor's context() is the unit it was spawned on, which pins it to shard and
  /// lane for life.
  struct Unit final : caf::execution_unit {
    Unit(caf::actor_system& system, ShardWorker& owner, Lane on)
        : execution_unit(&system), worker(owner), lane(on) {}
    void exec_later(caf::resumable* job) override;

    ShardWorker& worker;
    Lane lane;
    std::deque<caf::resumable*> jobs;
  };
  using Job = std::pair<Unit*, caf::resumable*>;

  /// Requires: the io_context is run by one thread and outlives every handler that this worker posts.
  ShardWorker(boost::asio::io_context& io, AsioScheduler& scheduler);

  [[nodiscard]] Unit& unit(Lane lane) noexcept {
    return lane == Lane::closing ? closing_ : lane == Lane::urgent ? urgent_ : normal_;
  }
  [[nodiscard]] bool owns(const caf::execution_unit* unit) const noexcept {
    return unit == &closing_ || unit == &urgent_ || unit == &normal_;
  }
  /// Any thread: whether the caller runs on this shard.
  [[nodiscard]] bool is_current() const noexcept { return io_.get_executor().running_in_this_thread(); }
  [[nodiscard]] ShardClock& clock() noexcept { return clock_; }
  [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }

  /// Queues a job for one of this shard's units, from any thread; the reference goes with it. `from` is the
  /// shard the caller runs on, null elsewhere.
  void push(Unit& unit, caf::resumable* job, ShardWorker* from);

  /// Between begin_burst and end_burst jobs only gather; end_burst runs them before it returns.
  [[nodiscard]] bool begin_burst() noexcept { return !std::exchange(running_, true); }
  void end_burst();

  [[nodiscard]] bool is_stopped() {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  /// From outside: ends the clock and the jobs, waits for that up to a second, and releases what is left.
  /// What is pushed later is released at once.
  void stop();

private:
  void drain();
  void run_jobs();
  [[nodiscard]] Unit* next_unit();
  void receive(const std::vector<Job>& jobs);
  bool take_inbox();
  void flush_outbox();
  void post_drain();
  void release_all();

  boost::asio::io_context& io_;
  AsioScheduler& scheduler_;
  Unit closing_;
  Unit urgent_;
  Unit normal_;
  ShardClock clock_;
  bool running_ = false; // a drain or a burst is under way: whoever it is will see new jobs
  std::size_t urgent_in_a_row_ = 0;
  std::vector<Job> outbox_; // normal jobs for other shards, delivered together
  std::atomic<bool> posted_{false};
  std::atomic<bool> inbox_filled_{false};
  std::mutex mutex_; // guards all below
  std::vector<Job> inbox_;
  bool closed_ = false;
};

} // namespace bulkhead::actors
