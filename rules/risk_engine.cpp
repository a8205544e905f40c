#include "rules/risk_engine.hpp"

#include "rules/book_queries.hpp"
#include "rules/registry.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::Alert;
using model::Decision;
using model::Event;

namespace {

/// Events on which every rule is evaluated, whatever it listens to.
constexpr model::EventMask always =
    model::events<model::Reconciled, model::ConfigReloaded, model::DailyReset, model::TimeReached>();
constexpr int failures_before_alarm = 3;

} // namespace

std::shared_ptr<const RuleSet> make_rule_set(const model::Config& config, model::Problems& problems) {
  return std::make_shared<RuleSet>(
      RuleSet{bind_rules(config, problems), config.reset, config.roots, config.global.strict_mode});
}

RiskEngine::RiskEngine(model::AccountState state, std::shared_ptr<const RuleSet> rules)
    : state_(std::move(state)), rules_(std::move(rules)) {
  model::require(rules_ != nullptr, "a RiskEngine needs a rule set");
}

void RiskEngine::use_rules(std::shared_ptr<const RuleSet> rules) {
  model::require(rules != nullptr, "a RiskEngine needs a rule set");
  rules_ = std::move(rules);
}

Decision RiskEngine::step(const Event& event) {
  Decision decision;
  decision.at = event.at;
  Plan plan;
  const model::Applied applied = apply(state_, event);
  take_orders(event, decision, plan);
  end_lockouts(event, decision);
  forget_fulfilled();
  resume_interrupted(plan);
  gate(plan);
  if (applied == model::Applied::changed) run_rules(event, decision, plan);
  issue(plan, decision);
  wake(decision);
  return decision;
}

void RiskEngine::end_lockouts(const Event& event, Decision& decision) {
  const auto add = [&](std::vector<model::ClearedLockout> cleared) {
    std::move(cleared.begin(), cleared.end(), std::back_inserter(decision.lockouts_cleared));
  };
  add(state_.lockouts.expire(event.at));
  if (std::holds_alternative<model::DailyReset>(event.payload)) {
    add(state_.lockouts.clear_by(model::ClearCause::daily_reset, event.at));
  }
}

void RiskEngine::run_rules(const Event& event, Decision& decision, Plan& plan) {
  const RuleContext context{state_, event, rules_->reset, rules_->roots};
  const model::EventMask kind = mask_of(event);
  for (const auto& rule : rules_->rules) {
    const bool listens = ((rule.events() | always) & kind) != 0;
    if (listens && rule.applies_to(state_.id)) run_rule(rule, context, decision, plan);
  }
}

void RiskEngine::run_rule(const BoundRule& rule, const RuleContext& context, Decision& decision, Plan& plan) {
  Verdict verdict;
  // A rule that fails must not keep the others from protecting the account.
  try {
    verdict = rule.binding.evaluate(context);
    failures_in_a_row_.erase(rule.source);
  } catch (const std::exception& failure) {
    ++state_.irregular.rule_failures;
    if (++failures_in_a_row_[rule.source] == failures_before_alarm) {
      decision.alerts.push_back({Alert::Severity::critical, "rule-failing",
                                 fmt::format("{} failed {} times in a row: {}", to_string(rule.source),
                                             failures_before_alarm, failure.what())});
    }
    return;
  }
  // Whatever this rule no longer finds, it may announce again.
  std::erase_if(state_.breaches, [&](const auto& entry) {
    if (entry.first.first != rule.source) return false;
    return std::none_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) {
      return entry.first.second == (finding.contract ? finding.contract->value : std::string{});
    });
  });
  for (auto& notice : verdict.notices) {
    const bool first_today = state_.told_today.insert(to_string(rule.source) + "|" + notice.key).second;
    if (first_today) decision.alerts.push_back(std::move(notice.alert));
  }
  if (verdict.wake_at && (!decision.wake_at || *verdict.wake_at < *decision.wake_at)) {
    decision.wake_at = verdict.wake_at;
  }
  for (auto& finding : verdict.findings) act_on(rule, context, std::move(finding), decision, plan);
}

void RiskEngine::make_strict(const RuleContext& context, Finding& finding) const {
  finding.at_most = flatten(state_);
  finding.cancel = all_orders(state_);
  finding.lockout = hard_lockout(context, finding.reason, true);
}

void RiskEngine::act_on(const BoundRule& rule, const RuleContext& context, Finding finding,
                        Decision& decision, Plan& plan) {
  if (rules_->strict_mode) make_strict(context, finding);
  const model::BreachKey key{rule.source, finding.contract ? finding.contract->value : std::string{}};
  const auto record = finding.contract ? state_.contracts.find(*finding.contract) : state_.contracts.end();
  const model::Epoch epoch = record == state_.contracts.end() ? 0 : record->second.epoch;
  const auto latch = state_.breaches.find(key);
  const bool fresh = latch == state_.breaches.end() || latch->second.epoch != epoch;
  if (fresh) {
    state_.breaches.insert_or_assign(key, model::BreachLatch{epoch, context.event.at});
    decision.breaches.push_back({rule.source, state_.id, finding.contract, finding.actual, finding.limit,
                                 finding.reason, context.event.at, rule.dry_run});
  }
  if (rule.dry_run) return;
  // A lockout is set once per breach: from then on the gate enforces it, and an admin who lifts it is not
  // overruled.
  if (finding.lockout && !fresh) return;
  if (finding.lockout) {
    finding.lockout->source = rule.source;
    finding.lockout->created_at = context.event.at;
    if (state_.lockouts.set(*finding.lockout)) decision.lockouts_set.push_back(*finding.lockout);
  }
  for (const auto& target : finding.at_most) plan.want(target, rule.source, finding.reason);
  for (const auto order : finding.cancel) plan.want_gone(order, rule.source, finding.reason);
}

std::vector<RiskEngine::RuleStatus> RiskEngine::rule_status(model::Instant now) const {
  const Event event{now, 0, model::TimeReached{}};
  const RuleContext context{state_, event, rules_->reset, rules_->roots};
  std::vector<RuleStatus> out;
  for (const auto& rule : rules_->rules) {
    if (!rule.applies_to(state_.id)) continue;
    out.push_back({&rule, rule.binding.gauge ? rule.binding.gauge(context) : std::nullopt});
  }
  return out;
}

} // namespace bulkhead::rules
