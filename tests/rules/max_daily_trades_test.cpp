// RULE-022: what counts as a trade, and what may still be done.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock most(Settings settings) {
  settings.emplace_back("enabled", "true");
  return block("max_daily_trades", settings);
}

TEST(MaxDailyTrades, TheLastTradeMayBeManaged) {
  TestEngine engine({most({{"max_round_trips", "1"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(fill(1).buy(2));
  EXPECT_TRUE(engine.on(position(mnq()).long_(2)).empty());
  engine.on(fill(2).sell(1).pnl("5"));
  EXPECT_TRUE(engine.on(position(mnq()).long_(1)).empty());
  engine.on(position(mnq()).flat());
  const auto decision = engine.on(fill(3).sell(1).pnl("5"));
  ASSERT_EQ(decision.lockouts_set.size(), 1u);
  EXPECT_EQ(decision.lockouts_set[0].mode, LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ");
}

TEST(MaxDailyTrades, MoreThanTheCountIsClosed) {
  TestEngine engine({most({{"max_round_trips", "1"}})});
  engine.on(fill(1).buy(1));
  engine.on(position(mnq()).long_(1));
  engine.on(position(es()).long_(1));
  EXPECT_EQ(asked(engine.on(fill(2).on(es()).buy(1))), "close ES, close MNQ");
}

TEST(MaxDailyTrades, EntryOrdersCountOnceHoweverTheyAreFilled) {
  TestEngine engine({most({{"max_orders", "2"}})});
  engine.on(fill(1).of_order(5).buy(1));
  engine.on(fill(2).of_order(5).buy(1));
  EXPECT_TRUE(engine.on(fill(3).of_order(6).sell(2).pnl("1")).breaches.empty()) << "an exit is no entry";
  EXPECT_TRUE(engine.on(fill(4).of_order(7).buy(1)).breaches.empty()) << "the second may be managed";
  EXPECT_EQ(engine.on(fill(5).of_order(8).sell(1).pnl("1")).breaches.size(), 1u);
}

TEST(MaxDailyTrades, BeginsAnewAtTheReset) {
  TestEngine engine({most({{"max_round_trips", "1"}})});
  engine.on(fill(1).sell(1).pnl("5"));
  const auto end = engine.state().ledger.end();
  EXPECT_EQ(engine.step(at(end, reset(end))).lockouts_cleared.size(), 1u);
  engine.now = end;
  EXPECT_TRUE(engine.on(position(mnq()).long_(1)).empty());
}

TEST(MaxDailyTrades, TwoBreachesOfOneMomentTellOfTheStrongerLock) {
  TestEngine engine({most({{"max_round_trips", "1"}, {"max_orders", "1"}})});
  engine.on(fill(1).of_order(5).on(es()).buy(1));
  engine.now += 3s;
  const auto decision = engine.on(fill(2).of_order(6).sell(1).pnl("5"));
  EXPECT_EQ(decision.breaches.size(), 2u) << "a second round trip, and no further order";
  ASSERT_EQ(decision.lockouts_set.size(), 1u);
  EXPECT_EQ(decision.lockouts_set[0].mode, LockoutMode::flatten);
  EXPECT_EQ(decision.lockouts_set, engine.state().lockouts.rows());
}

TEST(MaxDailyTrades, NeedALimit) { EXPECT_EQ(TestEngine({most({})}).problems.size(), 1u); }

} // namespace
} // namespace bulkhead::testing
