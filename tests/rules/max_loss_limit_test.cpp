// RULE-014: floors, half-told trades, withdrawals, what is unknown.

#include "tests/support/engine.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

Settings eod(Settings more = {}) {
  Settings settings{
      {"enabled", "true"}, {"mode", "eod_trailing"}, {"start_balance", "50000"}, {"max_loss", "2000"}};
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}
Settings intraday() {
  return {
      {"enabled", "true"}, {"mode", "intraday_trailing"}, {"start_balance", "50000"}, {"max_loss", "2500"}};
}
TestEngine watched(const Settings& settings, std::string_view balance = "50000") {
  TestEngine engine({block("max_loss_limit", settings)});
  EXPECT_TRUE(engine.problems.empty());
  engine.on(account().balance(balance));
  return engine;
}

TEST(MaxLossLimit, LocksForGoodAndOnlyOnce) {
  auto engine = watched(eod());
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(fill(1).buy(2));
  engine.now += 3s;
  EXPECT_TRUE(engine.on(quote(mnq()).last("20500.25")).breaches.empty());
  const auto decision = engine.on(quote(mnq()).last("20500"));
  EXPECT_EQ(asked(decision), "close MNQ");
  ASSERT_EQ(decision.lockouts_set.size(), 1u);
  EXPECT_FALSE(decision.lockouts_set[0].expires_at);
  EXPECT_TRUE(engine.on(quote(mnq()).last("20400")).empty());
}

TEST(MaxLossLimit, AClosedWinnerWhoseProfitIsNotBookedYetIsNoLoss) {
  auto engine = watched(intraday());
  engine.on(position(mnq()).long_(10).average("21000"));
  engine.on(fill(1).buy(10));
  engine.on(quote(mnq()).last("21200"));
  EXPECT_EQ(engine.state().history.high_equity, usd("54000"));
  EXPECT_TRUE(engine.on(position(mnq()).flat()).breaches.empty()) << "4,000 are in neither for a moment";
  EXPECT_TRUE(engine.on(fill(2).sell(10).pnl("4000")).breaches.empty());
  EXPECT_TRUE(engine.wait(1s).breaches.empty());
  EXPECT_TRUE(engine.on(account().balance("54000")).breaches.empty());
  EXPECT_EQ(engine.state().history.high_equity, usd("54000"));
}

TEST(MaxLossLimit, ALossIsSeenBeforeTheBalanceTellsOfIt) {
  auto engine = watched(eod());
  engine.on(position(mnq()).long_(10).average("21000"));
  engine.on(fill(1).buy(10));
  engine.on(fill(2).sell(10).pnl("-2000"));
  EXPECT_EQ(engine.on(position(mnq()).flat()).breaches.size(), 1u);
}

TEST(MaxLossLimit, AnUnvaluedPositionDecidesNothing) {
  auto engine = watched(eod());
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_TRUE(engine.on(account().balance("47000")).breaches.empty());
  engine.now += 3s;
  EXPECT_EQ(engine.on(quote(mnq()).last("21000")).breaches.size(), 1u);
}

TEST(MaxLossLimit, AWithdrawalLowersNoFloor) {
  auto engine = watched(eod({{"lock_at", "60000"}}));
  engine.on(account().balance("53000"));
  engine.step(at(engine.state().ledger.end(), reset(engine.state().ledger.end())));
  engine.now = engine.state().ledger.start();
  engine.on(account().balance("51500"));
  engine.happen(BalanceAdjusted{BalanceAdjusted::Kind::payout, usd("1500")});
  EXPECT_TRUE(engine.on(account().balance("51000.01")).breaches.empty());
  EXPECT_EQ(engine.on(account().balance("51000")).breaches.size(), 1u);
}

TEST(MaxLossLimit, AHistoryItHasNotSeenIsSaid) {
  auto unknown = TestEngine({block("max_loss_limit", eod())});
  EXPECT_EQ(unknown.on(account().balance("51000")).alerts.at(0).code, "high-water-unknown");
  auto stated = watched(eod({{"highest_balance", "51500"}}), "51000");
  EXPECT_EQ(stated.on(account().balance("49500")).breaches.size(), 1u);
}

TEST(MaxLossLimit, ABalanceFromBeforeTheStartDecidesNothing) {
  auto engine = watched(eod());
  engine.happen(Restarted{});
  engine.now += 3s;
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.now += 3s;
  EXPECT_TRUE(engine.on(quote(mnq()).last("20500")).breaches.empty()) << "1,000 may have been won meanwhile";
  auto found = read(engine.now);
  found.has(account().balance("51000")).has(PositionUpdate(position(mnq()).long_(2).average("21000")));
  EXPECT_TRUE(engine.on(found).breaches.empty());
  engine.on(quote(mnq()).last("20500"));
  EXPECT_TRUE(engine.wait(3s).breaches.empty());
  EXPECT_EQ(engine.on(quote(mnq()).last("20250")).breaches.size(), 1u);
}

TEST(MaxLossLimit, AHighThatNobodySawIsToldAtTheStart) {
  const auto told = [](const Settings& settings, const ReadBuilder& found) {
    auto engine = watched(settings);
    engine.happen(Restarted{});
    const auto decision = engine.on(found);
    return std::count_if(decision.alerts.begin(), decision.alerts.end(),
                         [](const auto& alert) { return alert.code == "high-water-unknown"; });
  };
  const auto at_noon = instant("2026-07-15T18:00:01Z");
  auto same = read(at_noon), held = same, earned = same;
  same.has(account().balance("50000"));
  held.has(account().balance("50000")).has(PositionUpdate(position(mnq()).long_(1)));
  earned.has(account().balance("50100"));
  EXPECT_EQ(told(intraday(), same), 0);
  EXPECT_EQ(told(intraday(), held), 1);
  EXPECT_EQ(told(intraday(), earned), 1) << "opened and closed meanwhile";
  EXPECT_EQ(told(eod(), held), 0) << "what counts is the end of the day";
}

TEST(MaxLossLimit, WarnsByThePartOfTheLossThatIsUsed) {
  auto engine = watched(eod());
  EXPECT_TRUE(engine.on(account().balance("49000.01")).alerts.empty());
  EXPECT_EQ(engine.on(account().balance("49000")).alerts.at(0).code, "loss-warning");
  EXPECT_EQ(engine.on(account().balance("48200")).alerts.size(), 2u) << "75 and 90 %";
}

TEST(MaxLossLimit, ItsGaugeIsFullAtTheFloor) {
  auto engine = watched(eod({{"safety_buffer", "100"}}));
  engine.on(account().balance("49000"));
  const auto gauge = engine.engine().rule_status(engine.now).at(0).gauge.value();
  EXPECT_EQ(gauge.value, Measure::money(usd("-1000")));
  EXPECT_EQ(gauge.limit, Measure::money(usd("-1900")));
}

TEST(MaxLossLimit, RefusesWhatCannotBe) {
  EXPECT_EQ(TestEngine({block("max_loss_limit", {})}).problems.size(), 2u) << "no start, no loss";
  EXPECT_EQ(TestEngine({block("max_loss_limit", eod({{"safety_buffer", "2000"}}))}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
