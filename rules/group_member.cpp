// Who is in a group, and what it said last.

#include "rules/group_core.hpp"

#include <algorithm>

namespace bulkhead::rules {

using model::Instant;

namespace {

constexpr std::size_t most_fights = 16;

/// What could not be valued now keeps its last value, as long as it is the same position.
void keep_values(AccountSummary& fresh, const AccountSummary& last) {
  for (auto& held : fresh.positions) {
    if (held.open_profit) continue;
    const auto before =
        std::find_if(last.positions.begin(), last.positions.end(), [&](const GroupPosition& other) {
          return other.contract == held.contract && other.epoch == held.epoch;
        });
    if (before != last.positions.end()) held.open_profit = before->open_profit;
  }
}

void value(GroupMember& member, bool first) {
  const auto& last = member.last;
  if (last.half_told && !first) return;
  member.result_realized = last.realized;
  member.result_open = -last.open_at_reset;
  for (const auto& held : last.positions) member.result_open += held.open_profit.value_or(model::Money{});
}

void count_fights(GroupMember& member, const AccountSummary& fresh, Instant at) {
  const bool same_life = member.heard && member.last.number.life == fresh.number.life;
  const auto before = same_life ? member.last.gate_closes : 0;
  for (auto n = before; n < fresh.gate_closes && n < before + most_fights; ++n) member.fights.push_back(at);
  while (member.fights.size() > most_fights) member.fights.pop_front();
}

} // namespace

bool GroupMember::valued() const {
  return heard && std::all_of(last.positions.begin(), last.positions.end(),
                              [](const GroupPosition& held) { return held.open_profit.has_value(); });
}

model::Lockout group_lockout(const GroupContext& context, std::string reason, bool permanent) {
  model::Lockout row;
  row.reason = std::move(reason);
  row.clear_on = model::ClearOn{}.with(model::ClearCause::admin);
  if (permanent) return row;
  row.expires_at = context.reset.next_after(context.at);
  row.clear_on = row.clear_on.with(model::ClearCause::expiry).with(model::ClearCause::daily_reset);
  return row;
}

std::vector<GroupPlan> plan_groups(const model::Config& config, const std::shared_ptr<const RuleSet>& rules) {
  std::map<std::string, GroupPlan> plans;
  for (const auto& account : config.accounts) {
    if (!account.enabled || !account.group) continue;
    auto& plan = plans[*account.group];
    plan.name = *account.group;
    plan.members.push_back(account.id);
    plan.rules = rules;
  }
  std::vector<GroupPlan> out;
  for (auto& [name, plan] : plans) out.push_back(std::move(plan));
  return out;
}

bool GroupCore::take(const AccountSummary& summary, Instant at) {
  const auto it = members_.find(summary.account);
  if (it == members_.end()) return false;
  GroupMember& member = it->second;
  if (member.heard && summary.number <= member.last.number) return false;
  AccountSummary fresh = summary;
  const bool first = !member.heard || fresh.day_end != member.last.day_end;
  if (member.heard) keep_values(fresh, member.last);
  count_fights(member, fresh, at);
  member.last = std::move(fresh);
  member.heard_at = std::max(member.heard_at, at);
  member.heard = true;
  value(member, first);
  return true;
}

} // namespace bulkhead::rules
