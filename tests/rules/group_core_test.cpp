// What holds of every rule about groups: silence, repetition, restarts, people who lift lockouts.

#include "tests/support/group.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock loss_1500(Settings more = {}) {
  more.insert(more.begin(), {{"enabled", "true"}, {"daily_loss_total", "1500"}});
  return block("group_limits", more);
}

TEST(GroupCore, ASilentMemberCountsWithWhatItLastSaidAndIsToldOf) {
  TestGroup g({loss_1500()});
  g.lose(1, "1000");
  g.silence(1);
  EXPECT_EQ(told(g.wait(5s), "group-member-silent"), 0U);
  const auto decision = g.wait(10s);
  ASSERT_EQ(told(decision, "group-member-silent"), 1U);
  EXPECT_EQ(decision.alerts[0].first, AccountId{1});
  EXPECT_EQ(ordered(g.lose(2, "500")), "lock 1, lock 2, lock 3");
  EXPECT_EQ(told(g.say(1), "group-member-back"), 1U);
}

TEST(GroupCore, ASilentMemberDelaysNobody) {
  TestGroup g({loss_1500()});
  g.silence(1);
  g.wait(20s);
  EXPECT_EQ(ordered(g.lose(2, "1500")), "lock 1, lock 2, lock 3");
}

TEST(GroupCore, AnOldOrRepeatedSummaryChangesNothing) {
  TestGroup g({loss_1500()});
  auto old = g.of(1);
  old.realized = -usd("1500");
  g.lose(1, "100");
  old.number.count = g.of(1).number.count;
  EXPECT_EQ(ordered(g.group.step(old, g.now)), "");
  old.number.count -= 1;
  EXPECT_EQ(ordered(g.group.step(old, g.now)), "");
  old.number.count += 2;
  EXPECT_EQ(ordered(g.group.step(old, g.now)), "lock 1, lock 2, lock 3");
}

TEST(GroupCore, ANewLifeOfAnAccountBeginsItsCountAnew) {
  TestGroup g({loss_1500()});
  g.of(1).number = {g.now + 1s, 0};
  EXPECT_EQ(ordered(g.lose(1, "1500")), "lock 1, lock 2, lock 3");
}

TEST(GroupCore, StrangersAreNotHeard) {
  TestGroup g({loss_1500()});
  auto stranger = g.of(1);
  stranger.account = AccountId{9};
  stranger.realized = -usd("5000");
  stranger.number.count = 100;
  EXPECT_EQ(ordered(g.group.step(stranger, g.now)), "");
}

TEST(GroupCore, AStrangersWordMakesNobodyLook) {
  TestGroup g({loss_1500()});
  g.now += 300ms;
  g.say(1);
  g.silence(1);
  EXPECT_EQ(told(g.wait(5s), "group-member-silent"), 0U);
  auto stranger = g.of(1);
  stranger.account = AccountId{9};
  EXPECT_EQ(told(g.group.step(stranger, g.now + 200ms), "group-member-silent"), 0U);
  EXPECT_EQ(told(g.wait(1s), "group-member-silent"), 1U);
}

TEST(GroupCore, ALockoutIsOrderedUntilTheAccountShowsIt) {
  TestGroup g({loss_1500()});
  EXPECT_EQ(g.lose(1, "1500").orders.size(), 3U);
  EXPECT_GE(g.wait(3s).orders.size(), 6U) << "they may have died of something";
  g.obey(g.last);
  for (int n = 1; n <= 3; ++n) {
    g.of(n).locked_by.insert({Source::rule(25), std::nullopt});
    g.say(n);
  }
  EXPECT_EQ(g.wait(10s).orders.size(), 0U);
}

TEST(GroupCore, WhatAnAdminLiftsStaysLiftedForThisBreach) {
  TestGroup g({loss_1500()});
  g.obey(g.lose(1, "1500"));
  g.of(2).locked_by.clear();
  EXPECT_EQ(g.say(2).orders.size(), 0U);
  EXPECT_EQ(g.wait(10s).orders.size(), 0U);
  g.lose(1, "1499");
  EXPECT_EQ(ordered(g.lose(1, "1500")), "lock 2") << "another breach; the others are locked already";
}

TEST(GroupCore, AfterARestartTheSummariesAloneTellWhatStands) {
  TestGroup before({loss_1500()});
  before.obey(before.lose(1, "1500"));
  Problems problems;
  rules::GroupCore after(TestGroup::plan({loss_1500()}, 3, false, problems), before.now);
  for (int n = 1; n <= 3; ++n)
    EXPECT_EQ(ordered(after.step(before.of(n), before.now + 1s)), "") << "locked already";
  EXPECT_EQ(ordered(after.step(before.now + 20s)), "");
}

TEST(GroupCore, APartOfTheSumIsNotTakenForTheWhole) {
  Problems problems;
  rules::GroupCore core(TestGroup::plan({loss_1500()}, 2, false, problems), instant("2026-07-15T18:00:00Z"));
  AccountSummary loser;
  loser.account = AccountId{1}, loser.number.count = 1, loser.realized = -usd("1600");
  loser.day_end = instant("2026-07-15T22:00:00Z");
  AccountSummary winner = loser;
  winner.account = AccountId{2}, winner.realized = usd("500");
  auto now = instant("2026-07-15T18:00:01Z");
  EXPECT_EQ(ordered(core.step(loser, now)), "") << "the other may make it good";
  EXPECT_EQ(ordered(core.step(now + 5s)), "");
  EXPECT_EQ(ordered(core.step(now + 10s)), "lock 1, lock 2") << "but is not waited for without end";
  rules::GroupCore other(TestGroup::plan({loss_1500()}, 2, false, problems), now);
  (void)other.step(loser, now);
  EXPECT_EQ(ordered(other.step(winner, now + 1s)), "");
  EXPECT_EQ(ordered(other.step(now + 30s)), "");
}

TEST(GroupCore, DryRunTellsAndDoesNothing) {
  TestGroup g({loss_1500({{"dry_run", "true"}})});
  const auto decision = g.lose(1, "1500");
  EXPECT_EQ(ordered(decision), "");
  EXPECT_EQ(told(decision, "group-loss"), 1U);
  EXPECT_EQ(told(g.wait(10s), "group-loss"), 0U);
}

TEST(GroupCore, StrictModeLocksWhomeverItTouchesForGood) {
  TestGroup g({block("cross_account_hedge", {{"enabled", "true"}})}, 3, true);
  g.hold(1, es(), 1);
  g.wait(1s);
  g.hold(2, es(), -1);
  const auto decision = g.wait(2500ms);
  EXPECT_EQ(ordered(decision), "lock 2");
  EXPECT_FALSE(std::get<LockoutOrdered>(decision.orders[0].second).lockout.expires_at);
}

TEST(GroupCore, ARuleMayBeAboutSomeOfTheGroup) {
  Problems problems;
  auto limited = with(loss_1500(), "accounts", list_node("rules.group_limits.accounts", {"1", "2"}));
  TestGroup g({limited});
  EXPECT_EQ(ordered(g.lose(3, "5000")), "");
  EXPECT_EQ(ordered(g.lose(2, "1500")), "lock 1, lock 2");
}

TEST(GroupCore, AnotherConfigurationHoldsFromTheNextStep) {
  TestGroup g({loss_1500()});
  g.lose(1, "1000");
  Problems problems;
  g.group.use(TestGroup::plan({block("group_limits", {{"enabled", "true"}, {"daily_loss_total", "1000"}})}, 4,
                              false, problems),
              g.now);
  EXPECT_EQ(ordered(g.say(2)), "") << "the fourth has its ten seconds";
  EXPECT_EQ(ordered(g.wait(11s)), "lock 1, lock 2, lock 3, lock 4");
}

TEST(GroupCore, WithoutRulesNothingIsTold) {
  TestGroup g({block("max_contracts", {{"limit", "5"}})});
  for (int n = 1; n <= 3; ++n) g.silence(n);
  EXPECT_TRUE(g.wait(60s).alerts.empty());
}

TEST(GroupCore, ARuleThatFailsIsToldOfOnceAndKeepsNoOtherFromProtecting) {
  TestGroup g({loss_1500(), block("cross_account_hedge", {{"enabled", "true"}})});
  Problems problems;
  auto plan =
      TestGroup::plan({loss_1500(), block("cross_account_hedge", {{"enabled", "true"}})}, 3, false, problems);
  auto rules = std::make_shared<rules::RuleSet>(*plan.rules);
  for (auto& rule : rules->rules) {
    if (rule.source == Source::rule(27))
      rule.binding.of_group = [](const auto&) -> rules::GroupVerdict { throw std::runtime_error("no"); };
  }
  plan.rules = rules;
  g.group.use(plan, g.now);
  EXPECT_EQ(told(g.lose(1, "100"), "rule-failing"), 1U);
  const auto decision = g.lose(1, "1500");
  EXPECT_EQ(told(decision, "rule-failing"), 0U);
  EXPECT_EQ(ordered(decision), "lock 1, lock 2, lock 3");
}

} // namespace
} // namespace bulkhead::testing
