// RULE-021: rows, pauses, what ends them.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock rows(Settings settings) {
  settings.emplace_back("enabled", "true");
  return block("consecutive_losses", settings);
}

TEST(ConsecutiveLosses, APauseEndsAndTheNextLossBeginsAnother) {
  TestEngine engine({rows({{"losses", "2"}, {"cooldown_seconds", "60"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(fill(1).sell(1).pnl("-5"));
  const auto decision = engine.on(fill(2).sell(1).pnl("-5"));
  EXPECT_EQ(decision.lockouts_set.at(0).kind, LockoutKind::cooldown);
  EXPECT_EQ(engine.wait(61s).lockouts_cleared.size(), 1u);
  EXPECT_EQ(engine.on(fill(3).sell(1).pnl("-5")).breaches.size(), 1u) << "three in a row now";
}

TEST(ConsecutiveLosses, PauseAQuarterOfAnHourUnlessTold) {
  TestEngine engine({rows({{"losses", "1"}, {"action", "cooldown"}})});
  const auto decision = engine.on(fill(1).sell(1).pnl("-5"));
  ASSERT_EQ(decision.lockouts_set.size(), 1u);
  EXPECT_EQ(decision.lockouts_set[0].expires_at, engine.now + 15min);
}

TEST(ConsecutiveLosses, CostsMakeALoss) {
  TestEngine engine({rows({{"losses", "1"}})});
  EXPECT_EQ(engine.on(fill(1).sell(1).pnl("1").fees("1.50")).breaches.size(), 1u);
}

TEST(ConsecutiveLosses, WithinTheToleranceItIsNeither) {
  TestEngine engine({rows({{"losses", "2"}, {"scratch_tolerance", "5"}})});
  engine.on(fill(1).sell(1).pnl("-6"));
  EXPECT_TRUE(engine.on(fill(2).sell(1).pnl("-5")).breaches.empty());
  EXPECT_TRUE(engine.on(fill(3).sell(1).pnl("5")).breaches.empty());
  EXPECT_EQ(engine.on(fill(4).sell(1).pnl("-6")).breaches.size(), 1u);
}

std::size_t breaches_on_the_next_day(const char* reset_on, Duration later) {
  TestEngine engine({rows({{"losses", "2"}, {"reset_on", reset_on}})});
  engine.on(fill(1).sell(1).pnl("-6"));
  const auto first_day = engine.state().ledger.end();
  engine.step(at(first_day, reset(first_day)));
  for (engine.now = first_day; engine.now < first_day + later; engine.now = engine.state().ledger.end())
    engine.step(at(engine.now, reset(engine.now)));
  engine.now = engine.state().ledger.start();
  return engine.on(fill(2).sell(1).pnl("-6")).breaches.size();
}

TEST(ConsecutiveLosses, ARowEndsWithTheDayOrWithAWin) {
  EXPECT_EQ(breaches_on_the_next_day("day", 0h), 0u);
  EXPECT_EQ(breaches_on_the_next_day("win", 0h), 1u);
  EXPECT_EQ(breaches_on_the_next_day("win", 6 * 24h), 1u) << "long after the fills are forgotten";
}

TEST(ConsecutiveLosses, NeedANumber) { EXPECT_EQ(TestEngine({rows({})}).problems.size(), 1u); }

} // namespace
} // namespace bulkhead::testing
