// RULE-005: targets and breakeven.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine target(Settings settings) {
  settings.emplace_back("profit_target", "1000");
  return TestEngine({block("max_unrealized_profit", settings)});
}
TestEngine breakeven(Settings settings = {}) {
  settings.emplace_back("mode", "breakeven");
  return TestEngine({block("max_unrealized_profit", settings)});
}

TEST(MaxUnrealizedProfit, TakesTheProfitExactlyAtTheTarget) {
  auto engine = target({});
  engine.on(position(mnq()).long_(2).average("21000"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21249.75"))), "");
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21250"))), "close MNQ");
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
}

TEST(MaxUnrealizedProfit, AMissingQuoteEndsNoBreach) {
  auto each = target({});
  auto total = target({{"scope", "total"}});
  for (auto* engine : {&each, &total}) {
    engine->on(position(mnq()).long_(2).average("21000"));
    EXPECT_EQ(engine->on(quote(mnq()).last("21500")).breaches.size(), 1u);
    engine->happen(Restarted{});
    engine->on(read(engine->now).has(position(mnq()).long_(2).average("21000")));
    EXPECT_TRUE(engine->on(quote(mnq()).last("21500")).breaches.empty()) << "announced before the restart";
  }
}

TEST(MaxUnrealizedProfit, TheTotalEndsTheDay) {
  auto engine = target({{"scope", "total"}});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(position(es()).long_(1).average("5800"));
  engine.on(quote(es()).last("5787"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21400"))), "");
  EXPECT_EQ(asked(engine.on(quote(es()).last("5788"))), "close ES, close MNQ");
  EXPECT_EQ(engine.state().lockouts.rows().size(), 1u);
}

TEST(MaxUnrealizedProfit, BreakevenNeedsToBeArmedFirst) {
  auto engine = breakeven();
  engine.on(position(mnq()).long_(1).average("21000"));
  for (const auto* price : {"21000", "21030", "21000", "20995"})
    EXPECT_EQ(asked(engine.on(quote(mnq()).last(price))), "");
  engine.on(quote(mnq()).last("21060"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21020"))), "");
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21000"))), "close MNQ");
}

TEST(MaxUnrealizedProfit, AFlipDisarmsAndScalingDoesNot) {
  auto engine = breakeven();
  engine.on(position(mnq()).long_(1).average("21000"));
  engine.on(quote(mnq()).last("21060"));
  engine.on(position(mnq()).long_(2).average("21020"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21020"))), "close MNQ");
  auto flipped = breakeven();
  flipped.on(position(mnq()).long_(1).average("21000"));
  flipped.on(quote(mnq()).last("21060"));
  flipped.on(position(mnq()).short_(1).average("21060"));
  EXPECT_EQ(asked(flipped.on(quote(mnq()).last("21060"))), "");
}

TEST(MaxUnrealizedProfit, RefusesABreakevenOfTheTotal) {
  EXPECT_TRUE(has_errors(breakeven({{"scope", "total"}}).problems));
  EXPECT_TRUE(has_errors(TestEngine({block("max_unrealized_profit", {})}).problems));
  EXPECT_FALSE(has_errors(breakeven().problems));
}

} // namespace
} // namespace bulkhead::testing
