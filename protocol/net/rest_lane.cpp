#include "protocol/net/rest_lane.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace bulkhead::protocol::net {
using model::Errc;
using model::Error;

RestLane::RestLane(std::shared_ptr<RestSite> site, std::shared_ptr<RestSlots> slots, Handlers handlers)
    : site_(std::move(site)),
      slots_(std::move(slots)),
      handlers_(std::move(handlers)),
      waiting_(std::make_shared<RestQueue>(site_)),
      refill_timer_(site_->io),
      narrow_timer_(site_->io) {}

void RestLane::submit(RestJob job) {
  if (!idle_.empty() && idle_.back()->slept()) {
    drop_idle([](const RestConnection& idle) { return idle.slept(); });
    fill_for_width();
  }
  if (!idle_.empty()) {
    const Connection connection = std::move(idle_.back());
    idle_.pop_back();
    connection->begin(std::move(job));
    return count_warm();
  }
  if (waiting_->size() >= site_->limits.max_queued)
    return asio::post(site_->io, [site = site_, job = std::move(job)]() mutable {
      fail_job(*site, std::move(job), {Errc::full, "too many requests of this account wait already"});
    });
  waiting_->push(std::move(job));
  fill_for_requests();
}

void RestLane::set_width(std::size_t connections) {
  const std::size_t before = std::exchange(width_, std::min(connections, site_->limits.max_per_lane));
  if (width_ < before) narrow_later();
  fill();
}

void RestLane::narrow_later() {
  if (closed_ || std::exchange(narrowing_, true)) return;
  narrow_timer_.expires_after(site_->limits.narrows_after);
  narrow_timer_.async_wait([self = shared_from_this()](error_code ec) {
    if (ec || self->closed_) return;
    self->narrowing_ = false;
    while (self->drop_spare()) {
    }
  });
}

void RestLane::fill() {
  fill_for_requests();
  fill_for_width();
}

void RestLane::fill_for_requests() {
  while (!closed_ && connecting_ < waiting_->size() && connections_.size() < site_->limits.max_per_lane) {
    if (!slots_->take(RestSlots::Purpose::request)) {
      const bool freed = handlers_.free_a_slot() && slots_->take(RestSlots::Purpose::request);
      if (!freed && !borrow()) return;
      if (!freed) continue;
    }
    open();
  }
}

void RestLane::fill_for_width() {
  if (closed_ || refill_pending_ || connections_.size() >= width_) return;
  if (failures_ == 0) {
    while (connections_.size() < width_ && slots_->take(RestSlots::Purpose::warmth)) open();
    return;
  }
  refill_pending_ = true;
  refill_timer_.expires_after(backoff());
  refill_timer_.async_wait([self = shared_from_this()](error_code ec) {
    if (ec || self->closed_) return;
    self->refill_pending_ = false;
    while (self->connections_.size() < self->width_ && self->slots_->take(RestSlots::Purpose::warmth))
      self->open();
  });
}

/// 0, 0.25, 0.5, 1 .. 30 s.
RestConnection::Clock::duration RestLane::backoff() const {
  if (failures_ <= 1) return {};
  const auto wait = site_->limits.first_backoff * (1U << std::min(failures_ - 2, 16U));
  return std::min<RestConnection::Clock::duration>(wait, site_->limits.max_backoff);
}

void RestLane::open() {
  // The connections never outlive our interest in them: close() silences them before the lane goes.
  auto connection = std::make_shared<RestConnection>(
      site_, RestConnection::Handlers{[lane = weak_from_this()](const Connection& c) {
                                        if (const auto self = lane.lock()) self->on_idle(c);
                                      },
                                      [lane = weak_from_this()](const Connection& c, const Error& why) {
                                        if (const auto self = lane.lock()) self->on_closed(c, why);
                                      }});
  connections_.push_back(connection);
  ++connecting_;
  connection->start();
}

void RestLane::on_idle(const Connection& connection) {
  if (!connection->has_answered()) --connecting_; // just connected
  if (failures_ > 0 && connection->has_answered()) {
    failures_ = 0; // the site is back: no reason to wait with the others
    refill_timer_.cancel();
    refill_pending_ = false;
    fill_for_width();
  }
  if (!waiting_->empty()) return connection->begin(waiting_->pop());
  idle_.push_back(connection);
  count_warm();
  // Another lane may wait for a slot, or for a connection to borrow.
  if (slots_->exhausted()) handlers_.on_slot_freed();
}

void RestLane::on_closed(const Connection& connection, const Error& why) {
  const auto self = shared_from_this();
  forget(connection);
  if (!connection->was_connected()) --connecting_;
  count_outcome(*connection);
  if (why.code() == Errc::timeout && connection->was_connected())
    drop_idle([&](const RestConnection& idle) { return idle.silent_since(*connection); });
  if (why.code() == Errc::server_error) drop_idle([](const RestConnection&) { return true; });
  if (connection->was_connected())
    fill_for_requests();
  else if (connections_.size() == connecting_)
    waiting_->fail_down_to(connecting_, why); // hopeless, but for what others may still connect for
  fill_for_width();
  handlers_.on_slot_freed();
}

/// Connections opened together that fail together are one failure, or sixteen of them would mean 30 s of
/// waiting.
void RestLane::count_outcome(const RestConnection& connection) {
  if (connection.has_settled()) {
    failures_ = 0;
  } else if (connection.started_at() >= last_failure_) {
    ++failures_;
    last_failure_ = RestConnection::Clock::now();
  }
}

void RestLane::forget(const Connection& connection) {
  std::erase(idle_, connection);
  std::erase(connections_, connection);
  slots_->give_back();
  count_warm();
}

template <class Suspect>
void RestLane::drop_idle(Suspect suspect) {
  for (const auto& connection : std::vector(idle_)) {
    if (!suspect(*connection)) continue;
    forget(connection);
    connection->close({Errc::io, "replaced"});
  }
}

bool RestLane::drop_spare() {
  if (idle_.empty() || connections_.size() <= width_) return false;
  const Connection spare = idle_.front(); // the one unused for longest
  forget(spare);
  spare->close({Errc::io, "not needed any more"});
  return true;
}

void RestLane::close(const Error& why) {
  closed_ = true;
  const auto self = shared_from_this();
  refill_timer_.cancel();
  narrow_timer_.cancel();
  const auto connections = std::exchange(connections_, {});
  idle_.clear();
  connecting_ = 0;
  count_warm();
  for (const auto& connection : connections) {
    slots_->give_back();
    connection->close(why);
  }
  waiting_->fail_down_to(0, why);
}

} // namespace bulkhead::protocol::net
