// The market guard: gaps over an outage, wide spreads that last.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine holding(Settings settings = {}) {
  settings.emplace_back("enabled", "true");
  TestEngine engine({block("market", settings)});
  engine.on(position(mnq()).long_(1).average("1950"));
  return engine;
}

Decision gap(TestEngine& engine, const char* open) {
  engine.on(quote(mnq()).last("1950"));
  engine.now += 61s;
  return engine.on(quote(mnq()).last(open));
}

TEST(MarketGuard, AGapWarnsAndADoubleOneCloses) {
  auto warning = holding();
  EXPECT_EQ(gap(warning, "2050").alerts.at(0).severity, Alert::Severity::warning);
  EXPECT_EQ(asked(warning.last), "");
  auto critical = holding();
  EXPECT_EQ(asked(gap(critical, "2145")), "close MNQ");
  EXPECT_EQ(critical.last.breaches.at(0).reason, "market_gap (10.00%)");
  auto never = holding({{"close_on", "never"}});
  EXPECT_EQ(asked(gap(never, "2145")), "");
}

TEST(MarketGuard, AGapThatOnlyWarnsClosesWhenTold) {
  auto engine = holding({{"close_on", "warning"}});
  EXPECT_EQ(asked(gap(engine, "2050")), "close MNQ");
  auto small = holding({{"close_on", "warning"}});
  EXPECT_EQ(asked(gap(small, "1960")), "");
}

TEST(MarketGuard, WithoutAnOutageThereIsNoGap) {
  auto engine = holding();
  engine.on(quote(mnq()).last("1950"));
  engine.now += 59s;
  EXPECT_TRUE(engine.on(quote(mnq()).last("2145")).empty());
}

TEST(MarketGuard, AGapOverARestartIsSeen) {
  auto engine = holding();
  engine.on(quote(mnq()).last("1950"));
  engine.now += 10s;
  engine.happen(Restarted{});
  engine.now += 60s;
  EXPECT_EQ(engine.on(quote(mnq()).last("2050")).alerts.size(), 1u);
}

TEST(MarketGuard, LooksAgainAfterThePause) {
  auto engine = holding({{"warning_seconds", "5"}});
  EXPECT_EQ(asked(gap(engine, "2145")), "");
  engine.on(quote(mnq()).last("1960"));
  EXPECT_TRUE(engine.wait(6s).empty());
}

TEST(MarketGuard, AWideSpreadMustLastAndClosesOnlyWhenTold) {
  auto warning = holding();
  EXPECT_TRUE(warning.on(quote(mnq()).bid("2000").ask("2012")).empty());
  EXPECT_EQ(warning.wait(4s).alerts.at(0).severity, Alert::Severity::warning);
  auto critical = holding();
  critical.on(quote(mnq()).bid("2000").ask("2020"));
  EXPECT_EQ(critical.wait(4s).alerts.at(0).severity, Alert::Severity::critical);
  EXPECT_EQ(asked(critical.last), "");
  auto closing = holding({{"close_on_spread", "true"}});
  closing.on(quote(mnq()).bid("2000").ask("2020"));
  EXPECT_EQ(asked(closing.wait(4s)), "close MNQ");
  auto brief = holding();
  brief.on(quote(mnq()).bid("2000").ask("2020"));
  brief.on(quote(mnq()).ask("2000.25"));
  EXPECT_TRUE(brief.wait(10s).empty());
}

TEST(MarketGuard, KnowsSpreadsInTicks) {
  auto engine = holding({{"max_spread_ticks", "8"}});
  engine.on(quote(mnq()).bid("2000").ask("2002"));
  EXPECT_TRUE(engine.wait(10s).empty());
  engine.on(quote(mnq()).ask("2002.25"));
  EXPECT_EQ(engine.wait(4s).alerts.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
