#include "tests/support/group.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock hedge(Settings settings = {}) {
  settings.insert(settings.begin(), {"enabled", "true"});
  return block("cross_account_hedge", settings);
}

TEST(CrossAccountHedge, ClosesTheNewerSideAfterTheToleranceAndNotBefore) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.wait(10s);
  g.hold(2, mes(), -5);
  EXPECT_EQ(ordered(g.wait(2000ms)), "");
  const auto decision = g.wait(100ms);
  EXPECT_EQ(ordered(decision), "close MES of 2");
  EXPECT_EQ(told(decision, "cross-account-hedge"), 1U);
  const auto& wish = std::get<FlattenOrdered>(decision.orders[0].second);
  EXPECT_EQ(wish.source, Source::rule(27));
  EXPECT_EQ(wish.epoch, g.of(2).positions[0].epoch);
  EXPECT_EQ(wish.reason,
            "group copied: short 5 MES in account 2 against long 5 ES in account 1 for more than 2000 ms");
}

TEST(CrossAccountHedge, TheOrderOfTheAccountsDecidesNothing) {
  TestGroup g({hedge()});
  g.hold(2, mes(), -5);
  g.wait(10s);
  g.hold(1, es(), 5);
  EXPECT_EQ(ordered(g.wait(3s)), "close ES of 1");
}

TEST(CrossAccountHedge, ACopierMayFollowAFlip) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.hold(2, es(), 5);
  g.wait(10s);
  g.hold(1, es(), -5);
  EXPECT_EQ(ordered(g.wait(1200ms)), "");
  g.hold(2, es(), -5);
  EXPECT_EQ(ordered(g.wait(10s)), "");
}

TEST(CrossAccountHedge, AFollowerThatDoesNotFollowLetsTheFlipGo) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.hold(2, es(), 5);
  g.wait(10s);
  g.hold(1, es(), -5);
  EXPECT_EQ(ordered(g.wait(3s)), "close ES of 1") << "the side that began later";
}

TEST(CrossAccountHedge, OtherInstrumentsAreNoneUnlessDeclared) {
  TestGroup apart({hedge()});
  apart.hold(1, es(), 1);
  apart.hold(2, nq(), -1);
  EXPECT_EQ(ordered(apart.wait(10s)), "");
  auto lists = map_node("rules.cross_account_hedge.correlated", {});
  lists.entries.emplace_back("us_index",
                             list_node("rules.cross_account_hedge.correlated.us_index", {"ES", "NQ"}));
  TestGroup together({with(hedge(), "correlated", lists)});
  ASSERT_TRUE(together.problems.empty()) << to_string(together.problems[0]);
  together.hold(1, es(), 1);
  together.wait(1s);
  together.hold(2, nq(), -1);
  EXPECT_EQ(ordered(together.wait(3s)), "close NQ of 2");
}

TEST(CrossAccountHedge, WithinOneAccountAMiniStandsAgainstItsMicro) {
  for (const bool within : {true, false}) {
    TestGroup g({hedge({{"within_account", within ? "true" : "false"}})});
    g.hold(1, es(), 1);
    g.wait(1s);
    g.hold(1, mes(), -1);
    EXPECT_EQ(ordered(g.wait(3s)), within ? "close MES of 1" : "");
  }
}

TEST(CrossAccountHedge, ExpiriesOfOneRootInOneAccountAreASpread) {
  TestGroup g({hedge()});
  g.hold(1, contract("EP", "U26"), 1);
  g.hold(1, contract("EP", "Z26"), -1);
  EXPECT_EQ(ordered(g.wait(5s)), "");
}

TEST(CrossAccountHedge, OrdersAgainAfterFiveSecondsAndAtOnceForANewPosition) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.wait(1s);
  g.hold(2, es(), -1);
  EXPECT_EQ(g.wait(3s).orders.size(), 1U);
  EXPECT_EQ(g.wait(3s).orders.size(), 0U) << "it is being closed";
  EXPECT_EQ(g.wait(3s).orders.size(), 1U) << "and was not";
  g.of(2).positions.clear(); // closed, and opened again between two summaries
  const auto decision = g.hold(2, es(), -1);
  EXPECT_EQ(ordered(decision), "close ES of 2");
}

TEST(CrossAccountHedge, MayLockTheSymbolOfWhatItClosed) {
  TestGroup g({hedge({{"lockout_symbol", "true"}})});
  g.hold(1, es(), 5);
  g.wait(1s);
  g.hold(2, mes(), -1);
  EXPECT_EQ(ordered(g.wait(2500ms)), "close MES of 2, lock 2 MES");
}

TEST(CrossAccountHedge, TheLockOfASymbolEndsWithTheDay) {
  TestGroup g({hedge({{"lockout_symbol", "true"}})});
  g.hold(1, es(), 5);
  g.wait(1s);
  g.hold(2, mes(), -1);
  int locks = 0;
  for (const auto& [account, payload] : g.wait(2500ms).orders) {
    const auto* lock = std::get_if<LockoutOrdered>(&payload);
    if (lock == nullptr) continue;
    ++locks;
    EXPECT_TRUE(lock->lockout.expires_at.has_value());
  }
  EXPECT_EQ(locks, 1);
}

TEST(CrossAccountHedge, CancelsOrdersThatWouldStandAgainstAnother) {
  TestGroup g({hedge({{"cancel_orders", "true"}})});
  g.hold(1, es(), 5);
  g.order(2, 7, mes(), false);
  g.order(3, 8, mes(), true);
  EXPECT_EQ(ordered(g.wait(2000ms)), "");
  const auto decision = g.wait(100ms);
  EXPECT_EQ(ordered(decision), "cancel 7 of 2");
  EXPECT_TRUE(std::get<FlattenOrdered>(decision.orders[0].second).only_orders);
}

TEST(CrossAccountHedge, LeavesOrdersAloneUnlessToldOtherwise) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.order(2, 7, mes(), false);
  EXPECT_EQ(ordered(g.wait(10s)), "");
}

TEST(CrossAccountHedge, APositionOfUnknownDirectionStandsAgainstNobody) {
  TestGroup g({hedge()});
  g.hold(1, es(), 5);
  g.hold(2, es(), -5);
  g.of(2).positions[0].direction_known = false;
  g.say(2);
  EXPECT_EQ(ordered(g.wait(5s)), "");
}

TEST(CrossAccountHedge, ASideIsAsOldAsItsOldestPosition) {
  TestGroup g({hedge({{"tolerance_ms", "5000"}})});
  g.hold(2, es(), 1);
  g.wait(1s);
  g.hold(3, es(), -1);
  g.wait(1s);
  g.hold(1, es(), 4);
  EXPECT_EQ(ordered(g.wait(6s)), "close ES of 3") << "account 1 came later, and stands on the older side";
}

} // namespace
} // namespace bulkhead::testing
