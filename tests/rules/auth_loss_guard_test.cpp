// RULE-010: the flag, its absence, its return.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine guarded(Settings settings = {}) { return TestEngine({block("auth_loss_guard", settings)}); }

TEST(AuthLossGuard, ClosesAndLocksWhileTheAccountMayNotTrade) {
  auto engine = guarded();
  engine.on(account().can_trade(true));
  engine.on(position(mnq()).long_(1));
  engine.on(order(7).on(mnq()).sell(1).stop("20000"));
  EXPECT_EQ(asked(engine.on(account().can_trade(false))), "close MNQ, cancel 7");
  EXPECT_FALSE(engine.state().lockouts.rows().at(0).expires_at);
  EXPECT_TRUE(engine.on(account().can_trade(false)).empty());
}

TEST(AuthLossGuard, ItsReturnEndsThisLockoutOnly) {
  auto engine = guarded();
  engine.happen(LockoutOrdered{Lockout(lockout(Source::rule(3), engine.now))});
  engine.on(account().can_trade(false));
  const auto decision = engine.on(account().can_trade(true));
  ASSERT_EQ(decision.lockouts_cleared.size(), 1u);
  EXPECT_EQ(decision.lockouts_cleared[0].cause, ClearCause::can_trade_restored);
  EXPECT_EQ(engine.state().lockouts.rows().at(0).source, Source::rule(3));
  EXPECT_EQ(engine.on(account().can_trade(false)).lockouts_set.size(), 1u);
}

TEST(AuthLossGuard, WithoutAutoUnlockOnlyAnAdminEndsIt) {
  auto engine = guarded({{"auto_unlock_on_restore", "false"}});
  engine.on(account().can_trade(false));
  engine.on(account().can_trade(true));
  EXPECT_TRUE(engine.state().lockouts.locked());
}

TEST(AuthLossGuard, LiftedByAnAdminItReturnsWithTheNextAnswer) {
  auto engine = guarded();
  engine.on(account().can_trade(false));
  engine.happen(LockoutLifted{Source::rule(10)});
  EXPECT_FALSE((engine.happen(TimeReached{}), engine.state().lockouts.locked()));
  engine.on(account().can_trade(false));
  EXPECT_TRUE(engine.state().lockouts.locked());
}

TEST(AuthLossGuard, AMissingFlagKeepsTheLastWordOrLocks) {
  auto keeping = guarded();
  auto locking = guarded({{"on_missing", "lock"}});
  for (auto* engine : {&keeping, &locking}) {
    engine->on(account().can_trade(true));
    engine->on(account().balance("50000"));
  }
  EXPECT_FALSE(keeping.state().lockouts.locked());
  EXPECT_EQ(keeping.last.alerts.at(0).code, "can-trade-missing");
  EXPECT_TRUE(locking.state().lockouts.locked());
}

TEST(AuthLossGuard, AnAccountTwiceMissingFromTheListIsLocked) {
  auto engine = guarded();
  engine.on(account().can_trade(true));
  engine.happen(AccountMissing{});
  EXPECT_FALSE(engine.state().lockouts.locked());
  engine.happen(AccountMissing{});
  EXPECT_TRUE(engine.state().lockouts.locked());
}

TEST(AuthLossGuard, AsksAgainEveryInterval) {
  auto engine = guarded({{"verify_interval_seconds", "30"}});
  engine.on(account().can_trade(true));
  EXPECT_TRUE(engine.wait(29s).reads.empty());
  EXPECT_EQ(engine.wait(2s).reads.size(), 1u);
  EXPECT_EQ(engine.wait(31s).reads.size(), 1u);
}

TEST(AuthLossGuard, LockoutOnlyClosesNothing) {
  auto engine = guarded({{"enforcement", "lockout_only"}});
  engine.on(position(mnq()).long_(1));
  EXPECT_EQ(asked(engine.on(account().can_trade(false))), "");
  EXPECT_EQ(asked(engine.on(position(es()).long_(1))), "close ES");
}

} // namespace
} // namespace bulkhead::testing
