#pragma once
// A GroupCore for tests, with accounts 1, 2, 3, ... of the group "copied" that say what the test tells them
// to. They speak once a second unless silenced, and carry out what they are ordered when the test lets them.
// Owned by one test.

#include "rules/group_core.hpp"
#include "rules/registry.hpp"
#include "tests/support/engine.hpp"

#include <set>

namespace bulkhead::testing {

using rules::AccountSummary;
using rules::GroupDecision;

class TestGroup {
public:
  explicit TestGroup(std::vector<RuleBlock> blocks, int members = 3, bool strict = false)
      : group(plan(std::move(blocks), members, strict, problems), now) {
    for (int n = 1; n <= members; ++n) {
      auto& said = saying[AccountId{n}];
      said.account = AccountId{n};
      said.number.life = now;
      said.ready = true;
      said.day_end = instant("2026-07-15T22:00:00Z");
    }
    for (int n = 1; n <= members; ++n) say(n);
  }

  [[nodiscard]] static rules::GroupPlan plan(std::vector<RuleBlock> blocks, int members, bool strict,
                                             Problems& problems) {
    Config config;
    config.rules = std::move(blocks);
    config.global.strict_mode = strict;
    for (int n = 1; n <= members; ++n) {
      AccountConfig account;
      account.id = AccountId{n};
      account.group = "copied";
      config.accounts.push_back(account);
    }
    config.alerts.room.dollars = {Money::dollars(100)};
    return rules::plan_groups(config, rules::make_rule_set(config, problems)).at(0);
  }

  AccountSummary& of(int n) { return saying.at(AccountId{n}); }

  GroupDecision say(int n) {
    ++of(n).number.count;
    return take(group.step(of(n), now));
  }
  GroupDecision lose(int n, std::string_view dollars) {
    of(n).realized = -usd(dollars);
    return say(n);
  }
  /// Signed; a position that was flat or flips begins anew.
  GroupDecision hold(int n, const ContractId& contract, std::int32_t quantity) {
    auto& positions = of(n).positions;
    const auto at = std::find_if(positions.begin(), positions.end(),
                                 [&](const auto& held) { return held.contract == contract; });
    const bool same_side = at != positions.end() && (at->quantity > 0) == (quantity > 0) && quantity != 0;
    const auto before = same_side ? std::optional(*at) : std::nullopt;
    if (at != positions.end()) positions.erase(at);
    if (quantity == 0) return say(n);
    const auto root = roots.root_of(contract);
    rules::GroupPosition held{
        contract, root,   roots.family_of(root), quantity, true, roots.weight_tenths(root), ++epoch_, now,
        now,      Money{}};
    if (before) held.epoch = before->epoch, held.opened_at = before->opened_at;
    positions.push_back(held);
    return say(n);
  }
  GroupDecision order(int n, std::int64_t id, const ContractId& contract, bool buys) {
    of(n).orders.push_back({OrderId{id}, contract, roots.family_of(roots.root_of(contract)), buys});
    return say(n);
  }
  void silence(int n) { silent.insert(AccountId{n}); }

  /// Lets time pass; everybody who is not silent speaks once a second. What came of it, all together.
  GroupDecision wait(Duration length) {
    GroupDecision all;
    const Instant end = now + length;
    while (now < end) {
      now = std::min({end, std::max(now + Duration{1}, last.wake_at), heartbeat_});
      add(take(group.step(now)), all);
      if (now < heartbeat_) continue;
      heartbeat_ = now + std::chrono::seconds{1};
      for (const auto& [id, said] : saying)
        if (!silent.contains(id)) add(say(static_cast<int>(id.value)), all);
    }
    return all;
  }
  /// The accounts do what they were ordered: the row is laid, what has to go is gone.
  GroupDecision obey(const GroupDecision& decision) {
    GroupDecision all;
    for (const auto& [account, payload] : decision.orders) {
      auto& said = saying.at(account);
      const auto* lock = std::get_if<LockoutOrdered>(&payload);
      const auto* wish = std::get_if<FlattenOrdered>(&payload);
      if (lock != nullptr) said.locked_by.emplace(lock->lockout.source, lock->lockout.symbol);
      std::erase_if(said.positions, [&](const auto& held) {
        if (wish != nullptr && wish->only_orders) return false;
        return wish == nullptr || !wish->contract || *wish->contract == held.contract;
      });
      add(say(static_cast<int>(account.value)), all);
    }
    return all;
  }

  static void add(const GroupDecision& part, GroupDecision& all) {
    all.orders.insert(all.orders.end(), part.orders.begin(), part.orders.end());
    all.alerts.insert(all.alerts.end(), part.alerts.begin(), part.alerts.end());
  }

  Instant now = instant("2026-07-15T18:00:00Z");
  Problems problems;
  RootTable roots = RootTable::standard();
  std::map<AccountId, AccountSummary> saying;
  std::set<AccountId> silent;
  rules::GroupCore group;
  GroupDecision last;

private:
  GroupDecision take(GroupDecision decision) { return last = std::move(decision); }
  Instant heartbeat_ = now + std::chrono::seconds{1};
  Epoch epoch_ = 0;
};

/// "lock 1, flatten 2, close MES of 2, cancel 7 of 1": in the order of the accounts.
[[nodiscard]] inline std::string ordered(const GroupDecision& decision) {
  const auto roots = RootTable::standard();
  std::set<std::string> texts;
  for (const auto& [account, payload] : decision.orders) {
    const auto of = to_string(account);
    if (const auto* lock = std::get_if<LockoutOrdered>(&payload))
      texts.insert("lock " + of + (lock->lockout.symbol ? " " + lock->lockout.symbol->value : ""));
    const auto* wish = std::get_if<FlattenOrdered>(&payload);
    if (wish == nullptr) continue;
    if (wish->order)
      texts.insert("cancel " + to_string(*wish->order) + " of " + of);
    else if (wish->contract)
      texts.insert("close " + roots.root_of(*wish->contract).value + " of " + of);
    else
      texts.insert("flatten " + of);
  }
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

/// How often an alert of that code was given.
[[nodiscard]] inline std::size_t told(const GroupDecision& decision, std::string_view code) {
  return static_cast<std::size_t>(std::count_if(decision.alerts.begin(), decision.alerts.end(),
                                                [&](const auto& one) { return one.second.code == code; }));
}

} // namespace bulkhead::testing
