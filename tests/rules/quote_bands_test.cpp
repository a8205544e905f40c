// Which quotes an account can do without: exact ends, shares, and when nothing can be said. That nothing is
// missed by it is for tests/differential to show.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

QuoteUpdate whole_quote(const ContractId& contract, std::string_view price) {
  QuoteUpdate update;
  update.contract = contract;
  update.last = update.bid = update.ask = px(price);
  return update;
}

/// Long two MNQ from 21000, everything told of and quoted.
TestEngine holding(std::vector<RuleBlock> blocks) {
  TestEngine engine(std::move(blocks));
  engine.on(PositionBuilder(mnq()).long_(2).average("21000"));
  engine.now += 3s;
  engine.happen(whole_quote(mnq(), "21000"));
  return engine;
}
RuleBlock loss_of_300(const char* source = "last") {
  return block("daily_unrealized_loss",
               {{"scope", "total"}, {"loss_limit", "300"}, {"price_source", source}});
}

TEST(QuoteBands, EndJustBeforeTheLimit) {
  auto engine = holding({loss_of_300()});
  const auto bands = engine.engine().bands();
  ASSERT_TRUE(bands.contains(mnq()));
  const auto& band = bands.at(mnq());
  EXPECT_EQ(band.last.low, px("20925.00000025")) << "75 points are 300 dollars";
  EXPECT_TRUE(band.bid.contains(px("20900"))) << "the bid values nothing here";
}

TEST(QuoteBands, EndAtANewHighestResult) {
  auto engine = holding({loss_of_300()});
  EXPECT_EQ(engine.engine().bands().at(mnq()).last.high, px("21000"));
  engine.happen(whole_quote(mnq(), "21010"));
  engine.happen(whole_quote(mnq(), "21005"));
  EXPECT_EQ(engine.engine().bands().at(mnq()).last.high, px("21010"));
}

TEST(QuoteBands, EndJustBeforeAStopIsEarned) {
  auto rule = with(block("trade_management", {{"enabled", "true"}}), "auto_breakeven",
                   map_node("auto_breakeven", {{"profit_trigger_ticks", "8"}}));
  TestEngine engine({rule});
  // The best of the day is behind: it is not what ends the band.
  engine.on(fill(1).sell(1).pnl("1000"));
  engine.on(fill(2).sell(1).pnl("-1000"));
  engine.on(PositionBuilder(mnq()).long_(2).average("21000"));
  engine.now += 3s;
  engine.happen(whole_quote(mnq(), "21000"));
  ASSERT_TRUE(engine.engine().bands().contains(mnq()));
  EXPECT_EQ(engine.engine().bands().at(mnq()).last.high, px("21001.999999999")) << "8 ticks are 2 points";
}

TEST(QuoteBands, FollowTheSideThatValuesThePosition) {
  auto engine = holding({loss_of_300("exit_side")});
  const auto band = engine.engine().bands().at(mnq());
  EXPECT_EQ(band.bid.low, px("20925.00000025"));
  EXPECT_TRUE(band.ask.contains(px("20900")));
}

TEST(QuoteBands, ShareATotalAmongThePositions) {
  auto engine = holding({loss_of_300()});
  engine.on(PositionBuilder(es()).short_(1).average("5800"));
  engine.now += 3s;
  engine.happen(whole_quote(mnq(), "21000"));
  engine.happen(whole_quote(es(), "5800"));
  const auto bands = engine.engine().bands();
  EXPECT_GT(bands.at(mnq()).last.low, px("20962.5")) << "half of the way, and less";
  EXPECT_LT(bands.at(mnq()).last.low, px("20962.75"));
  EXPECT_LT(bands.at(es()).last.high, px("5803")) << "50 dollars a point";
  EXPECT_GE(bands.at(es()).last.high, px("5802.75"));
}

TEST(QuoteBands, EndWherePeopleAreWarned) {
  auto engine = holding({with(loss_of_300(), "warn_at", list_node("warn_at", {"50"}))});
  EXPECT_EQ(engine.engine().bands().at(mnq()).last.low, px("20962.50000025"));
}

TEST(QuoteBands, AreNotStatedBeforeAQuoteWasJudgedAfterAnotherEvent) {
  auto engine = holding({loss_of_300()});
  engine.on(account().balance("50000"));
  EXPECT_TRUE(engine.engine().bands().empty());
  engine.now += 3s;
  engine.happen(whole_quote(mnq(), "21000"));
  EXPECT_FALSE(engine.engine().bands().empty());
}

TEST(QuoteBands, AreNotStatedWhileATradeIsHalfTold) {
  auto engine = holding({loss_of_300()});
  engine.on(PositionBuilder(mnq()).long_(3).average("21000"));
  engine.happen(whole_quote(mnq(), "21000"));
  EXPECT_TRUE(engine.engine().bands().empty());
}

TEST(QuoteBands, AreNotStatedForARuleThatStatesNone) {
  auto engine = holding({loss_of_300(), block("market", {{"enabled", "true"}})});
  EXPECT_TRUE(engine.engine().bands().empty());
}

TEST(QuoteBands, AreNotStatedWhileABreachStands) {
  auto engine = holding({loss_of_300()});
  engine.happen(whole_quote(mnq(), "20925"));
  engine.happen(whole_quote(mnq(), "20925"));
  EXPECT_TRUE(engine.engine().bands().empty());
}

TEST(QuoteBands, AreNotStatedWithoutAllPrices) {
  TestEngine engine({loss_of_300()});
  engine.on(PositionBuilder(mnq()).long_(2).average("21000"));
  engine.now += 3s;
  auto update = whole_quote(mnq(), "21000");
  update.ask.reset();
  engine.happen(update);
  EXPECT_TRUE(engine.engine().bands().empty());
}

// The engine takes a quote inside what it stated without asking anybody: these are the ends of that.
TEST(QuoteBands, HoldForTheEngineUntilAnotherEvent) {
  auto engine = holding({loss_of_300()});
  ASSERT_LT(engine.engine().bands().at(mnq()).last.low, px("20950"));
  engine.on(PositionBuilder(mnq()).long_(8).average("21000"));
  engine.now += 3s;
  EXPECT_EQ(engine.happen(whole_quote(mnq(), "20950")).breaches.size(), 1U);
}

TEST(QuoteBands, HoldForTheEngineUntilAQuoteOutside) {
  auto engine = holding({loss_of_300()});
  ASSERT_TRUE(engine.engine().bands().contains(mnq()));
  EXPECT_TRUE(engine.happen(whole_quote(mnq(), "20926")).empty());
  EXPECT_EQ(engine.happen(whole_quote(mnq(), "20925")).breaches.size(), 1U);
  EXPECT_TRUE(engine.happen(whole_quote(mnq(), "20990")).breaches.empty());
  EXPECT_TRUE(engine.state().breaches.empty()) << "judged, though it lies where the band was";
}

TEST(QuoteBands, HoldForTheEngineUntilARuleIsDue) {
  auto engine = holding({loss_of_300(), block("no_stop_loss_grace", {{"grace_period_seconds", "60"},
                                                                     {"verify_before_close", "false"}})});
  ASSERT_TRUE(engine.engine().bands().contains(mnq()));
  EXPECT_TRUE(engine.happen(whole_quote(mnq(), "21000")).empty());
  engine.now += 60s;
  EXPECT_EQ(engine.happen(whole_quote(mnq(), "21000")).breaches.size(), 1U);
}

} // namespace
} // namespace bulkhead::testing
