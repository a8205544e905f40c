// What a GroupCore makes of the verdicts of its rules.

#include "rules/group_core.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::AccountId;
using model::Alert;
using model::Instant;

namespace {

constexpr auto flatten_again_after = std::chrono::seconds{5};

std::string key_of(AccountId account, const model::FlattenOrdered& wish) {
  return fmt::format("{}|{}|{}|{}", account.value, wish.contract.value_or(model::ContractId{}).value,
                     wish.order.value_or(model::OrderId{}).value, wish.epoch.value_or(0));
}

/// Under strict_mode whoever would have been touched is flattened and locked for good.
void make_strict(const GroupContext& context, GroupFinding& finding) {
  std::set<AccountId> accounts;
  for (const auto& [account, row] : finding.lock) accounts.insert(account);
  for (const auto& [account, wish] : finding.flatten) accounts.insert(account);
  finding.lock.clear();
  finding.flatten.clear();
  for (const auto account : accounts)
    finding.lock.emplace_back(account, group_lockout(context, finding.reason, true));
}

} // namespace

void GroupCore::hear(const BoundRule& rule, GroupVerdict verdict, Instant at, std::set<std::string>& holding,
                     GroupDecision& out) {
  std::erase_if(latches_, [&](const auto& entry) {
    return entry.first.first == rule.source &&
           std::none_of(verdict.findings.begin(), verdict.findings.end(),
                        [&](const GroupFinding& finding) { return finding.subject == entry.first.second; });
  });
  since_.insert_or_assign(rule.source, std::move(verdict.since));
  if (verdict.wake_at) out.wake_at = std::min(out.wake_at, *verdict.wake_at);
  for (auto& notice : verdict.notices)
    tell_once(fmt::format("{}|notice|{}", to_string(rule.source), notice.key), notice.account,
              std::move(notice.alert), holding, out);
  if (verdict.gauge) warn_of_room(rule, *verdict.gauge, at, holding, out);
  for (auto& finding : verdict.findings) {
    const auto severity = rule.dry_run ? Alert::Severity::warning : Alert::Severity::critical;
    tell_once(
        fmt::format("{}|finding|{}", to_string(rule.source), finding.subject), {},
        {severity, finding.code,
         fmt::format("{}{}: {}", to_string(rule.source), rule.dry_run ? " (dry run)" : "", finding.reason)},
        holding, out);
    act_on(rule, std::move(finding), at, out);
  }
}

/// Once a day for each distance that alerts.room names.
void GroupCore::warn_of_room(const BoundRule& rule, const Gauge& gauge, Instant at,
                             std::set<std::string>& holding, GroupDecision& out) {
  const auto left = room_of(gauge, {}).dollars;
  if (!left) return;
  const auto day = to_string(plan_.rules->reset.trading_day(at));
  for (const auto level : plan_.rules->room.dollars) {
    const bool near = *left <= level && *left > model::Money{};
    auto key = fmt::format("{}|room|{}|{}", to_string(rule.source), to_string(level), day);
    if (!near && !told_.contains(key)) continue;
    tell_once(std::move(key), {},
              {Alert::Severity::warning, "room-low",
               fmt::format("group {}: {} {} is {} away", plan_.name, to_string(rule.source), rule.spec->name,
                           to_string(model::Measure::money(*left)))},
              holding, out);
  }
}

void GroupCore::act_on(const BoundRule& rule, GroupFinding finding, Instant at, GroupDecision& out) {
  Latch& latch = latches_[{rule.source, finding.subject}];
  if (rule.dry_run) return;
  if (plan_.rules->strict_mode) make_strict(context_of(rule, at, std::nullopt), finding);
  order_locks(rule, finding, at, latch, out);
  std::map<std::string, Instant> flattened;
  for (auto& [account, wish] : finding.flatten) {
    auto key = key_of(account, wish);
    const auto before = latch.flattened.find(key);
    const bool due = before == latch.flattened.end() || at - before->second >= flatten_again_after;
    flattened.emplace(std::move(key), due ? at : before->second);
    if (!due) continue;
    wish.source = rule.source;
    wish.reason = finding.reason;
    out.orders.push_back({account, std::move(wish)});
  }
  latch.flattened = std::move(flattened);
}

/// Once per breach and account: an admin who lifts the lockout is not overruled.
void GroupCore::order_locks(const BoundRule& rule, const GroupFinding& finding, Instant at, Latch& latch,
                            GroupDecision& out) {
  for (const auto& [account, wanted] : finding.lock) {
    if (!latch.locked.emplace(account, wanted.symbol).second) continue;
    const LockedBy locked_by{rule.source, wanted.symbol};
    const auto member = members_.find(account);
    if (member == members_.end() || member->second.last.locked_by.contains(locked_by)) continue;
    model::Lockout row = wanted;
    row.source = rule.source;
    row.created_at = at;
    unconfirmed_.insert_or_assign({account, locked_by}, Unconfirmed{row, at});
    out.orders.push_back({account, model::LockoutOrdered{std::move(row)}});
  }
}

} // namespace bulkhead::rules
