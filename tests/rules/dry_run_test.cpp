// A rule that only tells or only closes, and what happens when it begins to do more.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

RuleBlock loss(const char* dry_run) {
  return block("daily_realized_loss", {{"limit", "-500"}, {"dry_run", dry_run}});
}
void reload(TestEngine& engine, const RuleBlock& block) {
  TestEngine other({block});
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(other.rules()));
  engine.happen(ConfigReloaded{});
}

TEST(DryRun, ABreachThatStandsIsActedUponAsSoonAsTheRuleIsLive) {
  TestEngine engine({loss("true")});
  engine.on(position(mnq()).long_(2));
  ASSERT_TRUE(engine.on(fill(1).sell(1).pnl("-600")).breaches.at(0).dry_run);
  EXPECT_TRUE(engine.last.lockouts_set.empty());
  reload(engine, loss("true"));
  EXPECT_TRUE(engine.last.breaches.empty()) << "it was told before";
  reload(engine, loss("false"));
  ASSERT_EQ(engine.last.breaches.size(), 1u);
  EXPECT_FALSE(engine.last.breaches[0].dry_run);
  EXPECT_EQ(engine.last.lockouts_set.size(), 1u);
  EXPECT_EQ(asked(engine.last), "close MNQ");
}

TEST(DryRun, TheRuleMayHaveBecomeLiveWhileTheDaemonWasAway) {
  TestEngine before({loss("true")});
  before.on(fill(1).sell(1).pnl("-600"));
  TestEngine live({loss("false")});
  rules::RiskEngine engine(before.state(), std::make_shared<rules::RuleSet>(live.rules()));
  engine.step(at(before.now, Restarted{}));
  const auto decision = engine.step(read(before.now).at(before.now));
  EXPECT_EQ(decision.lockouts_set.size(), 1u);
}

RuleBlock closing(const char* action) {
  return block("daily_realized_loss", {{"limit", "-500"}, {"action", action}});
}

TEST(DryRun, ABreachThatStandsLocksAsSoonAsTheRuleDoes) {
  TestEngine engine({closing("CLOSE_ALL_POSITIONS")});
  engine.on(fill(1).sell(1).pnl("-600"));
  ASSERT_EQ(engine.last.breaches.size(), 1u);
  EXPECT_TRUE(engine.last.lockouts_set.empty());
  reload(engine, closing("CLOSE_ALL_POSITIONS"));
  EXPECT_TRUE(engine.last.breaches.empty()) << "it was told before";
  reload(engine, closing("CLOSE_ALL_AND_LOCKOUT"));
  EXPECT_EQ(engine.last.breaches.size(), 1u);
  EXPECT_EQ(engine.last.lockouts_set.size(), 1u);
  engine.happen(LockoutLifted{Source::rule(3)});
  reload(engine, closing("CLOSE_ALL_POSITIONS"));
  reload(engine, closing("CLOSE_ALL_AND_LOCKOUT"));
  EXPECT_TRUE(engine.last.lockouts_set.empty()) << "an admin is not overruled";
}

TEST(DryRun, AnAdminWhoLiftedTheLockoutIsNotOverruledByAReload) {
  TestEngine engine({loss("false")});
  engine.on(fill(1).sell(1).pnl("-600"));
  engine.happen(LockoutLifted{Source::rule(3)});
  reload(engine, loss("true"));
  reload(engine, loss("false"));
  EXPECT_TRUE(engine.last.lockouts_set.empty());
}

} // namespace
} // namespace bulkhead::testing
