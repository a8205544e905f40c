// RULE-001: its edges. The rows of its table are tests/examples.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine with(Settings settings) { return TestEngine({block("max_contracts", settings)}); }

TEST(MaxContracts, FlattensAboveTheLimitWithoutLockout) {
  auto engine = with({{"limit", "5"}});
  engine.on(position(mnq()).long_(3));
  const auto decision = engine.on(position(es()).long_(3));
  EXPECT_EQ(asked(decision), "close ES, close MNQ");
  EXPECT_TRUE(decision.lockouts_set.empty());
  ASSERT_EQ(decision.breaches.size(), 1U);
  EXPECT_EQ(decision.breaches[0].actual, Measure::contracts(6));
  EXPECT_EQ(decision.breaches[0].limit, Measure::contracts(5));
}

TEST(MaxContracts, LocksUntilTheDailyResetWhenAskedTo) {
  auto engine = with({{"limit", "5"}, {"lockout_on_breach", "true"}});
  const auto decision = engine.on(position(es()).long_(6));
  EXPECT_EQ(asked(decision), "close ES");
  ASSERT_EQ(decision.lockouts_set.size(), 1U);
  EXPECT_EQ(decision.lockouts_set[0].expires_at, instant("2026-07-15T22:00:00Z"));
  EXPECT_EQ(decision.wake_at, instant("2026-07-15T22:00:00Z"));
}

TEST(MaxContracts, NewestFirstReducesWhatGrewLast) {
  auto engine = with({{"limit", "3"},
                      {"reduce_to_limit", "true"},
                      {"close_all", "false"},
                      {"reduce_order", "newest_first"}});
  engine.on(position(es()).long_(3));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2))), "close MNQ");
}

TEST(MaxContracts, NeverOverClosesWhilePartialFillsArrive) {
  auto engine = with({{"limit", "5"}, {"reduce_to_limit", "true"}, {"close_all", "false"}});
  for (int size = 3; size <= 5; ++size) EXPECT_EQ(asked(engine.on(position(mnq()).long_(size))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(6))), "reduce MNQ to 5");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(8))), ""); // the target is absolute and under way
}

TEST(MaxContracts, CancelsEntriesButKeepsProtectiveOrders) {
  auto engine = with({{"limit", "2"}});
  engine.on(position(mnq()).long_(2));
  engine.on(order(1).on(mnq()).sell(2).stop("20900"));
  engine.on(order(2).on(mnq()).buy(1).limit("20950"));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(3))), "close MNQ, cancel 2");
}

TEST(MaxContracts, CountsAPositionOfUnknownDirection) {
  auto engine = with({{"limit", "5"}});
  EXPECT_EQ(asked(engine.on(position(mnq()).of(PositionType::undefined, 6))), "close MNQ");
}

TEST(MaxContracts, DryRunTellsAndActsOnNothing) {
  auto engine = with({{"limit", "5"}, {"dry_run", "true"}, {"lockout_on_breach", "true"}});
  const auto decision = engine.on(position(mnq()).long_(6));
  EXPECT_EQ(asked(decision), "");
  EXPECT_TRUE(decision.lockouts_set.empty());
  ASSERT_EQ(decision.breaches.size(), 1U);
  EXPECT_TRUE(decision.breaches[0].dry_run);
}

TEST(MaxContracts, AbsurdSizesAreReducedInOneStep) {
  auto engine =
      with({{"limit", "5"}, {"reduce_to_limit", "true"}, {"close_all", "false"}, {"count_type", "gross"}});
  engine.on(position(mnq()).long_(900'000));
  EXPECT_EQ(engine.last.intents.at(0).target, 5);
}

TEST(MaxContracts, RefusesBothAndNeitherWayOfActing) {
  EXPECT_TRUE(
      has_errors(with({{"limit", "5"}, {"reduce_to_limit", "true"}, {"close_all", "true"}}).problems));
  EXPECT_TRUE(
      has_errors(with({{"limit", "5"}, {"reduce_to_limit", "false"}, {"close_all", "false"}}).problems));
}

TEST(MaxContracts, RefusesAMissingLimitAndMisspeltKeys) {
  EXPECT_TRUE(has_errors(with({}).problems));
  const auto problems = with({{"limit", "5"}, {"count_typ", "net"}}).problems;
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].suggestion, "count_type");
}

TEST(MaxContracts, WhatIsAddedAfterAReductionIsReducedAgain) {
  auto engine = with({{"limit", "5"}, {"reduce_to_limit", "true"}, {"close_all", "false"}});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(6))), "reduce MNQ to 5");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(5))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(7))), "reduce MNQ to 5");
}

} // namespace
} // namespace bulkhead::testing
