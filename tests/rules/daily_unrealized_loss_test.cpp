// RULE-004: scopes, exact limits, missing and old quotes.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine open_loss(Settings settings) {
  settings.emplace_back("loss_limit", "300");
  return TestEngine({block("daily_unrealized_loss", settings)});
}

TEST(DailyUnrealizedLoss, ClosesOnePositionExactlyAtTheLimitOnce) {
  auto engine = open_loss({});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(position(es()).long_(1).average("5800"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("20925.25"))), "");
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("20925"))), "close MNQ");
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(engine.on(quote(mnq()).last("20900")).empty());
}

TEST(DailyUnrealizedLoss, AShortLosesWhenThePriceRises) {
  auto engine = open_loss({});
  engine.on(position(es()).short_(1).average("5800"));
  engine.on(order(7).on(es()).buy(1).stop("5810"));
  EXPECT_EQ(asked(engine.on(quote(es()).last("5806"))), "close ES, cancel 7");
}

TEST(DailyUnrealizedLoss, TheTotalFlattensAndLocksUntilTheReset) {
  auto engine = open_loss({{"scope", "total"}});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(position(es()).long_(1).average("5800"));
  engine.on(quote(es()).last("5804"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("20900"))), "") << "-400 + 200";
  EXPECT_EQ(asked(engine.on(quote(es()).last("5802"))), "close ES, close MNQ");
  EXPECT_EQ(engine.state().lockouts.rows().at(0).expires_at, instant("2026-07-15T22:00:00Z"));
}

TEST(DailyUnrealizedLoss, AnUnvaluedPositionIsSkippedOrSuspendsTheTotal) {
  auto skipping = open_loss({{"scope", "total"}});
  auto suspending = open_loss({{"scope", "total"}, {"missing_quote_policy", "suspend"}});
  for (auto* engine : {&skipping, &suspending}) {
    engine->on(position(mnq()).long_(2).average("21000"));
    engine->on(position(es()).long_(1).average("5800"));
    engine->on(quote(mnq()).last("20922.5"));
  }
  EXPECT_EQ(skipping.state().lockouts.rows().size(), 1u);
  EXPECT_TRUE(suspending.state().lockouts.rows().empty());
}

TEST(DailyUnrealizedLoss, AMissingQuoteEndsNoBreach) {
  auto each = open_loss({});
  auto total = open_loss({{"scope", "total"}});
  for (auto* engine : {&each, &total}) {
    engine->on(position(mnq()).long_(2).average("21000"));
    EXPECT_EQ(engine->on(quote(mnq()).last("20925")).breaches.size(), 1u);
    engine->happen(Restarted{});
    engine->on(read(engine->now).has(position(mnq()).long_(2).average("21000")));
    EXPECT_TRUE(engine->on(quote(mnq()).last("20925")).breaches.empty()) << "announced before the restart";
  }
}

TEST(DailyUnrealizedLoss, PricesAtTheExitSideWhenTold) {
  auto engine = open_loss({{"price_source", "exit_side"}});
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("20925").bid("20926").ask("20926.25"))), "");
  EXPECT_EQ(asked(engine.on(quote(mnq()).bid("20925"))), "close MNQ");
}

TEST(DailyUnrealizedLoss, AnAverageBetweenTicksIsValuedExactly) {
  auto engine = open_loss({});
  engine.on(position(mnq()).long_(3).average("21000.083333"));
  EXPECT_EQ(engine.on(quote(mnq()).last("20950")).breaches.at(0).actual, Measure::money(usd("-300.499998")));
}

TEST(DailyUnrealizedLoss, WarnsOfAnOldQuoteOnce) {
  auto engine = open_loss({});
  engine.on(position(mnq()).long_(1).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  EXPECT_EQ(engine.wait(11s).alerts.at(0).code, "quote-stale");
  EXPECT_TRUE(engine.wait(30s).empty());
}

TEST(DailyUnrealizedLoss, ABlindPositionIsAnnouncedOrFlattened) {
  auto alerting = open_loss({});
  auto flattening = open_loss({{"on_blind", "flatten"}});
  for (auto* engine : {&alerting, &flattening}) {
    engine->on(position(mnq()).long_(1).average("21000"));
    EXPECT_TRUE(engine->wait(59s).empty());
    EXPECT_EQ(engine->wait(2s).alerts.at(0).code, "position-blind");
  }
  EXPECT_EQ(asked(alerting.last), "");
  EXPECT_EQ(asked(flattening.last), "close MNQ");
}

TEST(DailyUnrealizedLoss, BlindnessIsABreachBesideTheLoss) {
  auto engine = open_loss({{"on_blind", "flatten"}});
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(engine.on(quote(mnq()).last("20925")).breaches.size(), 1u);
  engine.happen(Restarted{});
  engine.on(read(engine.now).has(position(mnq()).long_(2).average("21000")));
  const auto blind = engine.wait(61s);
  ASSERT_EQ(blind.breaches.size(), 1u);
  EXPECT_EQ(blind.breaches[0].actual.unit, Measure::Unit::seconds);
}

TEST(DailyUnrealizedLoss, BlindnessCountsFromWhenThePositionCouldBeValuedLast) {
  auto engine = open_loss({{"on_blind", "flatten"}});
  engine.on(position(mnq()).long_(1).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  engine.now += 120s;
  engine.on(quote(mnq()).last("21000"));
  EXPECT_EQ(asked(engine.on(position(mnq()).of(PositionType::undefined, 1))), "");
  EXPECT_EQ(asked(engine.wait(59s)), "");
  EXPECT_EQ(asked(engine.wait(2s)), "close MNQ");
}

TEST(DailyUnrealizedLoss, ASuspendedTotalIsToldOfWhenTheQuoteStaysAway) {
  auto engine = open_loss({{"scope", "total"}, {"missing_quote_policy", "suspend"}});
  EXPECT_TRUE(engine.on(position(mnq()).long_(1).average("21000")).alerts.empty())
      << "no quote can be there yet";
  EXPECT_TRUE(engine.wait(9s).alerts.empty());
  EXPECT_EQ(engine.wait(2s).alerts.at(0).code, "total-suspended");
}

TEST(DailyUnrealizedLoss, AClosedMarketIsNoBlindness) {
  auto engine = open_loss({{"on_blind", "flatten"}});
  engine.now = instant("2026-07-15T21:30:00Z"); // 16:30 in Chicago
  engine.on(position(mnq()).long_(1).average("21000"));
  EXPECT_TRUE(engine.wait(29min).empty());
  EXPECT_EQ(asked(engine.wait(2min)), "close MNQ") << "a minute after 17:00";
}

TEST(DailyUnrealizedLoss, AbsurdQuotesCloseNothing) {
  auto engine = open_loss({});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(quote(mnq()).last("21000").bid("20999.75").ask("21000"));
  for (const auto* price : {"0", "-5", "1", "99999999"})
    EXPECT_TRUE(engine.on(quote(mnq()).last(price)).empty());
  EXPECT_TRUE(engine.on(quote(mnq()).bid("21005")).empty()) << "above the ask";
  EXPECT_EQ(engine.state().irregular.refused_quotes, 5u);
}

TEST(DailyUnrealizedLoss, TwoInstancesAreTwoRules) {
  auto each = block("daily_unrealized_loss", {{"loss_limit", "300"}});
  auto total = block("daily_unrealized_loss", {{"loss_limit", "500"}, {"scope", "total"}});
  each.instance = 1, total.instance = 2;
  TestEngine engine({each, total});
  engine.on(position(mnq()).long_(2).average("21000"));
  const auto decision = engine.on(quote(mnq()).last("20875"));
  ASSERT_EQ(decision.breaches.size(), 2u);
  EXPECT_EQ(to_string(decision.breaches[0].source), "RULE-004#1");
  EXPECT_EQ(to_string(decision.lockouts_set.at(0).source), "RULE-004#2");
}

TEST(DailyUnrealizedLoss, WarnsBeforeTheLimitWhenTold) {
  auto rule =
      with(block("daily_unrealized_loss", {{"loss_limit", "300"}}), "warn_at", list_node("warn_at", {"50"}));
  TestEngine engine({rule});
  engine.on(position(mnq()).long_(1).average("21000"));
  EXPECT_EQ(engine.on(quote(mnq()).last("20925")).alerts.size(), 1u);
}

TEST(DailyUnrealizedLoss, WarnsOncePerPosition) {
  auto rule =
      with(block("daily_unrealized_loss", {{"loss_limit", "300"}}), "warn_at", list_node("warn_at", {"50"}));
  TestEngine engine({rule});
  for (int i = 0; i < 2; ++i) {
    engine.on(quote(mnq()).last("21000"));
    engine.on(position(mnq()).long_(1).average("21000"));
    EXPECT_EQ(engine.on(quote(mnq()).last("20925")).alerts.size(), 1u);
    EXPECT_EQ(engine.on(quote(mnq()).last("20924")).alerts.size(), 0u);
    engine.on(position(mnq()).flat());
  }
}

TEST(DailyUnrealizedLoss, RefusesToCloseOnePositionForAllOfThem) {
  EXPECT_TRUE(has_errors(open_loss({{"scope", "total"}, {"action", "CLOSE_POSITION"}}).problems));
  EXPECT_TRUE(has_errors(TestEngine({block("daily_unrealized_loss", {})}).problems));
}

TEST(DailyUnrealizedLoss, ShowsTheWorstPositionOrTheSum) {
  for (const bool total : {false, true}) {
    auto engine = open_loss({{"scope", total ? "total" : "per_position"}});
    engine.on(position(mnq()).long_(2).average("21000"));
    engine.on(position(es()).long_(1).average("5800"));
    engine.on(quote(mnq()).last("20975"));
    engine.on(quote(es()).last("5801"));
    const auto gauge = engine.engine().rule_status(engine.now).at(0).gauge;
    ASSERT_TRUE(gauge);
    EXPECT_EQ(to_string(gauge->value), total ? "-$50.00" : "-$100.00");
  }
}

} // namespace
} // namespace bulkhead::testing
