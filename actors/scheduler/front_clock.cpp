#include "actors/scheduler/front_clock.hpp"

#include "actors/scheduler/asio_scheduler.hpp"

#include <boost/asio/post.hpp>

namespace bulkhead::actors {
namespace {

caf::strong_actor_ptr strong(caf::abstract_actor* actor) {
  return caf::actor_cast<caf::strong_actor_ptr>(actor);
}
caf::abstract_actor* plain(const caf::strong_actor_ptr& actor) {
  return caf::actor_cast<caf::abstract_actor*>(actor);
}

} // namespace

/// As the shards reckon.
FrontClock::time_point FrontClock::now() const noexcept { return WakefulClock::now(); }

template <class Set>
void FrontClock::set(Set set) {
  if (auto* here = scheduler_.current()) return set(here->clock());
  auto target = scheduler_.worker(Shard::market).shared_from_this();
  auto& io = target->io();
  boost::asio::post(io, [target = std::move(target), set = std::move(set)]() mutable {
    if (!target->is_stopped()) set(target->clock());
  });
}

template <class Cancel>
void FrontClock::cancel(Cancel cancel) {
  if (auto* here = scheduler_.current()) return cancel(here->clock());
  for (const auto shard : {Shard::breach, Shard::market}) {
    auto target = scheduler_.worker(shard).shared_from_this();
    auto& io = target->io();
    boost::asio::post(io, [target = std::move(target), cancel] { cancel(target->clock()); });
  }
}

void FrontClock::set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                      std::uint64_t id) {
  set([=, actor = strong(self)](ShardClock& clock) {
    clock.set_ordinary_timeout(t, plain(actor), type, id);
  });
}

void FrontClock::set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                   std::uint64_t id) {
  set([=, actor = strong(self)](ShardClock& clock) { clock.set_multi_timeout(t, plain(actor), type, id); });
}

void FrontClock::set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) {
  set([=, actor = strong(self)](ShardClock& clock) { clock.set_request_timeout(t, plain(actor), id); });
}

void FrontClock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  cancel([id = self->id(), type](ShardClock& clock) { clock.cancel_ordinary_timeout_of(id, type); });
}

void FrontClock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  cancel([actor = self->id(), id](ShardClock& clock) { clock.cancel_request_timeout_of(actor, id); });
}

void FrontClock::cancel_timeouts(caf::abstract_actor* self) {
  cancel([id = self->id()](ShardClock& clock) { clock.cancel_timeouts_of(id); });
}

void FrontClock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  set([t, receiver = std::move(receiver), content = std::move(content)](ShardClock& clock) mutable {
    clock.schedule_message(t, std::move(receiver), std::move(content));
  });
}

void FrontClock::schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  set([t, target = std::move(target), sender = std::move(sender),
       content = std::move(content)](ShardClock& clock) mutable {
    clock.schedule_message(t, std::move(target), std::move(sender), std::move(content));
  });
}

} // namespace bulkhead::actors
