// When the Enforcer reads.

#include "actors/enforcer.hpp"

#include <algorithm>

namespace bulkhead::actors {

using model::Instant;
using namespace std::chrono_literals;

namespace {
constexpr model::Duration others_wait_at_most = 1s;
constexpr model::Duration read_again_after = 500ms;
} // namespace

std::optional<Instant> Enforcer::next_read() const {
  std::optional<Instant> next;
  bool waiting = false;
  for (const auto& [key, task] : tasks_) {
    if (task.phase == Phase::in_flight) waiting = true;
    if (task.phase == Phase::unproven && (!next || task.read_from < *next)) next = task.read_from;
  }
  if (!next) return next;
  // The reads come after all replies; a reply that does not come holds the others up for a second only.
  if (waiting) next = std::max(*next, last_reply_at_ + others_wait_at_most);
  return std::max(*next, no_read_before_);
}

void Enforcer::start_read_if_due(Instant now, Actions& out) {
  const auto next = next_read();
  if (reading_ || !next || *next > now) return;
  reading_ = true;
  Instant not_before;
  for (const auto& [key, task] : tasks_) {
    if (task.phase == Phase::unproven) not_before = std::max({not_before, task.answered_at, task.read_from});
  }
  out.emplace_back(ReadBook{std::min(not_before, now)});
}

Enforcer::Actions Enforcer::on_read_failed(Instant now) {
  constexpr int failures_before_alarm = 10;
  Actions out;
  reading_ = false;
  no_read_before_ = now + read_again_after;
  if (++failed_reads_ == failures_before_alarm) {
    out.emplace_back(
        model::Alert{model::Alert::Severity::critical, "enforcement-unverified",
                     "positions and orders cannot be read: nothing proves that the account is flat"});
  }
  return out;
}

} // namespace bulkhead::actors
