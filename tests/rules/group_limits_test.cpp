#include "tests/support/group.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock limits(Settings settings) {
  settings.insert(settings.begin(), {"enabled", "true"});
  return block("group_limits", settings);
}
RuleBlock loss_1500(Settings more = {}) {
  more.emplace_back("daily_loss_total", "1500");
  return limits(more);
}

TEST(GroupLimits, TheSumOfTheLossesLocksAllInclusively) {
  TestGroup g({loss_1500()});
  EXPECT_EQ(ordered(g.lose(1, "600")), "");
  EXPECT_EQ(ordered(g.lose(2, "500")), "");
  EXPECT_EQ(ordered(g.lose(3, "399.99")), "");
  const auto decision = g.lose(3, "400");
  EXPECT_EQ(ordered(decision), "lock 1, lock 2, lock 3");
  EXPECT_EQ(told(decision, "group-loss"), 1U);
  const auto& row = std::get<LockoutOrdered>(decision.orders[0].second).lockout;
  EXPECT_EQ(row.source, Source::rule(25));
  EXPECT_EQ(row.mode, LockoutMode::flatten);
  EXPECT_EQ(row.expires_at, instant("2026-07-15T22:00:00Z"));
  EXPECT_EQ(row.reason, "group copied: daily loss of -$1500.00 reached the limit of -$1500.00");
}

TEST(GroupLimits, TheSumIsShownAgainstItsLimitAndToldOfOnceWhenItComesNear) {
  TestGroup g({loss_1500()});
  g.lose(1, "600"), g.lose(2, "100"), g.lose(3, "0");
  const auto gauge = g.group.gauges().at(Source::rule(25));
  EXPECT_EQ(to_string(gauge.value), "-$700.00");
  EXPECT_EQ(to_string(gauge.limit), "-$1500.00");
  EXPECT_EQ(told(g.lose(3, "720"), "room-low"), 1U) << "80 dollars are left";
  EXPECT_EQ(told(g.lose(3, "600"), "room-low"), 0U);
  EXPECT_EQ(told(g.lose(3, "720"), "room-low"), 0U) << "once a day";
}

TEST(GroupLimits, AGainOfOneAccountMakesGoodForAnother) {
  TestGroup g({loss_1500()});
  g.of(1).realized = usd("1000");
  g.say(1);
  EXPECT_EQ(ordered(g.lose(2, "2499.99")), "");
  EXPECT_EQ(ordered(g.lose(2, "2500")), "lock 1, lock 2, lock 3");
}

TEST(GroupLimits, OpenProfitCountsUnlessSwitchedOff) {
  for (const bool counts : {true, false}) {
    TestGroup g({loss_1500({{"include_unrealized", counts ? "true" : "false"}})});
    g.hold(1, mnq(), 2);
    g.of(1).positions[0].open_profit = -usd("1500");
    EXPECT_EQ(ordered(g.say(1)), counts ? "lock 1, lock 2, lock 3" : "");
  }
}

TEST(GroupLimits, AHalfToldTradeIsNotBelieved) {
  TestGroup g({loss_1500()});
  g.hold(1, mnq(), 2);
  g.of(1).positions[0].open_profit = -usd("900");
  g.say(1);
  g.of(1).realized = -usd("900"); // the fill came, the position is still there
  g.of(1).half_told = true;
  EXPECT_EQ(ordered(g.say(1)), "");
  g.of(1).positions.clear();
  g.of(1).half_told = false;
  EXPECT_EQ(ordered(g.say(1)), "");
  EXPECT_EQ(ordered(g.lose(2, "600")), "lock 1, lock 2, lock 3");
}

TEST(GroupLimits, APositionWithoutAQuoteKeepsItsLastValue) {
  TestGroup g({loss_1500()});
  g.hold(1, mnq(), 2);
  g.of(1).positions[0].open_profit = -usd("1000");
  g.say(1);
  g.of(1).positions[0].open_profit.reset();
  g.say(1);
  EXPECT_EQ(ordered(g.lose(2, "500")), "lock 1, lock 2, lock 3");
}

TEST(GroupLimits, ADayThatIsOverCountsNothing) {
  TestGroup g({loss_1500()});
  g.of(1).realized = usd("1000");
  g.say(1);
  g.lose(2, "1400");
  g.lose(3, "500");
  g.now = instant("2026-07-15T22:00:00Z");
  g.of(1).realized = {}, g.of(1).day_end = instant("2026-07-16T22:00:00Z");
  EXPECT_EQ(ordered(g.say(1)), "") << "the losses of the others are of yesterday";
}

TEST(GroupLimits, EachDaysLossIsABreachOfItsOwn) {
  TestGroup g({loss_1500()});
  g.obey(g.lose(1, "1500"));
  g.now = instant("2026-07-15T22:00:00Z");
  for (int n = 1; n <= 3; ++n) {
    auto& said = g.of(n);
    said.realized = {}, said.day_end = instant("2026-07-16T22:00:00Z"), said.locked_by.clear();
    EXPECT_EQ(ordered(g.say(n)), "");
  }
  EXPECT_EQ(ordered(g.lose(2, "1500")), "lock 1, lock 2, lock 3");
}

TEST(GroupLimits, ActsOnTheTriggeringAccountAloneWhenToldSo) {
  TestGroup g({loss_1500({{"act_on", "triggering"}})});
  g.lose(1, "600");
  g.lose(3, "500");
  const auto decision = g.lose(2, "400");
  EXPECT_EQ(ordered(decision), "lock 2");
  g.obey(decision);
  EXPECT_EQ(ordered(g.lose(1, "700")), "") << "one breach, one account";
}

TEST(GroupLimits, CountsAreExclusiveAndFlattenEverybodyWhoHolds) {
  TestGroup g({limits({{"max_contracts_total", "6"}})});
  g.hold(1, mnq(), 3);
  EXPECT_EQ(ordered(g.hold(2, mnq(), -3)), "") << "both sides count";
  const auto decision = g.hold(2, mnq(), -4);
  EXPECT_EQ(ordered(decision), "flatten 1, flatten 2");
  EXPECT_EQ(std::get<FlattenOrdered>(decision.orders[0].second).source, Source::rule(25));
  EXPECT_EQ(std::get<FlattenOrdered>(decision.orders[0].second).reason,
            "group copied: 7 contracts held, 6 contracts allowed");
}

TEST(GroupLimits, CountsMayFlattenWhatCameLastOnly) {
  TestGroup g({limits({{"max_contracts_total", "6"}, {"act_on", "triggering"}})});
  g.hold(1, mnq(), 3);
  g.wait(10ms);
  g.hold(3, mnq(), 3);
  g.wait(10ms);
  EXPECT_EQ(ordered(g.hold(2, mnq(), 1)), "flatten 2");
}

TEST(GroupLimits, CountsMiniEquivalentsWhenToldSo) {
  TestGroup g({limits({{"max_contracts_total", "1"}, {"unit", "mini_equivalent"}})});
  g.hold(1, mnq(), 5);
  EXPECT_EQ(ordered(g.hold(2, mnq(), 5)), "");
  EXPECT_EQ(ordered(g.hold(3, mnq(), 1)), "flatten 1, flatten 2, flatten 3");
}

TEST(GroupLimits, LimitsTheAccountsInPosition) {
  TestGroup g({limits({{"max_accounts_in_position", "2"}, {"act_on", "triggering"}})});
  g.hold(1, mnq(), 1);
  EXPECT_EQ(ordered(g.hold(2, mnq(), 1)), "");
  g.wait(10ms);
  EXPECT_EQ(ordered(g.hold(3, es(), 1)), "flatten 3");
}

TEST(GroupLimits, CountsMayLockToo) {
  TestGroup g({limits({{"max_accounts_in_position", "1"}, {"lockout_on_count", "true"}})});
  g.hold(1, mnq(), 1);
  EXPECT_EQ(ordered(g.hold(2, mnq(), 1)), "lock 1, lock 2");
}

TEST(GroupLimits, TellsOfAFollowerThatDoesNotHoldWhatItsLeaderDoes) {
  auto settings = limits({{"leader", "1"}, {"drift_seconds", "30"}});
  settings = with(settings, "ratios", map_node("rules.group_limits.ratios", {{"3", "0.5"}}));
  TestGroup g({settings});
  ASSERT_TRUE(g.problems.empty()) << to_string(g.problems[0]);
  g.hold(1, es(), 2);
  g.hold(2, mes(), 20); // as much as 2 ES
  g.hold(3, es(), 1);
  EXPECT_EQ(told(g.wait(60s), "copy-drift"), 0U);
  g.hold(1, es(), 4);
  g.hold(3, es(), 2);
  EXPECT_EQ(told(g.wait(30s), "copy-drift"), 0U);
  const auto decision = g.wait(60s);
  ASSERT_EQ(told(decision, "copy-drift"), 1U) << "once";
  EXPECT_EQ(decision.alerts[0].first, AccountId{2});
  g.hold(2, mes(), 40);
  g.hold(2, mes(), 30);
  EXPECT_EQ(told(g.wait(31s), "copy-drift"), 1U) << "it had caught up meanwhile";
}

TEST(GroupLimits, TellsOfACopierThatFightsTheMonitor) {
  TestGroup g({loss_1500()});
  g.obey(g.lose(1, "1500"));
  for (const auto closes : {1U, 2U}) {
    g.of(2).gate_closes = closes;
    EXPECT_EQ(told(g.say(2), "copier-fights"), 0U);
    g.wait(20s);
  }
  g.of(2).gate_closes = 3;
  const auto decision = g.say(2);
  ASSERT_EQ(told(decision, "copier-fights"), 1U);
  EXPECT_EQ(decision.alerts[0].first, AccountId{2});
  EXPECT_EQ(told(g.wait(5s), "copier-fights"), 0U);
}

TEST(GroupLimits, ThreeGateClosesInMoreThanAMinuteAreNoFight) {
  TestGroup g({loss_1500()});
  for (const auto closes : {1U, 2U, 3U}) {
    g.of(2).gate_closes = closes;
    EXPECT_EQ(told(g.say(2), "copier-fights"), 0U);
    g.wait(30s);
  }
}

TEST(GroupLimits, RefusesSettingsThatMeanNothing) {
  const auto problem_of = [](const RuleBlock& one) {
    Problems problems;
    (void)TestGroup::plan({one}, 1, false, problems);
    return problems.empty() ? std::string() : to_string(problems[0]);
  };
  EXPECT_EQ(problem_of(limits({})),
            "risk_config.yaml:1: rules.group_limits = a mapping: must state daily_loss_total, "
            "max_contracts_total, max_accounts_in_position or a leader");
  EXPECT_EQ(
      problem_of(limits({{"daily_loss_total", "0"}})),
      "risk_config.yaml:1: rules.group_limits.daily_loss_total = 0: must be within 1..1000000 US dollars "
      "(the sign is ignored)");
  EXPECT_EQ(problem_of(loss_1500({{"act_on", "both"}})).substr(0, 52),
            "risk_config.yaml:1: rules.group_limits.act_on = both");
  const auto ratios =
      with(loss_1500({{"leader", "1"}}), "ratios", map_node("rules.group_limits.ratios", {{"x", "1"}}));
  EXPECT_EQ(problem_of(ratios), "risk_config.yaml:1: rules.group_limits.ratios.x = 1: must stand under the "
                                "number of an account");
}

} // namespace
} // namespace bulkhead::testing
