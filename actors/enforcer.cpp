#include "actors/enforcer.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Instant;
using model::IntentOutcome;
using protocol::projectx::Classified;
using namespace std::chrono_literals;

namespace {

constexpr int sweeps_before_alarm = 5;
constexpr model::Duration sweep_pause = 500ms;
constexpr model::Duration slow_pause = 5s;
constexpr model::Duration partial_close_settles = 1s;

} // namespace

Enforcer::Actions Enforcer::on_intents(const Enforce& order, Instant now) {
  if (tasks_.empty()) {
    certificate_ = {};
    certificate_.account = account_;
    certificate_.stamps = order.stamps;
    if (!order.intents.empty()) certificate_.reason = order.intents.front().reason;
  }
  for (const auto& intent : order.intents) add(intent, now);
  Actions out;
  send_due(now, out);
  return out;
}

void Enforcer::add(const model::EnforcementIntent& intent, Instant now) {
  const bool cancel = intent.kind == Kind::cancel_order;
  const Key key{cancel, cancel ? model::ContractId{} : intent.contract, intent.order};
  certificate_.done.push_back(intent);
  const auto [it, added] = tasks_.try_emplace(key);
  Task& task = it->second;
  // A new epoch or a smaller target replaces what is under way; its reply, if one is due, no longer matters.
  const bool same = !added && task.intent.epoch == intent.epoch && task.intent.target <= intent.target;
  if (same) return;
  task = Task{};
  task.intent = intent;
  task.held = std::abs(intent.held);
  task.due_at = now;
}

void Enforcer::send_due(Instant now, Actions& out) {
  for (auto& [key, task] : tasks_) {
    if (task.phase == Phase::due && task.due_at <= now) send(task, out);
  }
}

void Enforcer::send(Task& task, Actions& out) {
  task.phase = Phase::in_flight;
  task.accepted = false;
  task.tag = ++last_tag_;
  const bool partial = task.intent.kind == Kind::reduce_position && task.intent.target > 0;
  out.push_back(Send{task.tag, partial ? Kind::reduce_position : task.intent.kind, task.intent.contract,
                     task.intent.order, partial ? task.held - task.intent.target : 0});
}

Enforcer::Actions Enforcer::on_answer(std::uint64_t tag, const Classified& answer, RequestTrace trace,
                                      std::optional<std::chrono::seconds> retry_after, Instant now) {
  Actions out;
  const auto it =
      std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& t) { return t.second.tag == tag; });
  certificate_.requests.push_back(std::move(trace));
  if (it == tasks_.end() || it->second.phase != Phase::in_flight) return out;
  Task& task = it->second;
  const Key key = it->first;
  task.answered_at = now;
  task.last_result = certificate_.requests.back().result;
  judge(task, key, answer, retry_after, now, out);
  // All answers are in: prove it. The reads come after the closes, never before them.
  const bool waiting = std::any_of(tasks_.begin(), tasks_.end(),
                                   [](const auto& t) { return t.second.phase == Phase::in_flight; });
  const bool unproven = std::any_of(tasks_.begin(), tasks_.end(),
                                    [](const auto& t) { return t.second.phase == Phase::unproven; });
  if (!waiting && unproven && !reading_ && (!read_at_ || *read_at_ <= now)) {
    read_at_.reset();
    reading_ = true;
    out.push_back(ReadBook{});
  }
  finish_if_idle(out);
  return out;
}

Enforcer::Actions Enforcer::on_held_back(std::uint64_t tag, Instant until) {
  for (auto& [key, task] : tasks_) {
    if (task.tag != tag || task.phase != Phase::in_flight) continue;
    task.phase = Phase::due;
    task.due_at = until;
  }
  return {};
}

Enforcer::Actions Enforcer::on_book(const model::Reconciled& read, MonotonicNanos received, Instant now) {
  Actions out;
  reading_ = false;
  ++certificate_.reads;
  for (auto it = tasks_.begin(); it != tasks_.end();) {
    Task& task = it->second;
    // A read asked for before the answer came proves nothing about it.
    const bool proves = task.phase != Phase::in_flight && task.answered_at <= read.requested_at;
    if (proves && remaining(task, read) <= task.intent.target) {
      out.push_back(Report{{task.intent.id, IntentOutcome::achieved, task.last_result}});
      it = tasks_.erase(it);
      continue;
    }
    if (proves && task.phase == Phase::unproven) sweep(task, read, now, out);
    ++it;
  }
  send_due(now, out);
  if (tasks_.empty()) {
    certificate_.achieved = certificate_.detail.empty();
    certificate_.verified = received;
    if (certificate_.achieved) {
      certificate_.detail =
          fmt::format("{} positions, {} live orders", read.positions.size(), read.orders.size());
    }
  }
  finish_if_idle(out);
  return out;
}

void Enforcer::sweep(Task& task, const model::Reconciled& read, Instant now, Actions& out) {
  task.held = remaining(task, read);
  const bool partial = task.intent.kind == Kind::reduce_position && task.intent.target > 0;
  const model::Duration settles = partial ? partial_close_settles : sweep_pause;
  if (task.accepted && read.requested_at < task.answered_at + settles) {
    return plan_read(task.answered_at + settles); // accepted, and the venue's own reads lag behind its fills
  }
  ++task.sweeps;
  if (task.sweeps == sweeps_before_alarm) {
    out.push_back(Alert{Alert::Severity::critical, "enforcement-not-flat",
                        fmt::format("{} {} not achieved after {} sweeps, {} left; last answer: {}",
                                    to_string(task.intent.kind), task.intent.contract.value, task.sweeps,
                                    task.held, task.last_result)});
  }
  retry(task,
        task.sweeps > sweeps_before_alarm ? slow_pause
        : task.failures > 0               ? backoff(task.failures)
                                          : model::Duration{0},
        now);
}

Enforcer::Actions Enforcer::on_read_failed(Instant now) {
  reading_ = false;
  plan_read(now + sweep_pause);
  return {};
}

void Enforcer::plan_read(Instant at) {
  if (!read_at_ || at < *read_at_) read_at_ = at;
}

Enforcer::Actions Enforcer::on_timer(Instant now) {
  Actions out;
  send_due(now, out);
  if (read_at_ && *read_at_ <= now && !reading_ && !tasks_.empty()) {
    read_at_.reset();
    reading_ = true;
    out.push_back(ReadBook{});
  }
  return out;
}

std::optional<Instant> Enforcer::next_timer() const {
  std::optional<Instant> next = tasks_.empty() ? std::nullopt : read_at_;
  for (const auto& [key, task] : tasks_) {
    if (task.phase == Phase::due && (!next || task.due_at < *next)) next = task.due_at;
  }
  return next;
}

void Enforcer::finish_if_idle(Actions& out) {
  if (!tasks_.empty() || certificate_.done.empty()) return;
  out.push_back(std::move(certificate_));
  certificate_ = {};
  read_at_.reset();
}

} // namespace bulkhead::actors
