// The other half of the RiskEngine: operator commands, the lockout gate, and turning wishes into intents
// exactly once.

#include "rules/book_queries.hpp"
#include "rules/risk_engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <tuple>

namespace bulkhead::rules {

using model::ContractId;
using model::Decision;
using model::EnforcementIntent;
using model::Event;
using model::Lockout;
using model::LockoutMode;
using model::OrderId;
using model::Position;
using model::Source;

namespace {

constexpr auto retry_failed_after = std::chrono::seconds{30};
constexpr auto retry_deferred_after = std::chrono::seconds{60};

std::string locked_by(const Lockout& row) {
  return fmt::format("locked by {}: {}", to_string(row.source), row.reason);
}

/// How much of `position` a no_new_exposure row lets stay.
std::int32_t allowed_by(const Lockout& row, const Position& position) {
  const auto it = row.baseline.find(position.contract);
  if (it == row.baseline.end() || (it->second < 0) != (position.quantity < 0)) return 0;
  return std::abs(it->second);
}

/// In the hands of enforcement: neither interrupted by a restart nor due for another try.
bool under_way(const model::PendingIntent& pending, model::Instant now) {
  return !pending.resume && (!pending.retry_at || *pending.retry_at > now);
}

model::PendingIntent pending_of(const EnforcementIntent& intent, model::Instant at) {
  return {intent.id, intent.source, intent.epoch, intent.target, intent.ordinal, at, std::nullopt, false};
}

} // namespace

void RiskEngine::take_orders(const Event& event, Decision& decision, Plan& plan) {
  if (const auto* ordered = std::get_if<model::LockoutOrdered>(&event.payload)) {
    model::Lockout row = ordered->lockout;
    if (row.mode == LockoutMode::no_new_exposure && row.baseline.empty()) {
      for (const auto& [contract, position] : state_.positions) row.baseline[contract] = position.quantity;
    }
    lock(row, decision);
  } else if (const auto* lifted = std::get_if<model::LockoutLifted>(&event.payload)) {
    decision.lockouts_cleared =
        state_.lockouts.clear_source(lifted->source, model::ClearCause::admin, event.at);
  } else if (const auto* ordered_flat = std::get_if<model::FlattenOrdered>(&event.payload)) {
    flatten_by_hand(*ordered_flat, plan);
  } else if (const auto* report = std::get_if<model::IntentReported>(&event.payload)) {
    const auto take = [&](auto& pending) {
      const auto it = std::find_if(pending.begin(), pending.end(),
                                   [&](const auto& entry) { return entry.second.id == report->intent; });
      if (it == pending.end()) return;
      switch (report->outcome) {
      case model::IntentOutcome::achieved: pending.erase(it); break;
      case model::IntentOutcome::failed: it->second.retry_at = event.at + retry_failed_after; break;
      case model::IntentOutcome::deferred: it->second.retry_at = event.at + retry_deferred_after; break;
      }
    };
    doubt_what_is_proven_gone(*report);
    take(state_.pending_closes);
    take(state_.pending_cancels);
  }
}

void RiskEngine::forget_fulfilled() {
  std::erase_if(state_.pending_closes, [&](const auto& entry) {
    const auto it = state_.positions.find(entry.first);
    return it == state_.positions.end() || it->second.epoch != entry.second.epoch ||
           it->second.size() <= entry.second.target;
  });
  std::erase_if(state_.pending_cancels,
                [&](const auto& entry) { return !state_.orders.contains(entry.first); });
  // A baseline shrinks with its position and never grows back.
  for (auto& row : state_.lockouts.rows()) {
    for (auto& [contract, kept] : row.baseline) {
      const auto held = state_.expected_quantity(contract, state_.last_event);
      if (kept == 0 || (held < 0) != (kept < 0) || held == 0) {
        kept = 0;
      } else if (std::abs(held) < std::abs(kept)) {
        kept = held;
      }
    }
  }
}

void RiskEngine::gate(Plan& plan) const {
  if (state_.disabled || !state_.lockouts.locked()) return;
  // Of rows that want the same, the lowest source gives the reason, in whatever order they were laid.
  std::vector<const Lockout*> rows;
  for (const auto& row : state_.lockouts.rows()) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(), [](const Lockout* a, const Lockout* b) {
    return std::tie(a->source, a->symbol) < std::tie(b->source, b->symbol);
  });
  for (const auto* laid : rows) {
    const Lockout& row = *laid;
    for (const auto& [contract, position] : state_.positions) {
      if (!covers(row, rules_->roots.root_of(contract))) continue;
      const std::int32_t allowed = row.mode == LockoutMode::flatten ? 0 : allowed_by(row, position);
      if (position.size() > allowed) plan.want({contract, allowed}, Source::gate(), locked_by(row));
    }
    for (const auto& [id, live] : state_.orders) {
      const auto& order = live.order;
      if (!order.resting() || !covers(row, rules_->roots.root_of(order.contract))) continue;
      // An order that only reduces what is open stays; once flat, the same order would open a position.
      const auto held = state_.quantity(order.contract);
      if (increases_exposure(order, held)) plan.want_gone(id, Source::gate(), locked_by(row));
    }
  }
}

void RiskEngine::issue(const Plan& plan, Decision& decision) {
  for (const auto& [contract, wish] : plan.at_most) issue_close(contract, wish, decision);
  for (const auto& [order, wish] : plan.cancel) issue_cancel(order, wish, decision);
}

void RiskEngine::issue_close(const ContractId& contract, const Wish& wish, Decision& decision) {
  const auto it = state_.positions.find(contract);
  if (it == state_.positions.end() || it->second.size() <= wish.target) return;
  const Position& position = it->second;
  if (!state_.trusted(position.seen_at)) return;
  const auto pending = state_.pending_closes.find(contract);
  const bool known = pending != state_.pending_closes.end() && pending->second.epoch == position.epoch &&
                     pending->second.target <= wish.target;
  if (known && under_way(pending->second, decision.at)) return;
  const bool resumes = known && pending->second.resume;
  EnforcementIntent intent;
  intent.kind =
      wish.target == 0 ? EnforcementIntent::Kind::close_position : EnforcementIntent::Kind::reduce_position;
  intent.account = state_.id;
  intent.contract = contract;
  intent.held = position.quantity;
  intent.target = wish.target;
  intent.epoch = position.epoch;
  intent.source = resumes ? pending->second.source : wish.source;
  intent.ordinal = resumes ? pending->second.ordinal : ++state_.ordinals[{wish.source, contract}];
  intent.reason = wish.reason;
  intent.id = make_intent_id(intent);
  state_.pending_closes.insert_or_assign(contract, pending_of(intent, decision.at));
  if (intent.source == Source::gate()) count_violation(intent);
  decision.intents.push_back(std::move(intent));
}

void RiskEngine::issue_cancel(OrderId order, const Wish& wish, Decision& decision) {
  const auto it = state_.orders.find(order);
  if (it == state_.orders.end() || it->second.order.status == model::OrderStatus::pending_cancellation)
    return;
  if (!state_.trusted(it->second.seen_at)) return;
  const auto pending = state_.pending_cancels.find(order);
  const bool known = pending != state_.pending_cancels.end();
  if (known && under_way(pending->second, decision.at)) return;
  const bool resumes = known && pending->second.resume;
  EnforcementIntent intent;
  intent.kind = EnforcementIntent::Kind::cancel_order;
  intent.account = state_.id;
  intent.contract = it->second.order.contract;
  intent.order = order;
  intent.source = resumes ? pending->second.source : wish.source;
  intent.ordinal = resumes ? pending->second.ordinal : known ? pending->second.ordinal + 1 : 1;
  intent.reason = wish.reason;
  intent.id = make_intent_id(intent);
  state_.pending_cancels.insert_or_assign(order, pending_of(intent, decision.at));
  if (intent.source == Source::gate()) count_violation(intent);
  decision.intents.push_back(std::move(intent));
}

void RiskEngine::count_violation(const EnforcementIntent& intent) {
  const auto root = rules_->roots.root_of(intent.contract);
  for (auto& row : state_.lockouts.rows()) {
    if (covers(row, root)) ++row.violations;
  }
}

void RiskEngine::wake(Decision& decision) const {
  const auto sooner = [&](std::optional<model::Instant> at) {
    if (at && *at > decision.at && (!decision.wake_at || *at < *decision.wake_at)) decision.wake_at = at;
  };
  sooner(state_.lockouts.next_expiry());
  for (const auto& [source, at] : state_.wakes) sooner(at);
  for (const auto& [contract, pending] : state_.pending_closes) sooner(pending.retry_at);
  for (const auto& [order, pending] : state_.pending_cancels) sooner(pending.retry_at);
}

} // namespace bulkhead::rules
