// RULE-018: deadlines, roots with their own, refusals.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

const Settings usual{{"enabled", "true"}, {"time", "15:08"}};

TEST(FlatBy, CancelsWhatRestsAtTheDeadline) {
  TestEngine engine({block("flat_by", usual)});
  engine.on(order(7).on(es()).buy(1).limit("5000"));
  engine.now = instant("2026-07-15T20:08:00Z");
  EXPECT_EQ(asked(engine.wait(0s)), "cancel 7");
}

TEST(FlatBy, ClosesEveryInstrumentInTheMomentOfTheDeadline) {
  TestEngine engine({block("flat_by", usual)});
  engine.on(position(es()).long_(1));
  engine.on(position(mnq()).short_(2));
  engine.on(order(7).on(rty()).buy(1).limit("2000"));
  engine.now = instant("2026-07-15T20:08:00Z");
  EXPECT_EQ(engine.wait(0s).intents.size(), 3u);
  EXPECT_EQ(engine.last.breaches.size(), 1u);
}

TEST(FlatBy, APositionOpenedAfterTheWindowIsForTheNextDay) {
  TestEngine engine({block("flat_by", usual)});
  engine.now = instant("2026-07-15T22:30:00Z");
  engine.on(position(es()).long_(1));
  EXPECT_EQ(engine.last.wake_at, instant("2026-07-16T19:53:00Z")) << "the first warning";
  engine.now = instant("2026-07-16T20:08:00Z");
  EXPECT_EQ(asked(engine.wait(0s)), "close ES");
}

TEST(FlatBy, ARootMayCloseEarlierAndIsLockedByItself) {
  auto settings = with(block("flat_by", usual), "roots", map_node("rules.flat_by.roots", {{"mnq", "12:25"}}));
  TestEngine engine({settings});
  ASSERT_TRUE(engine.problems.empty());
  engine.now = instant("2026-07-15T17:20:00Z");
  engine.on(position(mnq()).long_(1));
  engine.on(position(es()).long_(1));
  engine.now = instant("2026-07-15T17:25:00Z");
  const auto decision = engine.wait(0s);
  EXPECT_EQ(asked(decision), "close MNQ");
  EXPECT_EQ(decision.lockouts_set.at(0).symbol, Root{"MNQ"});
}

TEST(FlatBy, WarnsOncePerLevel) {
  TestEngine engine({block("flat_by", usual)});
  engine.now = instant("2026-07-15T19:00:00Z");
  engine.on(position(es()).long_(1));
  engine.now = instant("2026-07-15T19:53:00Z");
  EXPECT_EQ(engine.wait(0s).alerts.at(0).code, "flat-by");
  EXPECT_TRUE(engine.wait(1s).alerts.empty());
}

TEST(FlatBy, RefusesWhatCannotBe) {
  EXPECT_EQ(TestEngine({block("flat_by", {})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({block("flat_by", {{"time", "17:00"}})}).problems.size(), 1u)
      << "ends before it begins";
  const auto late =
      with(block("flat_by", usual), "roots", map_node("rules.flat_by.roots", {{"CL", "16:00"}}));
  EXPECT_EQ(TestEngine({late}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
