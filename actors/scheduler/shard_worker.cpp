#include "actors/scheduler/shard_worker.hpp"

#include "actors/scheduler/asio_scheduler.hpp"

#include <boost/asio/post.hpp>
#include <caf/logger.hpp>
#include <future>

namespace bulkhead::actors {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto drain_budget = std::chrono::microseconds{100}; // then the sockets get their turn
constexpr std::size_t clock_looked_at_every = 4;              // turns; reading it costs 20 ns
constexpr std::size_t most_urgent_in_a_row = 64;
constexpr std::size_t most_in_outbox = 64;
constexpr auto stops_within = std::chrono::seconds{1};

/// One message a turn on the lanes before the normal one: what a message caused runs before whatever came in
/// after it.
constexpr std::size_t urgent_messages_per_turn = 1;
constexpr std::size_t normal_messages_per_turn = 50;

} // namespace

void ShardWorker::Unit::exec_later(caf::resumable* job) { worker.scheduler_.enqueue(job); }

ShardWorker::ShardWorker(boost::asio::io_context& io, AsioScheduler& scheduler)
    : io_(io),
      scheduler_(scheduler),
      closing_(scheduler.system(), *this, Lane::closing),
      urgent_(scheduler.system(), *this, Lane::urgent),
      normal_(scheduler.system(), *this, Lane::normal),
      clock_(io, [this] {
        const bool outermost = begin_burst();
        clock_.trigger();
        if (outermost) end_burst();
      }) {}

void ShardWorker::push(Unit& unit, caf::resumable* job, ShardWorker* from) {
  if (from == this) {
    unit.jobs.push_back(job);
    if (!running_) post_drain();
  } else if (from != nullptr && from->running_ && unit.lane == Lane::normal) {
    from->outbox_.emplace_back(&unit, job);
    if (from->outbox_.size() >= most_in_outbox) from->flush_outbox();
  } else {
    receive({{&unit, job}});
  }
}

void ShardWorker::receive(const std::vector<Job>& jobs) {
  bool open = false;
  {
    const std::lock_guard lock(mutex_);
    open = !closed_;
    if (open) inbox_.insert(inbox_.end(), jobs.begin(), jobs.end());
    if (open) inbox_filled_ = true;
  }
  if (open) return post_drain();
  for (const auto& [unit, job] : jobs) caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}

bool ShardWorker::take_inbox() {
  if (!inbox_filled_) return false;
  std::vector<Job> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(inbox_);
    inbox_filled_ = false;
  }
  for (const auto& [unit, job] : taken) unit->jobs.push_back(job);
  return !taken.empty();
}

void ShardWorker::flush_outbox() {
  while (!outbox_.empty()) {
    auto& target = outbox_.front().first->worker;
    std::vector<Job> batch;
    std::erase_if(outbox_, [&](const Job& job) {
      if (&job.first->worker != &target) return false;
      batch.push_back(job);
      return true;
    });
    target.receive(batch);
  }
}

/// At most one drain is under way to the event loop. Were each burst to add one, an actor that never runs out
/// of messages would fill the loop with them, and the sockets would starve.
void ShardWorker::post_drain() {
  if (posted_.exchange(true)) return;
  boost::asio::post(io_, [self = shared_from_this()] {
    self->posted_ = false;
    self->drain();
  });
}

void ShardWorker::drain() {
  if (begin_burst()) end_burst();
}

void ShardWorker::end_burst() {
  run_jobs();
  running_ = false;
  if (!closing_.jobs.empty() || !urgent_.jobs.empty() || !normal_.jobs.empty()) post_drain();
}

ShardWorker::Unit* ShardWorker::next_unit() {
  const bool normal_turn = urgent_in_a_row_ >= most_urgent_in_a_row && !normal_.jobs.empty();
  for (auto* unit : {&closing_, &urgent_}) {
    if (unit->jobs.empty() || normal_turn) continue;
    ++urgent_in_a_row_;
    return unit;
  }
  urgent_in_a_row_ = 0;
  return normal_.jobs.empty() ? nullptr : &normal_;
}

void ShardWorker::run_jobs() {
  const auto end = Steady::now() + drain_budget;
  for (std::size_t turn = 1;; ++turn) {
    take_inbox();
    Unit* unit = next_unit();
    if (unit == nullptr) {
      flush_outbox();
      if (take_inbox()) continue;
      return;
    }
    auto* job = unit->jobs.front();
    unit->jobs.pop_front();
    const auto messages = unit->lane == Lane::normal ? normal_messages_per_turn : urgent_messages_per_turn;
    switch (job->resume(unit, messages)) {
    case caf::resumable::resume_later: unit->jobs.push_back(job); break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message: caf::intrusive_ptr_release(job); break;
    case caf::resumable::shutdown_execution_unit: break;
    }
    if (turn % clock_looked_at_every == 0 && Steady::now() >= end) return flush_outbox();
  }
}

void ShardWorker::release_all() {
  take_inbox();
  flush_outbox();
  for (auto* unit : {&closing_, &urgent_, &normal_}) {
    while (!unit->jobs.empty()) {
      auto* job = unit->jobs.front();
      unit->jobs.pop_front();
      caf::scheduler::abstract_coordinator::cleanup_and_release(job);
    }
  }
}

void ShardWorker::stop() {
  auto ended = std::make_shared<std::promise<void>>();
  boost::asio::post(io_, [self = shared_from_this(), ended] {
    self->clock_.shut();
    {
      const std::lock_guard lock(self->mutex_);
      self->closed_ = true;
    }
    self->running_ = true; // no drain starts any more
    self->release_all();
    // This thread lives on; the actor system waits until no thread refers to its logger.
    caf::logger::set_current_actor_system(nullptr);
    ended->set_value();
  });
  (void)ended->get_future().wait_for(stops_within);
}

} // namespace bulkhead::actors
