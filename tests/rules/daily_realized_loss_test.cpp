// RULE-003: its edges. The rows of its table are tests/examples.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine with(Settings settings) { return TestEngine({block("daily_realized_loss", settings)}); }

TEST(DailyRealizedLoss, BreachesExactlyAtTheLimit) {
  auto engine = with({{"limit", "500"}});
  engine.on(fill(1).sell(1).pnl("-300"));
  const auto decision = engine.on(fill(2).sell(1).pnl("-200.00"));
  ASSERT_EQ(decision.breaches.size(), 1U);
  EXPECT_EQ(decision.breaches[0].actual, Measure::money(usd("-500")));
  EXPECT_EQ(decision.lockouts_set.size(), 1U);
}

TEST(DailyRealizedLoss, CountsAFillOnce) {
  auto engine = with({{"limit", "500"}});
  const auto loss = fill(1).sell(1).pnl("-300").executed(engine.now);
  engine.on(loss);
  EXPECT_TRUE(engine.on(loss).breaches.empty());
  EXPECT_EQ(engine.state().ledger.net(), usd("-300"));
}

TEST(DailyRealizedLoss, IncludesTheOpenLossWhenAskedTo) {
  auto engine = with({{"limit", "500"}, {"include_unrealized", "true"}});
  engine.on(fill(1).sell(1).pnl("-300"));
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_TRUE(engine.on(quote(mnq()).last("20950.25")).breaches.empty());
  const auto decision = engine.on(quote(mnq()).last("20950"));
  EXPECT_EQ(decision.breaches.size(), 1U);
  EXPECT_EQ(asked(decision), "close MNQ");
}

TEST(DailyRealizedLoss, FlattensAndCancelsEverything) {
  auto engine = with({{"limit", "500"}});
  engine.on(position(mnq()).long_(2));
  engine.on(order(7).on(mnq()).sell(2).stop("20900"));
  engine.on(order(8).on(es()).buy(1).limit("5700"));
  EXPECT_EQ(asked(engine.on(fill(1).sell(1).pnl("-500"))), "close MNQ, cancel 7, cancel 8");
}

TEST(DailyRealizedLoss, AFillOfYesterdayCannotBreachToday) {
  auto engine = with({{"limit", "500"}});
  EXPECT_TRUE(
      engine.on(fill(1).sell(1).pnl("-900").executed(instant("2026-07-14T21:59:59Z"))).breaches.empty());
  EXPECT_EQ(engine.state().ledger.net(), Money{});
}

TEST(DailyRealizedLoss, TheDayThatIsOverLocksNothingWhenAWakeUpComesBeforeTheReset) {
  auto engine = with({{"limit", "500"}});
  const Instant end = instant("2026-07-15T22:00:00Z");
  engine.on(fill(1).sell(1).pnl("-500"));
  const auto decision = engine.step(at(end, TimeReached{}));
  EXPECT_EQ(decision.lockouts_cleared.size(), 1U);
  EXPECT_TRUE(decision.breaches.empty());
  EXPECT_FALSE(engine.state().lockouts.locked());
  engine.step(at(end, reset(end)));
  engine.step(fill(2).sell(1).pnl("-500").at(end + std::chrono::seconds{1}));
  EXPECT_EQ(engine.last.breaches.size(), 1U) << "the new day is judged";
}

TEST(DailyRealizedLoss, AnOpenLossThatCannotBeValuedEndsNoBreach) {
  auto engine = with({{"limit", "500"}, {"include_unrealized", "true"}});
  engine.on(fill(1).sell(1).pnl("-300"));
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(engine.on(quote(mnq()).last("20950")).breaches.size(), 1U);
  engine.happen(Restarted{});
  engine.on(read(engine.now).has(position(mnq()).long_(2).average("21000")));
  EXPECT_TRUE(engine.on(quote(mnq()).last("20950")).breaches.empty()) << "announced before the restart";
  engine.on(quote(mnq()).last("20990"));
  EXPECT_EQ(engine.on(quote(mnq()).last("20950")).breaches.size(), 1U) << "it was seen to end";
}

TEST(DailyRealizedLoss, TheLossOfANewDayIsABreachOfItsOwn) {
  auto engine = with({{"limit", "500"}, {"include_unrealized", "true"}, {"action", "CLOSE_ALL_POSITIONS"}});
  engine.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(engine.on(fill(1).sell(1).pnl("-500")).breaches.size(), 1U);
  engine.now = instant("2026-07-15T22:00:00Z"); // and nothing can be valued while the day changes
  engine.happen(reset(engine.now));
  EXPECT_EQ(engine.on(fill(2).sell(1).pnl("-500")).breaches.size(), 1U);
  EXPECT_TRUE(engine.on(fill(3).sell(1).pnl("-1")).breaches.empty());
}

TEST(DailyRealizedLoss, PermanentLocksUntilAnAdminClearsIt) {
  auto engine = with({{"limit", "500"}, {"lockout_until", "permanent"}});
  const auto decision = engine.on(fill(1).sell(1).pnl("-500"));
  ASSERT_EQ(decision.lockouts_set.size(), 1U);
  EXPECT_FALSE(decision.lockouts_set[0].expires_at);
  engine.step(at(instant("2026-07-15T22:00:00Z"), reset(instant("2026-07-15T22:00:00Z"))));
  EXPECT_TRUE(engine.state().lockouts.locked());
}

TEST(DailyRealizedLoss, WithoutLockoutItStillClosesWhatIsOpenedLater) {
  auto engine = with({{"limit", "500"}, {"action", "CLOSE_ALL_POSITIONS"}});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("-500")).lockouts_set.empty());
  engine.on(position(mnq()).long_(1));
  EXPECT_EQ(asked(engine.on(fill(2))), "close MNQ");
}

TEST(DailyRealizedLoss, WarnsOncePerLevelAndDay) {
  auto engine = with({{"limit", "500"}});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("-349.99")).alerts.empty());
  EXPECT_EQ(engine.on(fill(2).sell(1).pnl("-0.01")).alerts.size(), 1U); // 70 % exactly
  EXPECT_TRUE(engine.on(fill(3).sell(1).pnl("-1")).alerts.empty());
  EXPECT_EQ(engine.on(fill(4).sell(1).pnl("-99")).alerts.size(), 1U); // 90 %
}

TEST(DailyRealizedLoss, RefusesLimitsThatMeanNothing) {
  EXPECT_TRUE(has_errors(with({}).problems));
  EXPECT_TRUE(has_errors(with({{"limit", "0"}}).problems));
  EXPECT_TRUE(has_errors(with({{"limit", "abc"}}).problems));
  EXPECT_TRUE(has_errors(with({{"limit", "500"}, {"loss_limit", "500"}}).problems));
  EXPECT_FALSE(has_errors(with({{"loss_limit", "500"}}).problems));
}

TEST(DailyRealizedLoss, TrailingDoesNotCountATradeTwice) {
  auto engine = with({{"limit", "500"}, {"mode", "trailing"}});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(fill(1).buy(2));
  engine.on(quote(mnq()).last("21200"));
  EXPECT_TRUE(engine.on(fill(2).sell(2).pnl("800")).breaches.empty());
  EXPECT_TRUE(engine.on(position(mnq()).flat()).breaches.empty());
  EXPECT_EQ(engine.state().history.high_result_today, usd("800"));
  EXPECT_TRUE(engine.on(fill(3).sell(1).pnl("-499.99")).breaches.empty());
  EXPECT_EQ(engine.on(fill(4).sell(1).pnl("-0.01")).breaches.size(), 1U);
}

TEST(DailyRealizedLoss, TrailingIsNetOnly) {
  EXPECT_EQ(with({{"limit", "500"}, {"mode", "trailing"}, {"pnl_basis", "gross"}}).problems.size(), 1U);
}

TEST(DailyRealizedLoss, MayLockForGoodByTheOlderKeyToo) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "-500"}, {"lockout_until_reset", "false"}})});
  const auto decision = engine.on(fill(1).sell(1).pnl("-600"));
  EXPECT_FALSE(decision.lockouts_set.at(0).expires_at);
  TestEngine usual({block("daily_realized_loss", {{"limit", "-500"}, {"lockout_until_reset", "true"}})});
  EXPECT_TRUE(usual.on(fill(1).sell(1).pnl("-600")).lockouts_set.at(0).expires_at);
}

} // namespace
} // namespace bulkhead::testing
