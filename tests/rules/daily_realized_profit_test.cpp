// RULE-013: what counts, the reset.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TEST(DailyRealizedProfit, OpenProfitCountsOnRequest) {
  TestEngine engine({block("daily_realized_profit",
                           {{"enabled", "true"}, {"target", "1000"}, {"include_unrealized", "true"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(fill(1).buy(2));
  EXPECT_TRUE(engine.on(quote(mnq()).last("21249.75")).breaches.empty());
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21250"))), "close MNQ");
}

TEST(DailyRealizedProfit, BeginsAnewAtTheReset) {
  TestEngine engine({block("daily_realized_profit", {{"enabled", "true"}, {"target", "100"}})});
  EXPECT_EQ(engine.on(fill(1).sell(1).pnl("100")).breaches.size(), 1u);
  const auto end = engine.state().ledger.end();
  EXPECT_EQ(engine.step(at(end, reset(end))).lockouts_cleared.size(), 1u);
  engine.now = end;
  EXPECT_TRUE(engine.on(fill(2).sell(1).pnl("99")).breaches.empty());
}

TEST(DailyRealizedProfit, CostsCount) {
  TestEngine engine({block("daily_realized_profit", {{"enabled", "true"}, {"target", "100"}})});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("100").fees("0.01")).breaches.empty());
}

TEST(DailyRealizedProfit, NeedsATarget) {
  EXPECT_EQ(TestEngine({block("daily_realized_profit", {})}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
