#include "protocol/net/rest_queue.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::protocol::net {
using model::Errc;
using model::Error;

void RestQueue::push(RestJob job) {
  jobs_.push_back(std::move(job));
  watch();
}

RestJob RestQueue::pop() {
  model::require(!jobs_.empty(), "nothing waits");
  RestJob job = std::move(jobs_.front());
  jobs_.pop_front();
  if (jobs_.empty()) timer_.cancel();
  return job;
}

void RestQueue::fail_down_to(std::size_t remaining, const Error& why) {
  std::vector<RestJob> failed;
  while (jobs_.size() > remaining) failed.push_back(pop());
  for (auto& job : failed) fail_job(*site_, std::move(job), why);
}

void RestQueue::watch() {
  if (jobs_.empty()) return;
  const auto next = std::min_element(
      jobs_.begin(), jobs_.end(), [](const RestJob& a, const RestJob& b) { return a.deadline < b.deadline; });
  timer_.expires_at(next->deadline);
  timer_.async_wait([self = shared_from_this()](error_code ec) {
    if (!ec) self->on_deadline();
  });
}

void RestQueue::on_deadline() {
  const auto now = Clock::now();
  const auto first_late = std::stable_partition(jobs_.begin(), jobs_.end(),
                                                [&](const RestJob& job) { return job.deadline > now; });
  std::vector<RestJob> late(std::make_move_iterator(first_late), std::make_move_iterator(jobs_.end()));
  jobs_.erase(first_late, jobs_.end());
  watch();
  for (auto& job : late)
    fail_job(
        *site_, std::move(job),
        {Errc::timeout, fmt::format("no connection to {} became free in time", site_->endpoint.authority())});
}

} // namespace bulkhead::protocol::net
