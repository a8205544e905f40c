// RULE-017: tiers, what is unknown, refusals.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

ConfigNode tier(const Settings& settings) { return map_node("rules.scaling_plan.tiers", settings); }
RuleBlock plan(Settings more = {}, std::vector<ConfigNode> tiers = {}) {
  if (tiers.empty()) tiers = {tier({{"limit", "2"}}), tier({{"above", "1500"}, {"limit", "3"}})};
  Settings settings{{"enabled", "true"}};
  settings.insert(settings.end(), more.begin(), more.end());
  ConfigNode list = list_node("rules.scaling_plan.tiers", {});
  list.items = std::move(tiers);
  return with(block("scaling_plan", settings), "tiers", list);
}

TEST(ScalingPlan, AnUnknownBalanceDecidesNothing) {
  TestEngine engine({plan()});
  ASSERT_TRUE(engine.problems.empty());
  EXPECT_TRUE(engine.on(position(es()).long_(9)).breaches.empty());
  EXPECT_EQ(engine.on(account().balance("0")).breaches.size(), 1u);
}

TEST(ScalingPlan, JustTheThresholdIsTheReadersChoice) {
  TestEngine above({plan()});
  above.on(account().balance("1500"));
  EXPECT_EQ(above.on(position(es()).long_(3)).breaches.size(), 1u);
  TestEngine reached({plan({{"threshold", "at_or_above"}})});
  reached.on(account().balance("1500"));
  EXPECT_TRUE(reached.on(position(es()).long_(3)).breaches.empty());
}

TEST(ScalingPlan, ReducesOnRequest) {
  TestEngine engine({plan({{"action", "reduce_to_limit"}})});
  engine.on(account().balance("0"));
  EXPECT_EQ(asked(engine.on(position(es()).long_(3))), "reduce ES to 2");
}

TEST(ScalingPlan, RefusesTiersThatDoNotAscend) {
  EXPECT_EQ(TestEngine({block("scaling_plan", {})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({plan({}, {tier({{"above", "5"}, {"limit", "2"}})})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({plan({}, {tier({{"limit", "2"}}), tier({{"limit", "3"}})})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({plan({}, {tier({{"limit", "2"}, {"abvoe", "3"}})})}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
