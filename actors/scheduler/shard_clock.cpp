#include "actors/scheduler/shard_clock.hpp"

#include <ctime>

namespace bulkhead::actors {

WakefulClock::time_point WakefulClock::now() noexcept {
  timespec at{};
  clock_gettime(CLOCK_BOOTTIME, &at);
  return time_point{std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec}};
}

ShardClock::ShardClock(boost::asio::io_context& io, std::function<void()> on_due)
    : timer_(io), on_due_(std::make_shared<std::function<void()>>(std::move(on_due))) {}

void ShardClock::trigger() {
  armed_for_ = time_point::max();
  trigger_expired_timeouts();
  arm();
}

void ShardClock::shut() {
  cancel_all();
  timer_.cancel();
  on_due_.reset();
}

/// An entry that was cancelled may leave an early wake-up behind, which then finds nothing due.
void ShardClock::arm() {
  if (!on_due_ || schedule().empty() || schedule().begin()->first >= armed_for_) return;
  armed_for_ = schedule().begin()->first;
  timer_.expires_at(armed_for_);
  timer_.async_wait([waiting = std::weak_ptr(on_due_)](boost::system::error_code ec) {
    const auto on_due = waiting.lock();
    if (!ec && on_due) (*on_due)();
  });
}

void ShardClock::set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                      std::uint64_t id) {
  simple_actor_clock::set_ordinary_timeout(t, self, type, id);
  arm();
}

void ShardClock::set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                   std::uint64_t id) {
  simple_actor_clock::set_multi_timeout(t, self, type, id);
  arm();
}

void ShardClock::set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) {
  simple_actor_clock::set_request_timeout(t, self, id);
  arm();
}

void ShardClock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  simple_actor_clock::schedule_message(t, std::move(receiver), std::move(content));
  arm();
}

void ShardClock::schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  simple_actor_clock::schedule_message(t, std::move(target), std::move(sender), std::move(content));
  arm();
}

void ShardClock::cancel_ordinary_timeout_of(caf::actor_id actor, caf::atom_value type) {
  handle(ordinary_timeout_cancellation{actor, type});
}

void ShardClock::cancel_request_timeout_of(caf::actor_id actor, caf::message_id id) {
  handle(request_timeout_cancellation{actor, id});
}

void ShardClock::cancel_timeouts_of(caf::actor_id actor) { handle(timeouts_cancellation{actor}); }

} // namespace bulkhead::actors
