// What reads and live events show of the targets: proof, or what is left to do.

#include "actors/enforcer.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Instant;
using model::IntentOutcome;
using namespace std::chrono_literals;

namespace {

constexpr int sweeps_before_alarm = 5;
constexpr model::Duration alarm_again_after = 5min;
constexpr model::Duration sweep_pause = 500ms;
constexpr model::Duration slow_pause = 5s;
constexpr model::Duration partial_close_settles = 1s;
constexpr model::Duration event_outweighs_reads = 2s;

std::int32_t left_by(const EnforcerTask& task, const model::Reconciled& read) {
  if (task.intent.kind == model::EnforcementIntent::Kind::cancel_order) {
    return static_cast<std::int32_t>(
        std::count_if(read.orders.begin(), read.orders.end(),
                      [&](const auto& order) { return order.id == task.intent.order && order.live(); }));
  }
  for (const auto& position : read.positions) {
    if (position.contract == task.intent.contract) return position.size;
  }
  return 0;
}

} // namespace

Enforcer::Actions Enforcer::on_book(const model::Reconciled& read, MonotonicNanos received, Instant now) {
  Actions out;
  reading_ = false;
  failed_reads_ = 0;
  no_read_before_ = {};
  record_.add_read();
  for (auto it = tasks_.begin(); it != tasks_.end();) {
    Task& task = it->second;
    const auto left = left_by(task, read);
    // A read asked for before the answer came proves nothing about it.
    const bool proves = task.phase != Phase::in_flight && task.answered_at <= read.requested_at;
    if (proves && left <= task.intent.target) {
      const bool asked = task.result.attempts > 0;
      end(task, asked ? CloseResult::Status::closed : CloseResult::Status::already_flat, now, out);
      it = tasks_.erase(it);
      continue;
    }
    const bool due = task.phase == Phase::unproven && task.read_from <= read.requested_at;
    if (proves && due) sweep(task, left, read.requested_at, now, out);
    ++it;
  }
  send_due(now, out);
  if (tasks_.empty()) {
    record_.proved(received, fmt::format("{} positions, {} live orders", read.positions.size(),
                                         std::count_if(read.orders.begin(), read.orders.end(),
                                                       [](const auto& order) { return order.live(); })));
  }
  start_read_if_due(now, out);
  close_books(out);
  return out;
}

void Enforcer::sweep(Task& task, std::int32_t left, Instant requested_at, Instant now, Actions& out) {
  task.held = left;
  if (requested_at >= task.live_at + event_outweighs_reads) task.live = left;
  // A live event said otherwise: the venue's reads lag behind its fills.
  if (task.seen_at_target && requested_at < *task.seen_at_target + event_outweighs_reads) {
    return read_later(task, now + sweep_pause);
  }
  const auto settles = task.bounded() ? partial_close_settles : sweep_pause;
  if (task.uncertain && (task.failures == 0 || task.bounded()) && requested_at < task.answered_at + settles) {
    return read_later(task, task.answered_at + settles);
  }
  ++task.sweeps;
  if (task.sweeps >= sweeps_before_alarm) raise_alarm(task, now, out);
  const bool slow = task.sweeps > sweeps_before_alarm && task.failures == 0;
  retry(task, slow ? slow_pause : model::Duration{0}, now);
}

void Enforcer::raise_alarm(const Task& task, Instant now, Actions& out) {
  alarm_ = fmt::format("{} {}{}: {} left after {} sweeps and {} requests; last answer: {}",
                       to_string(task.intent.kind), task.intent.contract.value,
                       task.intent.order.value != 0 ? fmt::format(" order {}", task.intent.order.value) : "",
                       task.held, task.sweeps, task.result.attempts, task.last_result);
  if (alarm_again_at_ && now < *alarm_again_at_) return;
  alarm_again_at_ = now + alarm_again_after;
  out.emplace_back(Alert{Alert::Severity::critical, "enforcement-not-flat", alarm_ + "; going on"});
}

Enforcer::Actions Enforcer::on_book_changed(const BookChanged& book, Instant now) {
  Actions out;
  if (book.fill && !record_.empty()) record_.add(*book.fill);
  if (book.received == 0) return out; // a read; the Enforcer has its own
  for (auto& [key, task] : tasks_) {
    if (key.cancel) {
      const bool there = std::find(book.orders.begin(), book.orders.end(), key.order) != book.orders.end();
      if (!there && task.phase == Phase::unproven) task.read_from = std::min(task.read_from, now);
      continue;
    }
    std::int32_t held = 0;
    for (const auto& [contract, quantity] : book.positions) {
      if (contract == key.contract) held = std::abs(quantity);
    }
    task.live = held;
    task.live_at = now;
    if (held > task.intent.target) {
      task.seen_at_target.reset();
      continue;
    }
    if (task.result.attempts > 0) record_.reached(key.contract, book.received);
    if (task.phase == Phase::due || task.phase == Phase::deferred) read_later(task, now);
    if (!task.seen_at_target && task.phase == Phase::unproven) task.read_from = std::min(task.read_from, now);
    task.seen_at_target = now;
  }
  start_read_if_due(now, out);
  return out;
}

void Enforcer::end(const Task& task, CloseResult::Status status, Instant now, Actions& out) {
  const auto outcome = status == CloseResult::Status::failed     ? IntentOutcome::failed
                       : status == CloseResult::Status::deferred ? IntentOutcome::deferred
                                                                 : IntentOutcome::achieved;
  out.emplace_back(Report{{task.intent.id, outcome, to_json(record_.finish(task.ended(status, now)))}});
}

void Enforcer::close_books(Actions& out) {
  const bool all_deferred = std::all_of(tasks_.begin(), tasks_.end(), [](const auto& entry) {
    return entry.second.phase == Phase::deferred && entry.second.ever_deferred;
  });
  if (!all_deferred || !record_.has_results()) return;
  out.emplace_back(record_.close());
  if (!tasks_.empty()) {
    // What is deferred gets a certificate of its own once it is done.
    Enforce rest;
    for (const auto& [key, task] : tasks_) rest.intents.push_back(task.intent);
    record_.begin(account_, rest);
    for (const auto& intent : rest.intents) record_.add(intent);
    return;
  }
  if (!alarm_.empty()) {
    out.emplace_back(Alert{Alert::Severity::info, "enforcement-alarm-over",
                           fmt::format("what stood open is done: {}", alarm_)});
  }
  alarm_.clear();
  alarm_again_at_.reset();
  risk_ = 0;
}

} // namespace bulkhead::actors
