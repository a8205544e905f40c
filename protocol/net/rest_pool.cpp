#include "protocol/net/rest_pool.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

namespace bulkhead::protocol::net {
using model::Errc;
using model::Error;

RestPool::RestPool(std::shared_ptr<RestSite> site)
    : site_(std::move(site)),
      writer_(site_->endpoint),
      slots_(std::make_shared<RestSlots>(site_->limits.max_connections)) {}

void RestPool::send(HttpRequest request, RestTransport::OnReply on_reply) {
  auto wire = writer_.to_wire(request);
  RestJob job{{}, std::move(on_reply), RestConnection::Clock::now() + request.timeout};
  if (!wire) return refuse(std::move(job), wire.error());
  job.wire = std::move(*wire);
  asio::dispatch(site_->io, [self = shared_from_this(), id = request.lane, job = std::move(job)]() mutable {
    self->submit(id, std::move(job));
  });
}

void RestPool::submit(LaneId id, RestJob job) {
  if (closed_) return refuse(std::move(job), {Errc::io, "the transport is closed"});
  lane(id).submit(std::move(job));
}

/// Posted, so that no callback runs inside send().
void RestPool::refuse(RestJob job, Error why) {
  asio::post(site_->io, [site = site_, job = std::move(job), why = std::move(why)]() mutable {
    fail_job(*site, std::move(job), std::move(why));
  });
}

void RestPool::set_width(LaneId id, std::size_t connections) {
  asio::dispatch(site_->io, [self = shared_from_this(), id, connections] {
    if (self->closed_) return;
    self->lane(id).set_width(connections);
    self->offer_slots();
  });
}

std::size_t RestPool::warm(LaneId id) const {
  const std::lock_guard lock(lanes_mutex_);
  const auto found = lanes_.find(id);
  return found == lanes_.end() ? 0 : found->second->warm();
}

void RestPool::close() {
  asio::dispatch(site_->io, [self = shared_from_this()] { self->close_lanes(); });
}

void RestPool::abandon() {
  site_->gate.shut();
  close();
}

void RestPool::close_lanes() {
  if (std::exchange(closed_, true)) return;
  for (const auto& [id, lane] : lanes_) lane->close({Errc::io, "the transport was closed"});
}

RestLane& RestPool::lane(LaneId id) {
  if (const auto found = lanes_.find(id); found != lanes_.end()) return *found->second;
  auto made = std::make_shared<RestLane>(site_, slots_,
                                         RestLane::Handlers{[pool = weak_from_this()] {
                                                              const auto self = pool.lock();
                                                              return self && self->drop_spare();
                                                            },
                                                            [pool = weak_from_this()] {
                                                              if (const auto self = pool.lock())
                                                                self->offer_slots();
                                                            },
                                                            [pool = weak_from_this()] {
                                                              const auto self = pool.lock();
                                                              return self ? self->lender() : nullptr;
                                                            }});
  const std::lock_guard lock(lanes_mutex_);
  return *lanes_.emplace(id, std::move(made)).first->second;
}

bool RestPool::drop_spare() {
  for (const auto& [id, lane] : lanes_)
    if (lane->drop_spare()) return true;
  return false;
}

std::shared_ptr<RestLane> RestPool::lender() const {
  std::shared_ptr<RestLane> found;
  for (const auto& [id, lane] : lanes_) {
    if (lane->can_lend() > (found ? found->can_lend() : 0)) found = lane;
  }
  return found;
}

/// Posted and at most once at a time: a slot is freed deep inside a lane, which must be left alone until it
/// is done.
void RestPool::offer_slots() {
  if (closed_ || std::exchange(offering_, true)) return;
  asio::post(site_->io, [self = shared_from_this()] {
    self->offering_ = false;
    if (self->closed_) return;
    for (const auto& [id, lane] : self->lanes_) lane->fill();
  });
}

} // namespace bulkhead::protocol::net
