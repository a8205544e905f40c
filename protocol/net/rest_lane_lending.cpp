// What lanes do for each other when every slot is taken.

#include "protocol/net/rest_lane.hpp"

namespace bulkhead::protocol::net {

bool RestLane::borrow() {
  constexpr std::size_t enough = 2; // a lane in trouble takes no more from the others
  if (connections_.size() + *borrowed_ >= enough) return false;
  const auto lender = handlers_.lender();
  if (!lender) return false;
  RestJob job = waiting_->pop();
  ++*borrowed_;
  job.guest = std::shared_ptr<void>(nullptr, [count = borrowed_](void*) { --*count; });
  lender->carry(std::move(job));
  return true;
}

std::size_t RestLane::can_lend() const { return idle_.empty() || idle_.front()->slept() ? 0 : idle_.size(); }

void RestLane::carry(RestJob job) {
  const Connection connection = idle_.front(); // its own requests take from the back
  idle_.erase(idle_.begin());
  connection->begin(std::move(job));
  count_warm();
}

} // namespace bulkhead::protocol::net
