#include "rules/group_core.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::AccountId;
using model::Alert;
using model::Instant;
using namespace std::chrono_literals;

namespace {

constexpr auto silent_after = 5s;
constexpr auto settled_after = 10s; // who could not say how it stands until then counts with what it said
constexpr auto look_every = 1s;
constexpr auto order_lock_again_after = 1s;
constexpr auto fights_last = 60s;

} // namespace

GroupCore::GroupCore(GroupPlan plan, Instant began) : next_look_(began) { use(std::move(plan), began); }

void GroupCore::use(GroupPlan plan, Instant at) {
  model::require(plan.rules != nullptr, "a group needs a rule set");
  plan_ = std::move(plan);
  const std::set<AccountId> stay(plan_.members.begin(), plan_.members.end());
  std::erase_if(members_, [&](const auto& entry) { return !stay.contains(entry.first); });
  std::erase_if(silent_, [&](AccountId id) { return !stay.contains(id); });
  std::erase_if(unconfirmed_, [&](const auto& entry) { return !stay.contains(entry.first.first); });
  for (const auto id : stay) {
    const auto [it, added] = members_.try_emplace(id);
    if (!added) continue;
    it->second.account = id;
    it->second.joined_at = it->second.heard_at = at; // its five seconds begin
  }
  const auto removed = [&](model::Source source) {
    return std::none_of(plan_.rules->rules.begin(), plan_.rules->rules.end(),
                        [&](const BoundRule& rule) { return rule.source == source; });
  };
  std::erase_if(latches_, [&](const auto& entry) { return removed(entry.first.first); });
  std::erase_if(since_, [&](const auto& entry) { return removed(entry.first); });
}

GroupDecision GroupCore::step(const AccountSummary& summary, Instant at) {
  const bool taken = take(summary, at);
  return judge(at, taken ? std::optional(summary.account) : std::nullopt);
}

GroupDecision GroupCore::step(Instant at) { return judge(at, std::nullopt); }

GroupDecision GroupCore::judge(Instant at, std::optional<AccountId> trigger) {
  GroupDecision out;
  const bool look = at >= next_look_;
  if (look) next_look_ = at + look_every;
  out.wake_at = next_look_;
  for (auto& [id, member] : members_)
    while (!member.fights.empty() && member.fights.front() <= at - fights_last) member.fights.pop_front();
  if (look || trigger) watch_silence(at, out);
  std::set<std::string> holding;
  gauges_.clear();
  for (const auto& rule : plan_.rules->rules) {
    if (!rule.binding.of_group) continue;
    const auto context = context_of(rule, at, trigger);
    if (context.members.empty()) continue;
    // A rule that fails must not keep the others from protecting the group.
    try {
      auto verdict = rule.binding.of_group(context);
      if (verdict.gauge) gauges_[rule.source] = *verdict.gauge;
      hear(rule, std::move(verdict), at, holding, out);
    } catch (const std::exception& failure) {
      tell_once(fmt::format("{}|failing", to_string(rule.source)), {},
                {Alert::Severity::critical, "rule-failing",
                 fmt::format("{} of group {}: {}", to_string(rule.source), plan_.name, failure.what())},
                holding, out);
    }
  }
  std::erase_if(told_, [&](const std::string& key) { return !holding.contains(key); });
  confirm(at, out);
  return out;
}

GroupContext GroupCore::context_of(const BoundRule& rule, Instant at, std::optional<AccountId> trigger) {
  std::vector<const GroupMember*> members;
  bool settled = true;
  for (const auto& [id, member] : members_) {
    if (!rule.applies_to(id)) continue;
    members.push_back(&member);
    settled = settled && (member.valued() || at >= member.joined_at + settled_after);
  }
  return {plan_.name,
          std::move(members),
          at,
          trigger && rule.applies_to(*trigger) ? trigger : std::nullopt,
          settled,
          plan_.rules->roots,
          plan_.rules->reset,
          rule.source,
          since_[rule.source],
          [this, source = rule.source](const std::string& subject) {
            return latches_.contains({source, subject});
          }};
}

void GroupCore::watch_silence(Instant at, GroupDecision& out) {
  const bool any_rule = std::any_of(plan_.rules->rules.begin(), plan_.rules->rules.end(),
                                    [](const BoundRule& rule) { return rule.binding.of_group != nullptr; });
  for (const auto& [id, member] : members_) {
    const bool silent = any_rule && at - member.heard_at > silent_after;
    if (silent && silent_.insert(id).second)
      out.alerts.push_back({id,
                            {Alert::Severity::warning, "group-member-silent",
                             fmt::format("nothing heard for {} s: group {} counts {}", silent_after.count(),
                                         plan_.name, member.heard ? "what it last said" : "it as empty")}});
    if (!silent && silent_.erase(id) > 0)
      out.alerts.push_back({id, {Alert::Severity::info, "group-member-back", "heard again"}});
  }
}

void GroupCore::tell_once(std::string key, AccountId account, Alert alert, std::set<std::string>& holding,
                          GroupDecision& out) {
  holding.insert(key);
  if (told_.insert(std::move(key)).second) out.alerts.push_back({account, std::move(alert)});
}

void GroupCore::confirm(Instant at, GroupDecision& out) {
  std::erase_if(unconfirmed_, [&](const auto& entry) {
    const bool over = entry.second.row.expires_at && *entry.second.row.expires_at <= at;
    return over || members_.at(entry.first.first).last.locked_by.contains(entry.first.second);
  });
  for (auto& [key, waiting] : unconfirmed_) {
    if (at - waiting.ordered_at < order_lock_again_after) continue;
    waiting.ordered_at = at;
    out.orders.push_back({key.first, model::LockoutOrdered{waiting.row}});
  }
}

} // namespace bulkhead::rules
