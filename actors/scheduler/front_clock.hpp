#pragma once
// The clock the actor system sees, in front of the clocks of the shards. On a shard's thread it acts on that
// shard's clock at once; from other threads a time-out is posted to the market shard, and a cancel to every
// shard, since nobody knows where the time-out was set. Owned by the AsioScheduler; any thread.

#include <caf/actor_clock.hpp>

namespace bulkhead::actors {

class AsioScheduler;

class FrontClock final : public caf::actor_clock {
public:
  explicit FrontClock(AsioScheduler& scheduler) : scheduler_(scheduler) {}

  [[nodiscard]] time_point now() const noexcept override;
  void set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  /// Nothing asks for this; the shards drop their entries when they stop.
  void cancel_all() override {}

private:
  template <class Set>
  void set(Set set);
  template <class Cancel>
  void cancel(Cancel cancel);

  AsioScheduler& scheduler_;
};

} // namespace bulkhead::actors
