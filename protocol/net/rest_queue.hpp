#pragma once
// Requests of one lane that wait for a connection, first in first out, each until its deadline. Owned by a
// RestLane; io thread only. The lane keeps it within max_queued.

#include "protocol/net/rest_connection.hpp"

#include <deque>
#include <memory>
#include <vector>

namespace bulkhead::protocol::net {

class RestQueue : public std::enable_shared_from_this<RestQueue> {
public:
  explicit RestQueue(std::shared_ptr<RestSite> site) : site_(std::move(site)), timer_(site_->io) {}

  [[nodiscard]] bool empty() const noexcept { return jobs_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return jobs_.size(); }
  void push(RestJob job);
  /// Requires: not empty.
  [[nodiscard]] RestJob pop();
  /// Fails the oldest requests until `remaining` are left. Callbacks run only when the queue is in order
  /// again.
  void fail_down_to(std::size_t remaining, const model::Error& why);

private:
  using Clock = RestConnection::Clock;

  void watch();
  void on_deadline();

  std::shared_ptr<RestSite> site_;
  std::deque<RestJob> jobs_;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Stream::executor_type> timer_;
};

} // namespace bulkhead::protocol::net
