// RULE-020: stops, what is not covered, limits by the room left.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock risk(Settings settings) {
  settings.emplace_back("enabled", "true");
  return block("max_trade_risk", settings);
}

TEST(MaxTradeRisk, AShortIsMeasuredUpward) {
  TestEngine engine({risk({{"limit", "200"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(order(7).buy(2).stop("21060"));
  EXPECT_EQ(asked(engine.on(position(mnq()).short_(2).average("21000"))), "reduce MNQ to 1");
}

TEST(MaxTradeRisk, AStopBehindTheEntryRisksNothing) {
  TestEngine engine({risk({{"limit", "200"}})});
  engine.on(order(7).sell(2).stop("21050"));
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_TRUE(engine.wait(5s).empty());
}

TEST(MaxTradeRisk, WhatHasNoStopIsAssumedToFallFar) {
  TestEngine engine({risk({{"limit", "200"}, {"grace_seconds", "0"}})});
  engine.on(order(7).sell(1).stop("20950"));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "reduce MNQ to 1") << "100 and 200";
}

TEST(MaxTradeRisk, ClosesWhatDoesNotFitAtAll) {
  TestEngine engine({risk({{"limit", "50"}, {"grace_seconds", "0"}})});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "close MNQ");
  TestEngine warns({risk({{"limit", "50"}, {"grace_seconds", "0"}, {"action", "warn"}})});
  const auto decision = warns.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(asked(decision), "");
  EXPECT_EQ(decision.alerts.at(0).code, "trade-risk");
}

TEST(MaxTradeRisk, ATrailingStopRisksItsDistance) {
  TestEngine engine({risk({{"limit", "100"}, {"grace_seconds", "0"}})});
  engine.on(order(7).sell(2).with([](Order& trailing) {
    trailing.type = OrderType::trailing_stop;
    trailing.trail_price = px("50");
  }));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "reduce MNQ to 1");
}

TEST(MaxTradeRisk, MayBeAPartOfTheRoomToTheFloor) {
  TestEngine engine(
      {block("max_loss_limit", {{"enabled", "true"}, {"start_balance", "50000"}, {"max_loss", "2000"}}),
       risk({{"percent_of_room", "10"}, {"grace_seconds", "0"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(account().balance("49000")); // 1,000 above the floor: 100 may be risked
  engine.on(order(7).sell(2).stop("20970"));
  engine.on(quote(mnq()).last("21000"));
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.now += 3s;
  EXPECT_EQ(asked(engine.on(order(7).sell(2).stop("20969.75"))), "reduce MNQ to 1");
}

TEST(MaxTradeRisk, AStopMayComeUntilTheGraceIsOver) {
  TestEngine engine({risk({{"limit", "50"}, {"grace_seconds", "5"}})});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "");
  EXPECT_EQ(engine.last.wake_at, engine.now + 5s);
  EXPECT_EQ(asked(engine.wait(4999ms)), "");
  EXPECT_EQ(asked(engine.wait(1ms)), "close MNQ");
}

TEST(MaxTradeRisk, ShowsThePositionThatRisksMost) {
  TestEngine engine({risk({{"limit", "500"}})});
  EXPECT_EQ(engine.engine().rule_status(engine.now).at(0).gauge->value, Measure::money(usd("0")));
  engine.on(order(7).sell(2).stop("20950"));
  engine.on(position(mnq()).long_(2).average("21000"));
  const auto gauge = engine.engine().rule_status(engine.now).at(0).gauge;
  EXPECT_EQ(gauge->value, Measure::money(usd("200")));
  EXPECT_EQ(gauge->limit, Measure::money(usd("500")));
  TestEngine unknown({risk({{"percent_of_room", "10"}})});
  EXPECT_FALSE(unknown.engine().rule_status(unknown.now).at(0).gauge) << "no room is known";
}

TEST(MaxTradeRisk, IsOffUntilSwitchedOn) {
  TestEngine engine({block("max_trade_risk", {{"limit", "50"}, {"grace_seconds", "0"}})});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "");
}

TEST(MaxTradeRisk, NeedsALimit) { EXPECT_EQ(TestEngine({risk({})}).problems.size(), 1u); }

} // namespace
} // namespace bulkhead::testing
