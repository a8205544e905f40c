#pragma once
// The clock of one shard: CAF's schedule of time-outs and delayed messages, driven by one Asio timer instead
// of CAF's own thread. Owned by the ShardWorker; every member function is called on its thread. Time that the
// machine spends suspended counts, so that what fell due meanwhile happens at waking, not later by as much.

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/detail/simple_actor_clock.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace bulkhead::actors {

/// The boot clock, as the instants CAF reckons in.
struct WakefulClock {
  using duration = std::chrono::steady_clock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr bool is_steady = true;
  static time_point now() noexcept;
};

/// The kernel's timers stand still in a suspended machine: looks again every second.
struct LooksAgain {
  static WakefulClock::duration to_wait_duration(const WakefulClock::duration& wanted) {
    return std::min<WakefulClock::duration>(wanted, std::chrono::seconds{1});
  }
  static WakefulClock::duration to_wait_duration(const WakefulClock::time_point& wanted) {
    return to_wait_duration(wanted - WakefulClock::now());
  }
};

class ShardClock final : public caf::detail::simple_actor_clock {
public:
  /// `on_due` is called on the shard when the earliest entry is due; it must call trigger().
  ShardClock(boost::asio::io_context& io, std::function<void()> on_due);

  [[nodiscard]] time_point now() const noexcept override { return WakefulClock::now(); }
  /// Delivers what is due and waits for the next.
  void trigger();
  /// Drops every entry and waits for nothing any more.
  void shut();

  void set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) override;
  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;

  // By id, because a cancel may come from another thread when the actor is gone already.
  void cancel_ordinary_timeout_of(caf::actor_id actor, caf::atom_value type);
  void cancel_request_timeout_of(caf::actor_id actor, caf::message_id id);
  void cancel_timeouts_of(caf::actor_id actor);

private:
  void arm();

  boost::asio::basic_waitable_timer<WakefulClock, LooksAgain> timer_;
  std::shared_ptr<std::function<void()>> on_due_; // null once shut; waits hold it weakly
  time_point armed_for_ = time_point::max();
};

} // namespace bulkhead::actors
