// RULE-019: shares, pauses, what it never does.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock hold(Settings settings) {
  settings.emplace_back("enabled", "true");
  settings.emplace_back("min_hold_seconds", "10");
  return block("min_hold", settings);
}
Decision trade(TestEngine& engine, std::int64_t number, Duration length, const char* pnl) {
  engine.on(fill(number).buy(1));
  engine.now += length - 1ms;
  return engine.on(fill(number + 1).sell(1).pnl(pnl));
}

TEST(MinHold, TenSecondsAreLongEnough) {
  TestEngine engine({hold({})});
  ASSERT_TRUE(engine.problems.empty());
  EXPECT_TRUE(trade(engine, 1, 10s, "5").alerts.empty());
  EXPECT_FALSE(trade(engine, 3, 9999ms, "5").alerts.empty());
}

TEST(MinHold, TheProfitMustComeFromLongerTrades) {
  TestEngine engine({hold({{"min_trades_percent", "0"}})});
  trade(engine, 1, 20s, "100");
  EXPECT_TRUE(trade(engine, 3, 2s, "99").alerts.empty());
  EXPECT_EQ(trade(engine, 5, 2s, "1").alerts.at(0).code, "min-hold-profit");
}

TEST(MinHold, PausesAfterTooManyAndLetsWhatIsOpenBe) {
  TestEngine engine({hold({{"max_violations", "2"}, {"cooldown_seconds", "60"}})});
  trade(engine, 1, 2s, "1");
  engine.on(position(es()).long_(1));
  const auto decision = trade(engine, 3, 2s, "1");
  EXPECT_EQ(decision.lockouts_set.at(0).mode, LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(decision), "");
}

TEST(MinHold, NeedsALength) { EXPECT_EQ(TestEngine({block("min_hold", {})}).problems.size(), 1u); }

} // namespace
} // namespace bulkhead::testing
