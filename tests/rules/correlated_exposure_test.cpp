// RULE-024: weights, families, what gives way.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock groups(const Settings& group, const Settings& weights) {
  ConfigNode one = map_node("rules.correlated_exposure.groups.us_index", group);
  one.entries.emplace_back("weights", map_node("rules.correlated_exposure.groups.us_index.weights", weights));
  ConfigNode all = map_node("rules.correlated_exposure.groups", {});
  all.entries.emplace_back("us_index", one);
  return with(block("correlated_exposure", {{"enabled", "true"}}), "groups", all);
}

TEST(CorrelatedExposure, WeightsCount) {
  TestEngine engine({groups({{"limit", "2"}}, {{"ES", "1.0"}, {"RTY", "0.6"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(position(es()).long_(1));
  EXPECT_TRUE(engine.on(position(rty()).long_(1)).empty()) << "1.6";
  EXPECT_EQ(asked(engine.on(position(rty()).long_(2))), "reduce RTY to 1");
}

TEST(CorrelatedExposure, OnlyTheSideThatExceedsGivesWay) {
  TestEngine engine({groups({{"limit", "1"}}, {{"ES", "1"}, {"NQ", "1"}})});
  engine.on(position(es()).long_(1));
  engine.on(position(es()).long_(1));
  EXPECT_EQ(asked(engine.on(position(nq()).short_(3))), "reduce NQ to 2");
}

TEST(CorrelatedExposure, OneContractGivesWayToo) {
  TestEngine engine({groups({{"limit", "1"}}, {{"ES", "1"}, {"NQ", "1"}})});
  engine.on(position(es()).long_(1));
  EXPECT_EQ(asked(engine.on(position(nq()).long_(1))), "close NQ");
}

TEST(CorrelatedExposure, OtherInstrumentsAreNotOfTheGroup) {
  TestEngine engine({groups({{"limit", "1"}}, {{"ES", "1"}})});
  EXPECT_TRUE(engine.on(position(rty()).long_(9)).empty());
}

TEST(CorrelatedExposure, NeedGroupsWithWeightsAndALimit) {
  EXPECT_GE(TestEngine({block("correlated_exposure", {})}).problems.size(), 1u);
  EXPECT_GE(TestEngine({groups({}, {})}).problems.size(), 2u);
}

TEST(CorrelatedExposure, ShowTheGroupThatIsNearestToItsLimit) {
  const auto group = [](const char* limit, const char* root) {
    ConfigNode one = map_node("rules.correlated_exposure.groups." + std::string(root), {{"limit", limit}});
    one.entries.emplace_back("weights", map_node("weights", {{root, "1"}}));
    return one;
  };
  ConfigNode all = map_node("rules.correlated_exposure.groups", {});
  all.entries = {{"metals", group("9", "GC")}, {"index", group("3", "ES")}, {"rates", group("5", "ZN")}};
  TestEngine engine({with(block("correlated_exposure", {{"enabled", "true"}}), "groups", all)});
  engine.on(position(es()).long_(1));
  const auto gauge = engine.engine().rule_status(engine.now).at(0).gauge;
  ASSERT_TRUE(gauge);
  EXPECT_EQ(gauge->limit, (Measure{Measure::Unit::tenths_of_mini, 30}));
  EXPECT_EQ(gauge->value, (Measure{Measure::Unit::tenths_of_mini, 10}));
  ConfigNode fewer = map_node("rules.correlated_exposure.groups", {});
  fewer.entries = {{"index", group("3", "ES")}, {"metals", group("3.5", "GC")}};
  TestEngine used({with(block("correlated_exposure", {{"enabled", "true"}}), "groups", fewer)});
  EXPECT_EQ(used.engine().rule_status(used.now).at(0).gauge->limit.value, 30) << "nothing is held";
  used.on(position(es()).long_(1));
  EXPECT_EQ(used.engine().rule_status(used.now).at(0).gauge->value.value, 10) << "2 are left, and 3.5";
}

} // namespace
} // namespace bulkhead::testing
