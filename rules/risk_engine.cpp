#include "rules/risk_engine.hpp"

#include "model/trade_counter.hpp"
#include "rules/book_queries.hpp"
#include "rules/registry.hpp"

#include <algorithm>
#include <iterator>

namespace bulkhead::rules {

using model::Decision;
using model::Event;

std::shared_ptr<const RuleSet> make_rule_set(const model::Config& config, model::Problems& problems) {
  return std::make_shared<RuleSet>(RuleSet{bind_rules(config, problems), config.reset, config.roots,
                                           config.global.strict_mode, config.holidays, config.news,
                                           config.alerts.room});
}

RiskEngine::RiskEngine(model::AccountState state, std::shared_ptr<const RuleSet> rules)
    : state_(std::move(state)), rules_(std::move(rules)) {
  model::require(rules_ != nullptr, "a RiskEngine needs a rule set");
  // States that earlier releases have written keep them in the order in which they began.
  std::stable_partition(state_.closes.begin(), state_.closes.end(),
                        [](const model::CloseSpan& span) { return span.to.has_value(); });
}

void RiskEngine::use_rules(std::shared_ptr<const RuleSet> rules) {
  model::require(rules != nullptr, "a RiskEngine needs a rule set");
  rules_ = std::move(rules);
  all_heard_ = false;
  stated_.clear();
}

Decision RiskEngine::step(const Event& event) {
  Decision decision;
  decision.at = event.at;
  Plan plan;
  const auto earlier = state_.history.earlier;
  const model::Applied applied = apply(state_, event);
  if (is_calm(event, applied)) {
    wake(decision);
    return decision;
  }
  stated_.clear();
  if (const auto* read = std::get_if<model::HistoryRead>(&event.payload);
      read != nullptr && applied == model::Applied::changed) {
    if (state_.history.earlier != earlier) tell_of_past(*read, decision);
    if (read->highs) tell_of_highs(*read->highs, decision);
  }
  forget_removed_rules(event);
  heed_person(event, decision);
  take_orders(event, decision, plan);
  end_lockouts(event, decision);
  forget_fulfilled();
  resume_interrupted(plan);
  gate(plan);
  run_rules(event, applied == model::Applied::changed, decision, plan);
  if (applied == model::Applied::changed && !rules_->room.empty()) warn_of_room(event, decision);
  issue(plan, decision);
  // A stop that is moved while its position is being closed only takes a request away from the close.
  std::erase_if(decision.automation, [&](const auto& request) {
    const bool stays = !state_.pending_closes.contains(request.contract) &&
                       !state_.lockouts.mode_for(rules_->roots.root_of(request.contract));
    if (!stays) forget_request(request);
    return !stays;
  });
  follow_closes(state_, event.at);
  wake(decision);
  note_heard(event, applied, decision);
  return decision;
}

void RiskEngine::heed_person(const Event& event, Decision& decision) {
  using model::Alert;
  if (const auto* turned = std::get_if<model::EnforcementSwitched>(&event.payload)) {
    // What was only told until now is a breach again, and acted upon.
    if (turned->on) state_.breaches.clear();
    decision.alerts.push_back(
        turned->on
            ? Alert{Alert::Severity::warning, "enforcement-on", "the account is enforced again"}
            : Alert{Alert::Severity::critical, "enforcement-off",
                    "DISABLED: nothing is enforced for the account until it is enabled: " + turned->reason});
    return;
  }
  if (const auto* told = std::get_if<model::BalanceAdjusted>(&event.payload))
    decision.alerts.push_back({Alert::Severity::warning, "balance-told", to_string(*told)});
  constexpr auto reminding = model::events<model::DailyReset, model::Restarted>();
  if (state_.disabled && (mask_of(event) & reminding) != 0)
    decision.alerts.push_back(
        {Alert::Severity::warning, "enforcement-off", "DISABLED: nothing is enforced for the account"});
}

void RiskEngine::end_lockouts(const Event& event, Decision& decision) {
  const auto add = [&](std::vector<model::ClearedLockout> cleared) {
    std::move(cleared.begin(), cleared.end(), std::back_inserter(decision.lockouts_cleared));
  };
  add(state_.lockouts.expire(event.at));
  if (const auto* reset = std::get_if<model::DailyReset>(&event.payload)) {
    // A reset comes a little late: what was laid since the day began belongs to that day.
    auto ended = state_.lockouts.clear_by(model::ClearCause::daily_reset, reset->start);
    for (auto& one : ended) one.at = event.at;
    add(std::move(ended));
  }
  // A condition that is still true when its lockout ends on its own is a breach again.
  for (const auto& ended : decision.lockouts_cleared) {
    if (ended.cause == model::ClearCause::admin) continue;
    std::erase_if(state_.breaches,
                  [&](const auto& entry) { return entry.first.first == ended.lockout.source; });
  }
}

void RiskEngine::flatten_by_hand(const model::FlattenOrdered& wish, Plan& plan) const {
  if (state_.disabled && wish.source != model::Source::manual()) return;
  if (wish.epoch && wish.contract) {
    const auto meant = state_.positions.find(*wish.contract);
    if (meant == state_.positions.end() || meant->second.epoch != *wish.epoch) return;
  }
  if (!wish.only_orders && !wish.order) {
    for (const auto& target : flatten(state_)) {
      if (!wish.contract || target.contract == *wish.contract) plan.want(target, wish.source, wish.reason);
    }
  }
  for (const auto& [id, live] : state_.orders) {
    const bool meant =
        wish.order ? id == *wish.order : !wish.contract || live.order.contract == *wish.contract;
    if (meant) plan.want_gone(id, wish.source, wish.reason);
  }
}

void RiskEngine::forget_removed_rules(const Event& event) {
  if (!std::holds_alternative<model::ConfigReloaded>(event.payload)) return;
  const auto removed = [&](model::Source source) {
    return std::none_of(rules_->rules.begin(), rules_->rules.end(),
                        [&](const BoundRule& rule) { return rule.source == source; });
  };
  std::erase_if(state_.memory, [&](const auto& entry) { return removed(entry.first.first); });
  std::erase_if(state_.breaches, [&](const auto& entry) { return removed(entry.first.first); });
  std::erase_if(state_.wakes, [&](const auto& entry) { return removed(entry.first); });
  std::erase_if(state_.failing, [&](const auto& entry) { return removed(entry.first); });
}

/// Enforcement read that the target is reached, and nobody spoke of the position since it was asked for: the
/// book missed something. What it still shows is closed again once an event or a read speaks of it.
void RiskEngine::doubt_what_is_proven_gone(const model::IntentReported& report) {
  if (report.outcome != model::IntentOutcome::achieved) return;
  for (const auto& [contract, pending] : state_.pending_closes) {
    const auto held = state_.positions.find(contract);
    if (pending.id != report.intent || held == state_.positions.end()) continue;
    auto& position = held->second;
    if (position.epoch == pending.epoch && position.seen_at <= pending.issued_at)
      position.seen_at = state_.trusted_from - model::Duration{1};
  }
}

void RiskEngine::resume_interrupted(Plan& plan) const {
  for (const auto& [contract, pending] : state_.pending_closes) {
    if (pending.resume) plan.want({contract, pending.target}, pending.source, "interrupted by a restart");
  }
  for (const auto& [order, pending] : state_.pending_cancels) {
    if (pending.resume) plan.want_gone(order, pending.source, "interrupted by a restart");
  }
}

void RiskEngine::forget_request(const model::AutomationRequest& request) {
  const auto memory = state_.memory.find({request.source, request.contract.value});
  if (memory == state_.memory.end()) return;
  memory->second = {memory->second.epoch, std::nullopt, std::nullopt, std::nullopt, memory->second.number};
}

RuleContext RiskEngine::context_of(const Event& event, model::Source source) const {
  return {state_, event, rules_->reset, rules_->roots, rules_->holidays, rules_->news, source};
}

std::vector<RiskEngine::RuleStatus> RiskEngine::rule_status(model::Instant now) const {
  const Event event{now, 0, model::TimeReached{}};
  std::vector<RuleStatus> out;
  for (const auto& rule : rules_->rules) {
    if (!rule.applies_to(state_.id)) continue;
    // A figure that cannot be shown must not end the account.
    try {
      const auto& read = rule.binding.gauge;
      const auto gauge = read ? read(context_of(event, rule.source)) : std::nullopt;
      out.push_back({&rule, gauge, gauge ? room_of(*gauge, state_) : Room{}});
    } catch (const std::exception&) {
      out.push_back({&rule, std::nullopt, {}});
    }
  }
  return out;
}

} // namespace bulkhead::rules
