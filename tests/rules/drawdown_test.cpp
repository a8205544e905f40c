// The drawdown guard: levels, the pause, what counts as equity.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine guarded(Settings settings = {}, std::string_view peak = "10000") {
  settings.emplace_back("enabled", "true");
  TestEngine engine({block("drawdown", settings)});
  engine.on(account().balance(std::string(peak)));
  return engine;
}

TEST(DrawdownGuard, WarnsThenCloses) {
  auto engine = guarded();
  EXPECT_TRUE(engine.on(account().balance("8600")).empty());
  EXPECT_EQ(engine.on(account().balance("8500")).alerts.at(0).code, "drawdown-warning");
  EXPECT_TRUE(engine.on(account().balance("8450")).empty()) << "once";
  const auto decision = engine.on(account().balance("8000"));
  EXPECT_EQ(to_string(decision.breaches.at(0).source), "guard-1");
  EXPECT_EQ(decision.lockouts_set.at(0).expires_at, instant("2026-07-15T22:00:00Z"));
}

TEST(DrawdownGuard, LocksOrClosesAlone) {
  for (const bool locks : {true, false}) {
    auto engine = guarded({{"action", locks ? "CLOSE_ALL_AND_LOCKOUT" : "CLOSE_ALL_POSITIONS"}});
    const auto decision = engine.on(account().balance("8000"));
    EXPECT_EQ(decision.breaches.size(), 1u);
    EXPECT_EQ(decision.lockouts_set.size(), locks ? 1u : 0u);
  }
}

TEST(DrawdownGuard, MayCloseWhereItWarns) {
  EXPECT_TRUE(
      TestEngine({block("drawdown",
                        {{"enabled", "true"}, {"max_drawdown_pct", "15"}, {"warning_threshold_pct", "15"}})})
          .problems.empty());
  EXPECT_FALSE(TestEngine({block("drawdown", {{"enabled", "true"},
                                              {"max_drawdown_pct", "15"},
                                              {"warning_threshold_pct", "15.0001"}})})
                   .problems.empty());
}

TEST(DrawdownGuard, SaysHowMuchInPercentWithTwoDecimals) {
  auto engine = guarded();
  const auto decision = engine.on(account().balance("7900.5"));
  EXPECT_NE(decision.breaches.at(0).reason.find("20.99%"), std::string::npos)
      << decision.breaches.at(0).reason;
}

TEST(DrawdownGuard, MayBeInDollars) {
  auto engine = guarded({{"unit", "usd"}, {"max_drawdown_pct", "500"}, {"warning_threshold_pct", "400"}});
  const auto decision = engine.on(account().balance("9500"));
  ASSERT_EQ(decision.breaches.size(), 1u);
  EXPECT_EQ(decision.breaches[0].limit, Measure::money(usd("500")));
  EXPECT_EQ(decision.breaches[0].actual, Measure::money(usd("500")));
}

TEST(DrawdownGuard, ANewPeakStartsAnew) {
  auto engine = guarded();
  engine.on(account().balance("12500"));
  EXPECT_EQ(engine.state().peak_equity, usd("12500"));
  EXPECT_EQ(engine.on(account().balance("10000")).breaches.size(), 1u);
}

TEST(DrawdownGuard, TooLittleEquityIsCritical) {
  auto engine = guarded({}, "110");
  EXPECT_EQ(engine.on(account().balance("99")).breaches.size(), 1u);
}

TEST(DrawdownGuard, LooksAgainAfterThePause) {
  auto engine = guarded({{"warning_seconds", "10"}});
  EXPECT_TRUE(engine.on(account().balance("8000")).breaches.empty());
  engine.on(account().balance("8200"));
  EXPECT_EQ(engine.wait(11s).alerts.at(0).code, "drawdown-averted");
  auto lasting = guarded({{"warning_seconds", "10"}});
  lasting.on(account().balance("8000"));
  EXPECT_EQ(lasting.wait(11s).breaches.size(), 1u);
}

TEST(DrawdownGuard, TwoPointsMoreCloseAtOnce) {
  auto engine = guarded({{"warning_seconds", "10"}});
  engine.on(account().balance("8000"));
  EXPECT_TRUE(engine.on(account().balance("7801")).breaches.empty());
  EXPECT_EQ(engine.on(account().balance("7800")).breaches.size(), 1u);
}

TEST(DrawdownGuard, OpenProfitCountsOnceItHasSettled) {
  auto engine = guarded();
  engine.on(position(mnq()).long_(10).average("21000"));
  EXPECT_TRUE(engine.on(quote(mnq()).last("20900")).breaches.empty()) << "just opened";
  engine.now += 2s;
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("20900"))), "close MNQ");
}

TEST(DrawdownGuard, AClosedWinnerWhoseProfitIsNotBookedYetIsNoDrawdown) {
  auto engine = guarded();
  engine.on(position(mnq()).long_(10).average("21000"));
  engine.now += 2s;
  engine.on(quote(mnq()).last("21200"));
  EXPECT_EQ(engine.state().peak_equity, usd("14000"));
  EXPECT_TRUE(engine.on(position(mnq()).flat()).empty());
  EXPECT_TRUE(engine.on(account().balance("14000")).empty());
  EXPECT_TRUE(engine.wait(3s).empty());
}

TEST(DrawdownGuard, KnowsAbsoluteThresholds) {
  auto engine = guarded({{"unit", "usd"}, {"max_drawdown_pct", "500"}, {"warning_threshold_pct", "400"}});
  EXPECT_TRUE(engine.on(account().balance("9500.01")).breaches.empty());
  EXPECT_EQ(engine.on(account().balance("9500")).breaches.size(), 1u);
}

TEST(DrawdownGuard, DoesNotActOnFiguresThatCannotBe) {
  EXPECT_TRUE(guarded({}, "0").on(account().balance("-5")).empty()) << "no peak to come down from";
  EXPECT_TRUE(guarded().on(account().balance("-5")).breaches.empty()) << "no such equity";
  EXPECT_TRUE(guarded({}, "2000000000").on(account().balance("5")).breaches.empty()) << "no such peak";
}

TEST(DrawdownGuard, WarnsAgainOnlyOnceItHasFallenBelowAPercentUnderTheWarning) {
  auto engine = guarded(); // warns at 15 %
  engine.on(account().balance("8500"));
  EXPECT_TRUE(engine.on(account().balance("8600")).empty());
  EXPECT_TRUE(engine.on(account().balance("8500")).empty()) << "14 % is not below 14 %";
  EXPECT_TRUE(engine.on(account().balance("8601")).empty());
  EXPECT_EQ(engine.on(account().balance("8500")).alerts.at(0).code, "drawdown-warning");
}

TEST(DrawdownGuard, MayCloseWithoutLocking) {
  auto engine = guarded({{"action", "CLOSE_ALL_POSITIONS"}});
  const auto decision = engine.on(account().balance("8000"));
  EXPECT_EQ(decision.breaches.size(), 1u);
  EXPECT_TRUE(decision.lockouts_set.empty());
}

} // namespace
} // namespace bulkhead::testing
