#include "actors/enforcer.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::actors {

using model::Instant;
using namespace std::chrono_literals;

namespace {

constexpr model::Duration partial_close_settles = 1s;
constexpr model::Duration events_lag_at_most = 2s;
constexpr std::int64_t unpriced_contract = 10'000 * model::Money::per_dollar;

/// What the market would have to move by 100 percent to lose.
std::int64_t notional(const Enforce& order) {
  std::int64_t sum = 0;
  for (const auto& intent : order.intents) {
    if (intent.kind == model::EnforcementIntent::Kind::cancel_order) continue;
    const auto mark = std::find_if(order.marks.begin(), order.marks.end(),
                                   [&](const auto& m) { return m.contract == intent.contract; });
    const bool priced = mark != order.marks.end() && mark->price && mark->tick.valid();
    sum += priced ? mark->tick.pnl(*mark->price, intent.held).abs().micros
                  : std::abs(intent.held) * unpriced_contract;
  }
  return sum;
}

} // namespace

Enforcer::Enforcer(model::AccountId account, Instant started, MarketHours hours)
    : account_(account),
      started_(started),
      hours_(std::move(hours)),
      jitter_({250ms, 500ms, 1s, 2s, 4s, 5s}, static_cast<std::uint64_t>(account.value)) {}

Enforcer::Actions Enforcer::on_intents(const Enforce& order, Instant now) {
  record_.empty() ? record_.begin(account_, order) : record_.join(order);
  risk_ = std::max(tasks_.empty() ? 0 : risk_, notional(order));
  for (const auto& intent : order.intents) add(intent, now);
  Actions out;
  send_due(now, out);
  start_read_if_due(now, out);
  return out;
}

void Enforcer::add(const model::EnforcementIntent& intent, Instant now) {
  Task fresh;
  fresh.intent = intent;
  record_.add(intent);
  const auto [it, added] = tasks_.try_emplace(fresh.key());
  Task& task = it->second;
  if (!added) {
    const bool same = task.intent.epoch == intent.epoch && task.intent.target <= intent.target;
    // What is under way goes on under the newest id. So does a partial close whose effect nobody has seen
    // yet: another beside it could close too much; its read decides what is left to do.
    const bool under_way = task.phase == Phase::in_flight || task.phase == Phase::unproven;
    if (same || (task.bounded() && under_way && intent.target > 0)) {
      const auto target = same ? task.intent.target : intent.target;
      task.intent = intent;
      task.intent.target = target;
      return;
    }
  }
  task = std::move(fresh);
  task.held = std::abs(intent.held);
  task.due_at = now;
  task.result.requested_at = now;
  if (!task.bounded()) return;
  if (const auto echo = partial_close_may_echo(task, now)) {
    task.uncertain = true;
    task.answered_at = std::min(*echo, now);
    read_later(task, std::max(now, *echo + partial_close_settles));
  } else if (task.held <= intent.target) {
    read_later(task, now);
  }
}

/// An earlier partial close of this contract that the book may not show yet: an event sent before it can come
/// after it, and a process that just started does not know what its predecessor sent. A read decides then.
std::optional<Instant> Enforcer::partial_close_may_echo(const Task& task, Instant now) {
  std::erase_if(reduced_at_, [&](const auto& entry) { return entry.second + events_lag_at_most < now; });
  if (const auto it = reduced_at_.find(task.intent.contract); it != reduced_at_.end()) return it->second;
  if (now < started_ + partial_close_settles) return started_;
  return std::nullopt;
}

void Enforcer::send_due(Instant now, Actions& out) {
  for (auto& [key, task] : tasks_) {
    const bool waits = task.phase == Phase::due || task.phase == Phase::deferred;
    if (!waits || task.due_at > now) continue;
    if (task.bounded() && task.left() <= task.intent.target)
      read_later(task, now); // a partial close of nothing would close what may stay
    else
      send(task, out);
  }
}

void Enforcer::send(Task& task, Actions& out) {
  task.phase = Phase::in_flight;
  task.uncertain = false;
  task.seen_at_target.reset();
  task.tag = ++last_tag_;
  if (task.ticket == 0) task.ticket = task.tag;
  Send request{task.tag, task.intent.kind,        task.intent.contract, task.intent.order, 0, task.ticket,
               risk_,    task.result.attempts > 0};
  if (task.intent.kind != Kind::cancel_order) {
    request.kind = task.bounded() ? Kind::reduce_position : Kind::close_position;
    if (task.bounded()) request.size = task.left() - task.intent.target;
  }
  ++task.result.attempts;
  out.emplace_back(std::move(request));
}

Enforcer::Actions Enforcer::on_answer(std::uint64_t tag, const Reply& reply, Instant now) {
  Actions out;
  record_.add(reply.trace);
  const auto it =
      std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& entry) { return entry.second.tag == tag; });
  if (it == tasks_.end() || it->second.phase != Phase::in_flight) return out; // superseded meanwhile
  Task& task = it->second;
  task.answered_at = now;
  last_reply_at_ = now;
  if (task.bounded() && reply.left) reduced_at_[task.intent.contract] = now;
  task.ticket = 0;
  task.last_result = reply.trace.result;
  task.result.error_code = reply.answer.code;
  task.result.error_message = reply.answer.message;
  judge(task, reply, now, out);
  start_read_if_due(now, out);
  close_books(out);
  return out;
}

Enforcer::Actions Enforcer::on_held_back(std::uint64_t tag, Instant until) {
  for (auto& [key, task] : tasks_) {
    if (task.tag != tag || task.phase != Phase::in_flight) continue;
    task.phase = Phase::due;
    task.due_at = until;
    --task.result.attempts;
  }
  return {};
}

Enforcer::Actions Enforcer::on_timer(Instant now) {
  Actions out;
  send_due(now, out);
  start_read_if_due(now, out);
  return out;
}

void Enforcer::retry(Task& task, model::Duration pause, Instant now) {
  task.phase = Phase::due;
  task.due_at = now + pause;
}

void Enforcer::read_later(Task& task, Instant from) {
  task.phase = Phase::unproven;
  task.read_from = from;
}

std::optional<Instant> Enforcer::next_timer() const {
  std::optional<Instant> next = reading_ ? std::nullopt : next_read();
  for (const auto& [key, task] : tasks_) {
    const bool waits = task.phase == Phase::due || task.phase == Phase::deferred;
    if (waits && (!next || task.due_at < *next)) next = task.due_at;
  }
  return next;
}

EnforcementStatus Enforcer::status() const {
  EnforcementStatus status;
  status.open = static_cast<std::uint32_t>(tasks_.size());
  status.deferred = static_cast<std::uint32_t>(std::count_if(
      tasks_.begin(), tasks_.end(), [](const auto& entry) { return entry.second.ever_deferred; }));
  status.refusal = refusal_;
  status.alarm = alarm_;
  return status;
}

} // namespace bulkhead::actors
