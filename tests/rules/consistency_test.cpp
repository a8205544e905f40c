// RULE-016: shares, caps, periods.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine with_days(Settings settings, const std::vector<std::string>& days) {
  settings.emplace_back("enabled", "true");
  TestEngine engine({block("consistency", settings)});
  EXPECT_TRUE(engine.problems.empty());
  std::int64_t number = 100;
  for (const auto& net : days) {
    engine.on(fill(++number).sell(1).pnl(net));
    const auto end = engine.state().ledger.end();
    engine.step(at(end, reset(end)));
    engine.now = end;
  }
  return engine;
}

TEST(Consistency, TheFirstDayHasNoCap) {
  auto engine = with_days({{"max_share", "0.5"}, {"action", "lockout_at_cap"}}, {});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("9000")).empty());
}

TEST(Consistency, NoCapWhileTheOtherDaysHaveLost) {
  auto engine = with_days({{"max_share", "0.5"}, {"action", "lockout_at_cap"}}, {"-200"});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("9000")).breaches.empty());
}

TEST(Consistency, JustTheShareIsTheReadersChoice) {
  auto inclusive = with_days({{"max_share", "0.5"}}, {"100"});
  for (const auto& alert : inclusive.on(fill(1).sell(1).pnl("100")).alerts)
    EXPECT_NE(alert.code, "consistency");
  auto exclusive = with_days({{"max_share", "0.5"}, {"inclusive", "false"}}, {"1000"});
  bool told = false;
  exclusive.happen(ConfigReloaded{});
  for (const auto& alert : exclusive.on(fill(1).sell(1).pnl("1000")).alerts)
    told |= alert.code == "consistency-cap";
  EXPECT_TRUE(told);
}

TEST(Consistency, TheCapIsTheShareToTheCent) {
  for (const bool inclusive : {true, false}) {
    const Settings settings{
        {"max_share", "0.5"}, {"action", "lockout_at_cap"}, {"inclusive", inclusive ? "true" : "false"}};
    auto engine = with_days(settings, {"1000"});
    EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("999.999998")).breaches.empty());
    EXPECT_EQ(engine.on(fill(2).sell(1).pnl("0.000001")).breaches.size(), inclusive ? 0u : 1u);
    EXPECT_EQ(engine.on(fill(3).sell(1).pnl("0.000001")).breaches.size(), inclusive ? 1u : 0u);
  }
}

TEST(Consistency, APayoutBeginsAnew) {
  auto engine = with_days({{"max_share", "0.5"}, {"action", "lockout_at_cap"}}, {"1000"});
  engine.happen(BalanceAdjusted{BalanceAdjusted::Kind::payout, usd("500")});
  EXPECT_TRUE(engine.on(fill(1).sell(1).pnl("5000")).breaches.empty()) << "a first day again";
}

TEST(Consistency, CountsWinningDays) {
  auto engine = with_days({{"max_share", "0.5"}, {"winning_days", "5"}}, {"150", "149.99"});
  engine.on(fill(1).sell(1).pnl("200"));
  const auto end = engine.state().ledger.end();
  std::string told;
  for (const auto& alert : engine.step(at(end, reset(end))).alerts) {
    if (alert.code == "winning-days") told = alert.text;
  }
  EXPECT_EQ(told, "2 of 5 winning days");
}

TEST(Consistency, CountsASingleWinningDayAndNoneUnlessTold) {
  for (const bool told : {true, false}) {
    Settings settings{{"max_share", "0.5"}};
    if (told) settings.emplace_back("winning_days", "1");
    auto engine = with_days(settings, {"150"});
    const auto end = engine.state().ledger.end();
    std::string text;
    for (const auto& alert : engine.step(at(end, reset(end))).alerts) {
      if (alert.code == "winning-days") text = alert.text;
    }
    EXPECT_EQ(text, told ? "1 of 1 winning days" : "");
  }
}

TEST(Consistency, RefusesWhatCannotBe) {
  EXPECT_EQ(TestEngine({block("consistency", {})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({block("consistency", {{"max_share", "1"}})}).problems.size(), 1u);
}

TEST(Consistency, SaysWhichProfitIsNeeded) {
  auto engine = with_days({{"max_share", "0.5"}}, {"100"});
  const auto decision = engine.on(fill(1).sell(1).pnl("300"));
  const auto told = std::find_if(decision.alerts.begin(), decision.alerts.end(),
                                 [](const auto& alert) { return alert.code == "consistency"; });
  ASSERT_NE(told, decision.alerts.end());
  EXPECT_EQ(told->text,
            "the best day is 75% of the profit, 50% are permitted: a profit of $600.00 is needed");
}

} // namespace
} // namespace bulkhead::testing
