// What the gateway's answer to one request means for the task behind it (rules.md 3.1, "HTTP and API
// outcomes").

#include "actors/enforcer.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Instant;
using model::IntentOutcome;
using protocol::projectx::Answer;
using protocol::projectx::Classified;
using namespace std::chrono_literals;

namespace {
constexpr int account_refusals_before_giving_up = 10;
constexpr model::Duration pending_pause = 500ms;
constexpr model::Duration account_refused_pause = 30s;
constexpr model::Duration slow_pause = 5s;
} // namespace

void Enforcer::judge(Task& task, const Key& key, const Classified& answer,
                     std::optional<std::chrono::seconds> retry_after, Instant now, Actions& out) {
  task.phase = Phase::unproven;
  switch (answer.answer) {
  case Answer::accepted:
    task.failures = 0;
    task.accepted = true;
    return;
  case Answer::not_found: return; // done by somebody else, if a read agrees
  case Answer::pending: return plan_read(now + pending_pause);
  case Answer::market_closed: return give_up(key, IntentOutcome::deferred, answer.message, out);
  case Answer::account_refused:
    if (++task.failures >= account_refusals_before_giving_up) {
      return give_up(key, IntentOutcome::failed, answer.message, out);
    }
    if (task.failures == 1) {
      out.push_back(Alert{Alert::Severity::critical, "account-refused",
                          fmt::format("the gateway refuses {} for this account: {}",
                                      to_string(task.intent.kind), answer.message)});
    }
    return retry(task, account_refused_pause, now);
  case Answer::unauthorized: return retry(task, backoff(++task.failures), now);
  case Answer::rate_limited:
    return retry(task, retry_after ? model::Duration{*retry_after} : model::Duration{1s}, now);
  case Answer::fatal: return give_up(key, IntentOutcome::failed, answer.message, out);
  case Answer::invalid_size:
  case Answer::rejected:
  case Answer::unknown_error:
  case Answer::transient:
  case Answer::malformed:
    // The effect is unknown or the size was wrong: read first, then decide again.
    ++task.failures;
    return plan_read(now + backoff(task.failures));
  }
}

void Enforcer::retry(Task& task, model::Duration pause, Instant now) {
  task.phase = Phase::due;
  task.due_at = now + pause;
}

void Enforcer::give_up(const Key& key, IntentOutcome outcome, const std::string& why, Actions& out) {
  const Task& task = tasks_.at(key);
  out.push_back(Report{{task.intent.id, outcome, why}});
  out.push_back(
      Alert{Alert::Severity::critical,
            outcome == IntentOutcome::deferred ? "enforcement-deferred" : "enforcement-failed",
            fmt::format("{} {}: {}", to_string(task.intent.kind), task.intent.contract.value, why)});
  certificate_.detail = why;
  tasks_.erase(key);
}

model::Duration Enforcer::backoff(int failures) {
  return failures > 5 ? slow_pause : model::Duration{250ms} * (1 << std::max(0, failures - 1));
}

std::int32_t Enforcer::remaining(const Task& task, const model::Reconciled& read) {
  if (task.intent.kind == Kind::cancel_order) {
    return static_cast<std::int32_t>(
        std::count_if(read.orders.begin(), read.orders.end(),
                      [&](const auto& order) { return order.id == task.intent.order && order.live(); }));
  }
  for (const auto& position : read.positions) {
    if (position.contract == task.intent.contract) return position.size;
  }
  return 0;
}

} // namespace bulkhead::actors
