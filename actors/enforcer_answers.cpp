// What the gateway's answer to one request means for the task behind it (rules.md 3.1, "HTTP and API
// outcomes").

#include "actors/enforcer.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Instant;
using protocol::projectx::Answer;
using namespace std::chrono_literals;

namespace {

constexpr int rejections_before_the_other_endpoint = 3;
constexpr int bad_sizes_before_full_close = 3;
constexpr int failures_before_alarm = 5;
constexpr int refusals_before_giving_up = 10;
constexpr model::Duration refused_pause = 30s;
constexpr model::Duration pending_pause = 500ms;
constexpr model::Duration probe_pause = 60s;
constexpr std::array<model::Duration, 6> limited_pauses = {1s, 2s, 4s, 8s, 16s, 30s};

/// The codes by which a gateway says that the API may not act for an account: a live account, a follower.
bool refuses_for_good(model::EnforcementIntent::Kind kind, std::int64_t code, bool partial) {
  constexpr std::int64_t cancel_refused = 6;
  constexpr std::int64_t close_refused = 8;
  constexpr std::int64_t partial_refused = 9;
  if (kind == model::EnforcementIntent::Kind::cancel_order) return code == cancel_refused;
  return code == (partial ? partial_refused : close_refused);
}

} // namespace

void Enforcer::judge(Task& task, const Reply& reply, Instant now, Actions& out) {
  const auto& answer = reply.answer;
  read_later(task, now);
  if (answer.answer != Answer::unauthorized) task.unauthorized = 0;
  if (answer.answer != Answer::rate_limited) task.limited = 0;
  switch (answer.answer) {
  case Answer::accepted:
    task.failures = task.refused = task.rejected = 0;
    task.uncertain = true; // accepted is not executed
    task.ever_deferred = false;
    if (!refusal_.empty() && refuses_cancels_ == (task.intent.kind == Kind::cancel_order)) {
      out.emplace_back(Refusal{refusal_ = ""});
    }
    return;
  case Answer::not_found: return; // done by somebody else, if a read agrees
  case Answer::pending: task.uncertain = true; return read_later(task, now + pending_pause);
  case Answer::market_closed: return defer(task, answer.message, now, out);
  case Answer::account_refused: return judge_refusal(task, reply, now, out);
  case Answer::unauthorized:
    if (++task.unauthorized == 2) {
      out.emplace_back(Alert{Alert::Severity::critical, "token-refused",
                             "the gateway refuses a fresh token; logging in again"});
    }
    return retry(task, task.unauthorized == 1 ? model::Duration{0} : backoff(task.unauthorized - 1), now);
  case Answer::rate_limited: {
    const auto step =
        std::min<std::size_t>(static_cast<std::size_t>(task.limited++), limited_pauses.size() - 1);
    if (task.limited >= failures_before_alarm) raise_alarm(task, now, out);
    return retry(task, reply.retry_after ? model::Duration{*reply.retry_after} : limited_pauses[step], now);
  }
  case Answer::fatal:
    return give_up(task, answer.message.empty() ? task.last_result : answer.message, now, out);
  case Answer::invalid_size:
    if (++task.bad_sizes >= bad_sizes_before_full_close) task.whole = true, task.by_size = false;
    ++task.failures;
    return; // read at once: the size was wrong
  case Answer::rejected:
    if (hours_.closed_until(now)) return defer(task, "rejected while the market is closed", now, out);
    return judge_failure(task, reply, now, out);
  case Answer::unknown_error:
  case Answer::transient:
  case Answer::malformed: return judge_failure(task, reply, now, out);
  }
}

/// The effect is unknown: read first, then decide again.
void Enforcer::judge_failure(Task& task, const Reply& reply, Instant now, Actions& out) {
  const auto pause = backoff(++task.failures);
  if (task.failures >= failures_before_alarm) raise_alarm(task, now, out);
  if (!reply.left) return retry(task, pause, now);
  task.uncertain = reply.answer.answer != Answer::rejected;
  read_later(task, now + pause);
  if (task.intent.kind == Kind::cancel_order || task.intent.target > 0) return;
  // closeContract and partialCloseContract of all there is take turns; neither can open a position.
  if (++task.rejected < rejections_before_the_other_endpoint) return;
  task.rejected = 0;
  task.by_size = !task.by_size && !task.whole;
}

void Enforcer::judge_refusal(Task& task, const Reply& reply, Instant now, Actions& out) {
  const auto why = reply.answer.message.empty() ? task.last_result : reply.answer.message;
  if (refuses_for_good(task.intent.kind, reply.answer.code, task.bounded()) && refusal_.empty()) {
    refusal_ = why;
    refuses_cancels_ = task.intent.kind == Kind::cancel_order;
    out.emplace_back(Refusal{why});
    out.emplace_back(
        Alert{Alert::Severity::critical, "not-enforceable",
              fmt::format("NOT PROTECTED: the gateway refuses {} for this account: {}. Act by hand.",
                          to_string(task.intent.kind), why)});
  }
  if (++task.refused >= refusals_before_giving_up) return give_up(task, why, now, out);
  if (task.refused == 1) {
    out.emplace_back(Alert{
        Alert::Severity::critical, "account-refused",
        fmt::format("{} refused: {}; tried again every 30 s, ten times", to_string(task.intent.kind), why)});
  }
  retry(task, refused_pause, now);
}

void Enforcer::defer(Task& task, const std::string& why, Instant now, Actions& out) {
  // Somebody else brought it about meanwhile, if a read agrees.
  if (task.seen_at_target) return read_later(task, now);
  const auto opens = hours_.closed_until(now);
  task.phase = Phase::deferred;
  task.due_at = opens ? std::min(*opens, now + probe_pause) : now + probe_pause;
  if (task.ever_deferred) return;
  task.ever_deferred = true;
  if (task.result.error_message.empty()) task.result.error_message = why;
  end(task, CloseResult::Status::deferred, now, out);
  out.emplace_back(
      Alert{Alert::Severity::critical, "enforcement-deferred",
            fmt::format("{} {} waits for the market to open{}: {}", to_string(task.intent.kind),
                        task.intent.contract.value,
                        opens ? fmt::format(" at {}", model::format_instant(*opens)) : std::string{}, why)});
}

void Enforcer::give_up(Task& task, const std::string& why, Instant now, Actions& out) {
  if (task.result.error_message.empty()) task.result.error_message = why;
  end(task, CloseResult::Status::failed, now, out);
  out.emplace_back(
      Alert{Alert::Severity::critical, "enforcement-failed",
            fmt::format("{} {}: {}", to_string(task.intent.kind), task.intent.contract.value, why)});
  tasks_.erase(task.key());
}

model::Duration Enforcer::backoff(int failures) {
  jitter_.reset();
  model::Duration pause{};
  for (int i = 0; i < std::clamp(failures, 1, 6); ++i) pause = jitter_.next();
  return pause;
}

} // namespace bulkhead::actors
