#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T19:00:00Z");
const Instant reset_time = instant("2026-07-15T22:00:00Z");
constexpr Source loss = Source::rule(3);
constexpr Source frequency = Source::rule(6);
constexpr Source auth = Source::rule(10);

LockoutBuilder loss_lockout() {
  return lockout(loss, t0)
      .until(reset_time)
      .clears_on({ClearCause::expiry, ClearCause::daily_reset, ClearCause::admin});
}
LockoutBuilder cooldown(Instant created, Duration length) {
  return lockout(frequency, created)
      .kind(LockoutKind::cooldown)
      .until(created + length)
      .clears_on({ClearCause::expiry, ClearCause::admin});
}

TEST(LockoutSet, ACooldownNeverReplacesTheLossLockout) {
  LockoutSet set;
  EXPECT_TRUE(set.set(loss_lockout()));
  EXPECT_TRUE(set.set(cooldown(t0, 60s)));
  const auto ended = set.expire(t0 + 60s);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].lockout.source, frequency);
  EXPECT_TRUE(set.locked());
  EXPECT_EQ(set.rows()[0].source, loss);
}

TEST(LockoutSet, SeveralThatAreOverEndInTheOrderOfTheirInstants) {
  LockoutSet set;
  set.set(loss_lockout().until(t0 + 900s));
  set.set(cooldown(t0, 60s));
  const auto ended = set.expire(t0 + 24h);
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].lockout.source, frequency);
  EXPECT_EQ(ended[1].lockout.source, loss);
}

TEST(LockoutSet, ExtendingNeverShortens) {
  LockoutSet set;
  (void)set.set(cooldown(t0, 900s).because("first"));
  EXPECT_FALSE(set.set(cooldown(t0 + 100s, 300s).because("second")));
  ASSERT_EQ(set.rows().size(), 1u);
  EXPECT_EQ(set.rows()[0].expires_at, t0 + 900s);
  EXPECT_EQ(set.rows()[0].reason, "first");
}

TEST(LockoutSet, ALaterEndExtendsTheRowOfItsSource) {
  LockoutSet set;
  (void)set.set(cooldown(t0, 300s).because("first"));
  set.rows()[0].violations = 4;
  EXPECT_TRUE(set.set(cooldown(t0 + 100s, 900s).because("second")));
  ASSERT_EQ(set.rows().size(), 1u);
  EXPECT_EQ(set.rows()[0].expires_at, t0 + 1000s);
  EXPECT_EQ(set.rows()[0].reason, "second");
  EXPECT_EQ(set.rows()[0].created_at, t0);
  EXPECT_EQ(set.rows()[0].violations, 4u);
}

TEST(LockoutSet, AnIndefiniteRowStaysIndefiniteAndKeepsWhatEndsIt) {
  LockoutSet set;
  (void)set.set(lockout(loss, t0).clears_on({ClearCause::admin}));
  (void)set.set(loss_lockout());
  EXPECT_EQ(set.rows()[0].expires_at, std::nullopt);
  EXPECT_FALSE(set.rows()[0].clear_on.has(ClearCause::daily_reset));
  EXPECT_TRUE(set.expire(t0 + 24h * 365).empty());
  EXPECT_TRUE(set.locked());
}

TEST(LockoutSet, AFiniteRowMayBecomeIndefinite) {
  LockoutSet set;
  (void)set.set(loss_lockout());
  EXPECT_TRUE(set.set(lockout(loss, t0).clears_on({ClearCause::admin})));
  EXPECT_EQ(set.rows()[0].expires_at, std::nullopt);
}

TEST(LockoutSet, SettingTheSameRowAgainChangesNothing) {
  LockoutSet set;
  EXPECT_TRUE(set.set(loss_lockout()));
  EXPECT_FALSE(set.set(loss_lockout()));
  EXPECT_EQ(set.rows().size(), 1u);
}

TEST(LockoutSet, AnIndefiniteExternalLockSurvivesTheDailyReset) {
  LockoutSet set;
  (void)set.set(lockout(auth, t0)
                    .kind(LockoutKind::external)
                    .clears_on({ClearCause::can_trade_restored, ClearCause::admin}));
  EXPECT_TRUE(set.clear_by(ClearCause::daily_reset, reset_time).empty());
  EXPECT_TRUE(set.expire(reset_time).empty());
  EXPECT_TRUE(set.locked());
  EXPECT_EQ(set.clear_by(ClearCause::can_trade_restored, reset_time + 1s).size(), 1u);
  EXPECT_FALSE(set.locked());
}

TEST(LockoutSet, AManualBlockUntilFridaySurvivesTheDailyReset) {
  LockoutSet set;
  const Instant friday = instant("2026-07-17T22:00:00Z");
  (void)set.set(
      lockout(Source::manual(), t0).until(friday).clears_on({ClearCause::expiry, ClearCause::admin}));
  EXPECT_TRUE(set.clear_by(ClearCause::daily_reset, reset_time).empty());
  EXPECT_TRUE(set.expire(reset_time).empty());
  EXPECT_TRUE(set.locked());
}

TEST(LockoutSet, ARestartLeavesTheRemainingTimeAsItWas) {
  LockoutSet before;
  (void)before.set(cooldown(t0, 900s));
  LockoutSet after; // rows come back with their instants, not with what was left of them
  for (const auto& row : before.rows()) (void)after.set(row);
  EXPECT_EQ(after, before);
  EXPECT_TRUE(after.expire(t0 + 780s).empty());
  EXPECT_TRUE(after.expire(t0 + 780s + 120s - Duration{1}).empty());
  EXPECT_EQ(after.expire(t0 + 780s + 120s).size(), 1u);
}

TEST(LockoutSet, ALockOfOneSymbolLeavesTheOthersAlone) {
  LockoutSet set;
  (void)set.set(lockout(Source::rule(11), t0).kind(LockoutKind::symbol).on("RTY"));
  EXPECT_EQ(set.mode_for(Root{"RTY"}), LockoutMode::flatten);
  EXPECT_EQ(set.mode_for(Root{"MNQ"}), std::nullopt);
  EXPECT_EQ(set.mode_for(Root{"M2K"}), std::nullopt) << "a family member is another symbol";
}

TEST(LockoutSet, OneSourceMayLockSeveralSymbols) {
  LockoutSet set;
  (void)set.set(lockout(Source::rule(11), t0).on("RTY"));
  (void)set.set(lockout(Source::rule(11), t0).on("MNQ"));
  (void)set.set(lockout(Source::rule(11), t0));
  EXPECT_EQ(set.rows().size(), 3u);
}

TEST(LockoutSet, ExpiresAtTheVeryInstant) {
  LockoutSet set;
  (void)set.set(loss_lockout());
  EXPECT_TRUE(set.expire(reset_time - Duration{1}).empty());
  const auto ended = set.expire(reset_time);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].cause, ClearCause::expiry);
  EXPECT_EQ(ended[0].at, reset_time);
  EXPECT_FALSE(set.locked());
}

TEST(LockoutSet, ACauseEndsOnlyTheRowsThatNameIt) {
  LockoutSet set;
  (void)set.set(loss_lockout());
  (void)set.set(cooldown(t0, 900s));
  (void)set.set(lockout(auth, t0).clears_on({ClearCause::can_trade_restored}));
  const auto ended = set.clear_by(ClearCause::daily_reset, reset_time);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].lockout, loss_lockout().build());
  EXPECT_EQ(ended[0].cause, ClearCause::daily_reset);
  EXPECT_EQ(set.rows().size(), 2u);
  EXPECT_TRUE(set.clear_by(ClearCause::config_change, reset_time).empty());
}

TEST(LockoutSet, ClearingASourceEndsAllItsScopesAndNoOtherSource) {
  LockoutSet set;
  (void)set.set(lockout(Source::rule(11), t0).on("RTY"));
  (void)set.set(lockout(Source::rule(11), t0).on("MNQ"));
  (void)set.set(loss_lockout());
  const auto ended = set.clear_source(Source::rule(11), ClearCause::admin, t0 + 1s);
  EXPECT_EQ(ended.size(), 2u);
  ASSERT_EQ(set.rows().size(), 1u);
  EXPECT_EQ(set.rows()[0].source, loss);
}

TEST(LockoutSet, InstancesOfOneRuleHaveRowsOfTheirOwn) {
  LockoutSet set;
  (void)set.set(lockout(Source::rule(4, 1), t0));
  (void)set.set(lockout(Source::rule(4, 2), t0));
  EXPECT_EQ(set.clear_source(Source::rule(4, 1), ClearCause::admin, t0).size(), 1u);
  EXPECT_TRUE(set.locked());
}

TEST(LockoutSet, FlattenWinsWhateverTheOrderOfRows) {
  LockoutSet set;
  EXPECT_EQ(set.mode_for(Root{"MNQ"}), std::nullopt);
  (void)set.set(cooldown(t0, 60s).no_new_exposure());
  EXPECT_EQ(set.mode_for(Root{"MNQ"}), LockoutMode::no_new_exposure);
  (void)set.set(loss_lockout());
  EXPECT_EQ(set.mode_for(Root{"MNQ"}), LockoutMode::flatten);
  (void)set.set(lockout(Source::rule(7), t0).no_new_exposure());
  EXPECT_EQ(set.mode_for(Root{"MNQ"}), LockoutMode::flatten);
}

TEST(LockoutSet, AnExtensionNeverWeakensTheMode) {
  LockoutSet set;
  (void)set.set(cooldown(t0, 60s));
  (void)set.set(cooldown(t0, 900s).no_new_exposure());
  EXPECT_EQ(set.rows()[0].mode, LockoutMode::flatten);
}

TEST(LockoutSet, AnExtensionKeepsTheBaselineOfTheFirstLock) {
  LockoutSet set;
  (void)set.set(cooldown(t0, 60s).no_new_exposure().keeps(mnq(), 1));
  (void)set.set(cooldown(t0 + 1s, 60s).no_new_exposure().keeps(mnq(), 3));
  EXPECT_EQ(set.rows()[0].baseline, (std::map<ContractId, std::int32_t>{{mnq(), 1}}));
}

TEST(LockoutSet, AnExtensionDoesNotAllowAPositionOpenedUnderTheLock) {
  LockoutSet set;
  (void)set.set(cooldown(t0, 60s).no_new_exposure()); // the account was flat
  (void)set.set(cooldown(t0 + 1s, 60s).no_new_exposure().keeps(mnq(), 1));
  EXPECT_TRUE(set.rows()[0].baseline.empty());
}

TEST(LockoutSet, ShowsTheRowWithTheLatestEndAndIndefiniteAboveAll) {
  LockoutSet set;
  EXPECT_EQ(set.display_row(), nullptr);
  (void)set.set(loss_lockout());
  (void)set.set(cooldown(t0, 60s));
  EXPECT_EQ(set.display_row()->source, loss);
  (void)set.set(lockout(auth, t0));
  (void)set.set(lockout(Source::manual(), t0).until(reset_time + 48h));
  EXPECT_EQ(set.display_row()->source, auth);
}

TEST(LockoutSet, TheNextExpiryIsTheEarliestEnd) {
  LockoutSet set;
  (void)set.set(lockout(auth, t0));
  EXPECT_EQ(set.next_expiry(), std::nullopt);
  (void)set.set(loss_lockout());
  (void)set.set(cooldown(t0, 60s));
  EXPECT_EQ(set.next_expiry(), t0 + 60s);
}

} // namespace
} // namespace bulkhead::model
