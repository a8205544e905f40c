// An account out of enforcement: watched and told of, and otherwise left alone.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

TestEngine with_a_limit_of_five() {
  TestEngine engine(
      {block("max_contracts", {{"limit", "5"}, {"close_all", "true"}, {"lockout_on_breach", "true"}})});
  EXPECT_TRUE(engine.problems.empty());
  return engine;
}

TEST(EnforcementSwitch, WhileItIsOffABreachIsToldAndNothingDone) {
  auto engine = with_a_limit_of_five();
  const auto off = engine.happen(EnforcementSwitched{false, "moving"});
  ASSERT_EQ(off.alerts.size(), 1u);
  EXPECT_EQ(off.alerts[0].severity, Alert::Severity::critical);
  EXPECT_NE(off.alerts[0].text.find("moving"), std::string::npos);
  const auto decision = engine.on(position(mnq()).long_(6));
  ASSERT_EQ(decision.breaches.size(), 1u);
  EXPECT_TRUE(decision.breaches[0].dry_run);
  EXPECT_TRUE(decision.intents.empty());
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
}

TEST(EnforcementSwitch, TurnedOnAgainItActsAtOnceOnWhatItFinds) {
  auto engine = with_a_limit_of_five();
  engine.happen(EnforcementSwitched{false, ""});
  engine.on(position(mnq()).long_(6));
  const auto on = engine.happen(EnforcementSwitched{true, ""});
  ASSERT_EQ(on.breaches.size(), 1u);
  EXPECT_FALSE(on.breaches[0].dry_run);
  EXPECT_EQ(on.intents.size(), 1u);
  EXPECT_EQ(on.lockouts_set.size(), 1u);
}

TEST(EnforcementSwitch, HoldsAcrossARestartAndSaysSo) {
  auto engine = with_a_limit_of_five();
  engine.happen(EnforcementSwitched{false, ""});
  const auto restarted = engine.happen(Restarted{});
  ASSERT_EQ(restarted.alerts.size(), 1u);
  EXPECT_EQ(restarted.alerts[0].code, "enforcement-off");
  engine.on(position(mnq()).long_(6));
  EXPECT_TRUE(engine.last.intents.empty());
}

TEST(EnforcementSwitch, TheGateRestsTooButAPersonMayStillFlatten) {
  auto engine = with_a_limit_of_five();
  engine.happen(EnforcementSwitched{false, ""});
  Lockout row;
  row.source = Source::manual();
  row.clear_on = ClearOn{}.with(ClearCause::admin);
  engine.happen(LockoutOrdered{row});
  engine.on(position(mnq()).long_(1));
  EXPECT_TRUE(engine.last.intents.empty());
  FlattenOrdered of_group{"the group's loss"};
  of_group.source = Source::rule(25);
  EXPECT_TRUE(engine.happen(of_group).intents.empty());
  EXPECT_EQ(engine.happen(FlattenOrdered{"by hand"}).intents.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
