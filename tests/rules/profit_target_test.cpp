// RULE-015: when it is reached, and that it is told once.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

const Settings usual{{"enabled", "true"}, {"target", "3000"}, {"start_balance", "50000"}};

TEST(ProfitTarget, OpenPositionsWait) {
  TestEngine engine({block("profit_target", usual)});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(position(mnq()).long_(1));
  EXPECT_EQ(engine.on(account().balance("53000")).alerts.at(0).code, "target-open");
  EXPECT_TRUE(engine.on(position(mnq()).flat()).alerts.empty()) << "its loss may not be booked yet";
  EXPECT_EQ(engine.wait(3s).alerts.at(0).code, "target-reached");
}

TEST(ProfitTarget, IsToldOnceNotOnceADay) {
  TestEngine engine({block("profit_target", usual)});
  EXPECT_EQ(engine.on(account().balance("53000")).alerts.at(0).code, "target-reached");
  const auto end = engine.state().ledger.end();
  EXPECT_TRUE(engine.step(at(end, reset(end))).alerts.empty());
}

TEST(ProfitTarget, ALossThatIsNotBookedYetPassesNothing) {
  auto settings = usual;
  settings.emplace_back("action", "lockout_permanent");
  TestEngine engine({block("profit_target", settings)});
  engine.on(account().balance("52900"));
  engine.on(fill(1).sell(1).pnl("-500"));
  EXPECT_TRUE(engine.on(account().balance("53000")).breaches.empty());
  engine.on(account().balance("52500"));
  EXPECT_TRUE(engine.wait(3s).breaches.empty());
}

TEST(ProfitTarget, ABalanceFromBeforeTheStartPassesNothing) {
  auto settings = usual;
  settings.emplace_back("action", "lockout_permanent");
  TestEngine engine(
      {block("profit_target", {{"enabled", "true"}, {"target", "9000"}, {"start_balance", "50000"}})});
  engine.on(account().balance("53000"));
  TestEngine nearer({block("profit_target", settings)});
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(nearer.rules()));
  EXPECT_TRUE(engine.happen(Restarted{}).breaches.empty());
  EXPECT_TRUE(engine.happen(ConfigReloaded{}).breaches.empty());
  auto found = read(engine.now);
  EXPECT_TRUE(engine.on(found.has(account().balance("52000"))).breaches.empty()) << "it was paid out";
  EXPECT_EQ(engine.on(account().balance("53000")).breaches.size(), 1u);
}

TEST(ProfitTarget, LocksForGoodWhenTold) {
  auto settings = usual;
  settings.emplace_back("action", "lockout_permanent");
  TestEngine engine({block("profit_target", settings)});
  const auto decision = engine.on(account().balance("53000"));
  EXPECT_EQ(decision.lockouts_set.at(0).expires_at, std::nullopt);
}

TEST(ProfitTarget, RefusesWhatCannotBe) {
  EXPECT_EQ(TestEngine({block("profit_target", {})}).problems.size(), 2u);
}

} // namespace
} // namespace bulkhead::testing
