// How the RiskEngine asks the rules, and what it makes of their verdicts.

#include "rules/book_queries.hpp"
#include "rules/risk_engine.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace bulkhead::rules {

using model::Alert;
using model::Decision;
using model::Event;

namespace {

constexpr std::uint32_t failures_before_alarm = 3;
constexpr std::size_t told_limit = 4096; // beyond it the day's warnings may come again

std::string subject_of(const Finding& finding) {
  return finding.contract && finding.subject.empty() ? finding.contract->value : finding.subject;
}

} // namespace

bool RiskEngine::is_due(const BoundRule& rule, model::Instant now) const {
  const auto wake = state_.wakes.find(rule.source);
  return wake != state_.wakes.end() && wake->second <= now;
}

void RiskEngine::run_rules(const Event& event, bool changed, Decision& decision, Plan& plan) {
  const model::EventMask kind = mask_of(event);
  // All are asked about the same state before any is heard, so their order decides nothing.
  std::vector<std::pair<const BoundRule*, Verdict>> verdicts;
  verdicts.reserve(rules_->rules.size());
  for (const auto& rule : rules_->rules) {
    if (!rule.applies_to(state_.id)) continue;
    const bool listens = changed && ((rule.events() | asked_always) & kind) != 0;
    if (!listens && !is_due(rule, event.at)) continue;
    if (auto verdict = ask(rule, context_of(event, rule.source), decision))
      verdicts.emplace_back(&rule, std::move(*verdict));
  }
  for (auto& [rule, verdict] : verdicts)
    hear(*rule, context_of(event, rule->source), std::move(verdict), decision, plan);
}

void RiskEngine::fail(const BoundRule& rule, const std::exception& failure, Decision& decision) {
  ++state_.irregular.rule_failures;
  if (++state_.failing[rule.source] == failures_before_alarm) {
    decision.alerts.push_back({Alert::Severity::critical, "rule-failing",
                               fmt::format("{} failed {} times in a row: {}", to_string(rule.source),
                                           failures_before_alarm, failure.what())});
  }
}

std::optional<Verdict> RiskEngine::ask(const BoundRule& rule, const RuleContext& context,
                                       Decision& decision) {
  // A rule that fails must not keep the others from protecting the account.
  try {
    Verdict verdict = rule.binding.evaluate(context);
    state_.failing.erase(rule.source);
    return verdict;
  } catch (const std::exception& failure) {
    fail(rule, failure, decision);
    return std::nullopt;
  }
}

void RiskEngine::hear(const BoundRule& rule, const RuleContext& context, Verdict verdict, Decision& decision,
                      Plan& plan) {
  // Whatever this rule no longer finds, it may announce again.
  std::erase_if(state_.breaches, [&](const auto& entry) {
    if (entry.first.first != rule.source || verdict.undecided.contains(entry.first.second)) return false;
    return std::none_of(verdict.findings.begin(), verdict.findings.end(),
                        [&](const Finding& finding) { return entry.first.second == subject_of(finding); });
  });
  remember(rule, verdict);
  tell(rule, std::move(verdict.notices), decision);
  if (verdict.restored && acts(rule)) restore(rule, *verdict.restored, decision);
  for (auto& finding : verdict.findings) act_on(rule, context, std::move(finding), decision, plan);
  for (auto& reason : verdict.reads) decision.reads.push_back({rule.source, std::move(reason)});
  automate(rule, std::move(verdict.automation), decision);
  if (!acts(rule)) return;
  for (const auto& order : verdict.gone) plan.want_gone(order.order, rule.source, order.reason);
}

void RiskEngine::remember(const BoundRule& rule, const Verdict& verdict) {
  // Both are sorted by subject, and mostly the subjects stay the same: they are changed where they stand.
  auto known = state_.memory.lower_bound({rule.source, std::string{}});
  const auto mine = [&] { return known != state_.memory.end() && known->first.first == rule.source; };
  for (const auto& [subject, memory] : verdict.memory) {
    while (mine() && known->first.second < subject) known = state_.memory.erase(known);
    if (mine() && known->first.second == subject)
      (known++)->second = memory;
    else
      state_.memory.emplace_hint(known, model::MemoryKey{rule.source, subject}, memory);
  }
  while (mine()) known = state_.memory.erase(known);
  if (verdict.wake_at)
    state_.wakes.insert_or_assign(rule.source, *verdict.wake_at);
  else
    state_.wakes.erase(rule.source);
}

void RiskEngine::tell(const BoundRule& rule, std::vector<Notice> notices, Decision& decision) {
  for (auto& notice : notices) {
    if (state_.told_today.size() >= told_limit) state_.told_today.clear();
    const bool first_today = state_.told_today.insert(to_string(rule.source) + "|" + notice.key).second;
    if (first_today) decision.alerts.push_back(std::move(notice.alert));
  }
}

void RiskEngine::restore(const BoundRule& rule, model::ClearCause cause, Decision& decision) {
  const auto& rows = state_.lockouts.rows();
  const bool any = std::any_of(rows.begin(), rows.end(), [&](const model::Lockout& row) {
    return row.source == rule.source && row.clear_on.has(cause);
  });
  if (!any) return;
  auto cleared = state_.lockouts.clear_source(rule.source, cause, decision.at);
  std::move(cleared.begin(), cleared.end(), std::back_inserter(decision.lockouts_cleared));
}

void RiskEngine::automate(const BoundRule& rule, std::vector<model::AutomationRequest> requests,
                          Decision& decision) {
  for (auto& request : requests) {
    request.source = rule.source;
    request.account = state_.id;
    // Counted over all contracts and instances: two positions may have begun at the same moment.
    const model::Source counter{rule.source.kind, rule.source.number, 0};
    request.ordinal = ++state_.ordinals[{counter, model::ContractId{}}];
    request.id = make_automation_id(request);
    if (!request.custom_tag.empty()) request.custom_tag += std::to_string(request.ordinal);
    if (!acts(rule)) {
      decision.alerts.push_back({Alert::Severity::info, "automation-dry-run",
                                 fmt::format("would {} in {}: {}", to_string(request.kind),
                                             request.contract.value, request.reason)});
    } else {
      decision.automation.push_back(std::move(request));
    }
  }
}

void RiskEngine::make_strict(const RuleContext& context, Finding& finding) const {
  finding.at_most = flatten(state_);
  finding.cancel = all_orders(state_);
  finding.lockout = hard_lockout(context, finding.reason, true);
  finding.lock_also.clear();
}

/// Told as it stands afterwards, which may be longer or stronger than what was asked for; once a step.
void RiskEngine::lock(const model::Lockout& wanted, Decision& decision) {
  if (!state_.lockouts.set(wanted)) return;
  const auto same = [&](const model::Lockout& row) {
    return row.source == wanted.source && row.symbol == wanted.symbol;
  };
  const auto& rows = state_.lockouts.rows();
  std::erase_if(decision.lockouts_set, same);
  decision.lockouts_set.push_back(*std::find_if(rows.begin(), rows.end(), same));
}

void RiskEngine::act_on(const BoundRule& rule, const RuleContext& context, Finding finding,
                        Decision& decision, Plan& plan) {
  if (rules_->strict_mode) make_strict(context, finding);
  const model::BreachKey key{rule.source, subject_of(finding)};
  const auto record = finding.contract ? state_.contracts.find(*finding.contract) : state_.contracts.end();
  const model::Epoch epoch = record == state_.contracts.end() ? 0 : record->second.epoch;
  const auto latch = state_.breaches.find(key);
  const auto occasion = finding.occasion.value_or(model::Instant{});
  // A breach again: only told until now, and the rule acts; only closed, and it locks.
  const bool fresh = latch == state_.breaches.end() || latch->second.epoch != epoch ||
                     occasion > latch->second.occasion ||
                     (acts(rule) && (latch->second.only_told || (finding.lockout && !latch->second.locked)));
  if (fresh) {
    state_.breaches[key] = {epoch, context.event.at, occasion, !acts(rule), finding.lockout.has_value()};
    decision.breaches.push_back({rule.source, state_.id, finding.contract, finding.actual, finding.limit,
                                 finding.reason, context.event.at, !acts(rule)});
  }
  if (!acts(rule)) return;
  // A lockout is set once per breach: from then on the gate enforces it, and an admin who lifts it is not
  // overruled.
  if (finding.lockout && !fresh) return;
  if (finding.lockout) {
    finding.lockout->source = rule.source;
    finding.lockout->created_at = context.event.at;
    lock(*finding.lockout, decision);
    for (const auto& root : finding.lock_also) {
      finding.lockout->symbol = root;
      lock(*finding.lockout, decision);
    }
  }
  for (const auto& target : finding.at_most) plan.want(target, rule.source, finding.reason);
  for (const auto order : finding.cancel) plan.want_gone(order, rule.source, finding.reason);
}

} // namespace bulkhead::rules
