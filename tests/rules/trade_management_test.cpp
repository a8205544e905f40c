// RULE-012: where stops go, how often, and that none outlives its position.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock managing(Settings settings = {}, Settings breakeven = {}, Settings trailing = {}) {
  settings.emplace_back("enabled", "true");
  auto rule =
      with(block("trade_management", settings), "auto_breakeven", map_node("auto_breakeven", breakeven));
  return with(rule, "trailing_stop", map_node("trailing_stop", trailing));
}

/// Carries out what is asked as a gateway would, and says it in one line.
class Managed {
public:
  explicit Managed(RuleBlock rule = managing()) : engine({std::move(rule)}) {}
  template <class B>
  std::string on(const B& builder) {
    return carried_out(engine.on(builder));
  }
  std::string wait(Duration length) { return carried_out(engine.wait(length)); }

  TestEngine engine;
  std::int64_t next_order = 100;
  bool carry_out = true;

private:
  std::string carried_out(const Decision& decision) {
    std::string out;
    for (const auto& r : decision.automation) {
      out += std::string(to_string(r.kind)) + " " + std::string(to_string(r.side)) + " " +
             to_string(r.stop_price) + " x" + std::to_string(r.size);
      if (!carry_out) continue;
      auto placed =
          order(r.order ? r.order->value : next_order++).on(r.contract).stop(to_string(r.stop_price));
      r.side == Side::sell ? placed.sell(r.size) : placed.buy(r.size);
      if (r.order)
        placed.tag(engine.state().orders.at(*r.order).order.custom_tag);
      else
        placed.tag(r.custom_tag);
      EXPECT_TRUE(engine.on(placed).automation.empty());
    }
    return out + asked(decision);
  }
};

TEST(TradeManagement, PlacesAStopAtTheEntryWhenTheTriggerIsReached) {
  Managed m;
  m.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.25")), "");
  EXPECT_EQ(m.on(quote(mnq()).last("21002.50")), "place_stop sell 21000 x2");
  EXPECT_EQ(m.on(quote(mnq()).last("21000.25")), "");
}

TEST(TradeManagement, TrailsTheBestPriceOfAShortAndNeverMovesBack) {
  Managed m;
  m.on(position(es()).short_(1).average("5800"));
  EXPECT_EQ(m.on(quote(es()).last("5795")), "place_stop buy 5797.5 x1");
  m.engine.now += 2s;
  EXPECT_EQ(m.on(quote(es()).last("5790")), "modify_stop buy 5792.5 x1");
  m.engine.now += 2s;
  EXPECT_EQ(m.on(quote(es()).last("5792")), "");
}

TEST(TradeManagement, MovesTheStopOfAShortByWholeStepsOnly) {
  Managed m(managing({}, {}, {{"update_frequency", "4"}}));
  m.on(position(es()).short_(1).average("5800"));
  EXPECT_EQ(m.on(quote(es()).last("5795")), "place_stop buy 5797.5 x1");
  m.engine.now += 2s;
  EXPECT_EQ(m.on(quote(es()).last("5794.25")), "") << "three ticks";
  EXPECT_EQ(m.on(quote(es()).last("5794")), "modify_stop buy 5796.5 x1");
}

TEST(TradeManagement, RoundsToTheTickTowardProfit) {
  Managed m;
  m.on(position(mnq()).long_(1).average("21000.10"));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.75")), "place_stop sell 21000.25 x1");
}

TEST(TradeManagement, AdoptsTheTradersStopAndLeavesABetterOne) {
  Managed worse;
  worse.on(position(mnq()).long_(1).average("21000"));
  worse.on(order(7).on(mnq()).sell(1).stop("20990"));
  EXPECT_EQ(worse.on(quote(mnq()).last("21002.50")), "modify_stop sell 21000 x1");
  Managed better;
  better.on(position(mnq()).long_(1).average("21000"));
  better.on(order(7).on(mnq()).sell(1).stop("21001"));
  EXPECT_EQ(better.on(quote(mnq()).last("21002.50")), "");
}

TEST(TradeManagement, PlacesNoStopBesideATrailingOne) {
  Managed m;
  m.on(position(mnq()).long_(1).average("21000"));
  m.on(order(7).on(mnq()).sell(1).with([](Order& trailing) {
    trailing.type = OrderType::trailing_stop;
    trailing.trail_price = px("10");
  }));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.50")), "");
}

TEST(TradeManagement, ModifiesAtMostOncePerIntervalWithTheLatestPrice) {
  Managed m;
  m.on(position(es()).long_(1).average("5800"));
  EXPECT_EQ(m.on(quote(es()).last("5805")), "place_stop sell 5802.5 x1");
  EXPECT_EQ(m.on(quote(es()).last("5806")), "");
  EXPECT_EQ(m.on(quote(es()).last("5807")), "");
  EXPECT_EQ(m.wait(2s), "modify_stop sell 5804.5 x1");
}

TEST(TradeManagement, APriceOfTenSecondsAgoStillCountsAndAnOlderOneDoesNot) {
  for (const auto age : {10000ms, 10001ms}) {
    Managed m;
    m.on(position(mnq()).long_(1).average("21000"));
    m.on(quote(mnq()).last("21002.25"));
    m.engine.now += age - 1ms;
    EXPECT_EQ(m.on(position(mnq()).long_(1).average("20999.75")),
              age == 10s ? "place_stop sell 20999.75 x1" : "");
  }
}

TEST(TradeManagement, FollowsTheSizeAndGoesWithThePosition) {
  Managed m;
  m.on(position(mnq()).long_(2).average("21000"));
  m.on(quote(mnq()).last("21002.50"));
  m.engine.now += 2s;
  EXPECT_EQ(m.on(position(mnq()).long_(1)), "modify_stop sell 21000 x1");
  EXPECT_EQ(m.on(position(mnq()).flat()), "cancel 100");
}

TEST(TradeManagement, AFlipCancelsTheStopOfTheOtherSide) {
  Managed m;
  m.on(position(mnq()).long_(2).average("21000"));
  m.on(quote(mnq()).last("21002.50"));
  EXPECT_EQ(m.on(position(mnq()).short_(2).average("21002.50")), "cancel 100");
}

TEST(TradeManagement, PlacesAFirstStopAfterTheDelayWhenThereIsNone) {
  Managed m(managing({{"auto_stop_loss", "true"}}));
  m.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(m.wait(2s), "place_stop sell 20997.5 x1");
  Managed own(managing({{"auto_stop_loss", "true"}}));
  own.on(position(mnq()).long_(1).average("21000"));
  own.on(order(7).on(mnq()).sell(1).stop("20900"));
  EXPECT_EQ(own.wait(5s), "");
}

TEST(TradeManagement, ARefusedStopIsAskedForAgainOnlyAtABetterPrice) {
  Managed m;
  m.carry_out = false;
  m.on(position(es()).long_(1).average("5800"));
  EXPECT_EQ(m.on(quote(es()).last("5805")), "place_stop sell 5802.5 x1");
  m.engine.happen(AutomationReported{m.engine.last.automation.at(0).id, false, std::nullopt, "no"});
  m.engine.now += 2s;
  EXPECT_EQ(m.on(quote(es()).last("5805")), "");
  EXPECT_EQ(m.on(quote(es()).last("5806")), "place_stop sell 5803.5 x1");
}

TEST(TradeManagement, AStopBeyondTheMarketWaits) {
  Managed m(managing({}, {{"offset_ticks", "9"}}));
  m.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.50").bid("21002.25").ask("21002.50")), "");
  EXPECT_EQ(m.on(quote(mnq()).bid("21002.50")), "place_stop sell 21002.25 x1");
}

TEST(TradeManagement, RestsWhileLockedOrBeingClosed) {
  Managed m;
  m.on(position(mnq()).long_(1).average("21000"));
  m.engine.happen(FlattenOrdered{"by hand"});
  EXPECT_EQ(m.on(quote(mnq()).last("21002.50")), "");
}

TEST(TradeManagement, AStopThatWasNotSentIsAskedForAgain) {
  TestEngine engine({managing(), block("max_unrealized_profit", {{"profit_target", "5"}})});
  engine.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21002.50"))), "close MNQ");
  EXPECT_TRUE(engine.last.automation.empty());
  engine.on(quote(mnq()).last("21001"));
  engine.happen(
      IntentReported{engine.state().pending_closes.begin()->second.id, IntentOutcome::achieved, ""});
  EXPECT_EQ(engine.on(quote(mnq()).last("21001")).automation.size(), 1u) << "it is still held";
}

TEST(TradeManagement, WhatWasReachedStaysReachedWhileThePositionCannotBeValued) {
  Managed m(managing({}, {{"offset_ticks", "9"}}));
  m.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.50").bid("21002.25").ask("21002.50")), "") << "beyond the market";
  m.on(position(mnq()).of(PositionType::undefined, 1));
  m.on(position(mnq()).long_(1));
  EXPECT_EQ(m.on(quote(mnq()).last("21002.25").bid("21002.50").ask("21002.75")),
            "place_stop sell 21002.25 x1");
}

TEST(TradeManagement, TwoBlocksLeaveEachOthersStopsAlone) {
  auto first = managing({{"auto_stop_loss", "true"}, {"auto_stop_delay_ms", "0"}});
  auto second =
      managing({{"auto_stop_loss", "true"}, {"auto_stop_delay_ms", "0"}, {"stop_loss_ticks", "20"}});
  first.instance = 1, second.instance = 2;
  TestEngine engine({first, second});
  engine.on(position(mnq()).long_(1).average("21000"));
  ASSERT_EQ(engine.last.automation.size(), 2u);
  std::int64_t id = 50;
  for (const auto& r : std::vector(engine.last.automation))
    engine.on(order(id++).on(mnq()).sell(1).stop(to_string(r.stop_price)).tag(r.custom_tag));
  engine.now += 2s;
  const auto grown = engine.on(position(mnq()).long_(2));
  ASSERT_EQ(grown.automation.size(), 2u) << "each sizes its own";
  EXPECT_NE(grown.automation[0].order, grown.automation[1].order);
  EXPECT_EQ(asked(engine.on(position(mnq()).flat())), "cancel 50, cancel 51");
}

TEST(TradeManagement, TagsAreNeverUsedTwice) {
  Managed m;
  m.carry_out = false;
  std::set<std::string> tags;
  for (const auto& id : {mnq(), nq()}) {
    m.engine.step(position(id).long_(1).average("21000").at(m.engine.now));
    m.on(quote(id).last("21002.50"));
    for (const auto& r : m.engine.last.automation) tags.insert(r.custom_tag);
  }
  EXPECT_EQ(tags.size(), 2u);
}

TEST(TradeManagement, IsOffUntilSwitchedOn) {
  EXPECT_TRUE(TestEngine({block("trade_management", {})}).rules().rules.empty());
}

TEST(TradeManagement, TheStopsOfSeveralBlocksAreToldApartByTheirTags) {
  for (const std::uint16_t instance : {0, 2}) {
    auto rule = managing();
    rule.instance = instance;
    TestEngine engine({rule});
    engine.on(position(mnq()).long_(2).average("21000"));
    const auto decision = engine.on(quote(mnq()).last("21002.50"));
    ASSERT_EQ(decision.automation.size(), 1u);
    const auto& tag = decision.automation[0].custom_tag;
    EXPECT_TRUE(tag.starts_with("bh-"));
    EXPECT_EQ(tag.starts_with("bh-2."), instance == 2) << tag;
  }
}

} // namespace
} // namespace bulkhead::testing
