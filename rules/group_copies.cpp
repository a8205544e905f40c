#include "rules/group_copies.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace bulkhead::rules {

using model::AccountId;
using model::Alert;
using model::Measure;

namespace {

constexpr std::size_t fights_to_tell = 3; // positions opened while locked and closed, in a minute
constexpr int ratio_digits = 3;
constexpr std::int64_t one_to_one = 1'000;

using Families = std::map<std::string, std::int64_t>; // signed tenths of a mini

Families held_by(const GroupMember& member) {
  Families out;
  for (const auto& held : member.last.positions)
    out[held.family.value] += std::int64_t{held.quantity} * held.weight_tenths;
  return out;
}

std::string minis(std::int64_t tenths) { return to_string(Measure{Measure::Unit::tenths_of_mini, tenths}); }

void compare(const CopySettings& s, const GroupContext& context, const GroupMember& follower, Families led,
             GroupVerdict& verdict) {
  const auto named = s.ratios.find(follower.account);
  const auto ratio = named == s.ratios.end() ? one_to_one : named->second;
  auto held = held_by(follower);
  for (const auto& [family, units] : led) held.try_emplace(family, 0);
  for (const auto& [family, units] : held) {
    if (units * one_to_one == led[family] * ratio) continue;
    const std::string key = fmt::format("drift|{}|{}", follower.account.value, family);
    const auto since = verdict.since[key] = context.since_when(key);
    if (context.at <= since + s.drift) {
      verdict.wake(since + s.drift + model::Duration{1});
      continue;
    }
    verdict.notices.push_back(
        {key,
         follower.account,
         {Alert::Severity::warning, "copy-drift",
          fmt::format("holds {} of {} against {} of its leader {} for more than {} s", minis(units), family,
                      minis(led[family]), s.leader.value, s.drift.count())}});
  }
}

} // namespace

std::optional<CopySettings> read_copies(Params& params) {
  CopySettings s;
  const auto leader = params.optional_integer("leader", 1, std::numeric_limits<std::int64_t>::max());
  s.drift = std::chrono::seconds{params.integer("drift_seconds", 10, 1, 3600)};
  params.section("ratios", [&](Params& ratios) {
    for (const auto& [name, node] : ratios.block().entries) {
      const auto ratio = ratios.decimal(name, one_to_one, ratio_digits, 0, 1'000);
      const auto id = model::parse_decimal(name, 0);
      if (id && *id > 0)
        s.ratios[AccountId{*id}] = ratio;
      else
        ratios.complain(node, "must stand under the number of an account");
    }
    if (!s.ratios.empty() && !leader) ratios.complain(ratios.block(), "means nothing without a leader");
  });
  if (!leader) return std::nullopt;
  s.leader = AccountId{*leader};
  return s;
}

void watch_copies(const CopySettings& s, const GroupContext& context, GroupVerdict& verdict) {
  const auto leader = std::find_if(context.members.begin(), context.members.end(),
                                   [&](const auto* member) { return member->account == s.leader; });
  if (leader == context.members.end() || !(*leader)->last.ready) return;
  for (const auto* member : context.members) {
    if (member != *leader && member->last.ready) compare(s, context, *member, held_by(**leader), verdict);
  }
}

void watch_fights(const GroupContext& context, GroupVerdict& verdict) {
  for (const auto* member : context.members) {
    if (member->fights.size() < fights_to_tell) continue;
    verdict.notices.push_back({fmt::format("fight|{}", member->account.value),
                               member->account,
                               {Alert::Severity::critical, "copier-fights",
                                fmt::format("copier fighting the monitor: {} positions opened while locked "
                                            "and closed again within a minute",
                                            member->fights.size())}});
  }
}

} // namespace bulkhead::rules
