// A rule that throws harms nobody but itself.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace bulkhead::testing {
namespace {

const rules::RuleSpec spec{
    .number = 99, .key = "failing", .name = "Failing", .summary = "", .events = ~EventMask{0}};

/// The rule of five contracts, and before it one that throws while `fails`.
class FailingRule : public ::testing::Test {
public:
  bool fails = true;
  TestEngine engine{{block("max_contracts", {{"limit", "5"}, {"unit", "contracts"}, {"close_all", "true"}})}};
  FailingRule() {
    auto set = std::make_shared<rules::RuleSet>(engine.rules());
    rules::BoundRule bound;
    bound.spec = &spec;
    bound.source = Source::rule(99);
    bound.binding.evaluate = [this](const rules::RuleContext&) -> rules::Verdict {
      if (fails) throw std::runtime_error("no tick data");
      return {};
    };
    bound.binding.gauge = [](const rules::RuleContext&) -> std::optional<rules::Gauge> {
      throw std::runtime_error("no figure");
    };
    set->rules.insert(set->rules.begin(), std::move(bound));
    engine.engine().use_rules(std::move(set));
  }
};

TEST_F(FailingRule, DoesNotKeepTheOthersFromProtecting) {
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(6).average("21000"))), "close MNQ");
}

TEST_F(FailingRule, IsAnnouncedAnewAfterItHasWorkedAgain) {
  for (int n = 0; n < 3; ++n) engine.on(fill(n));
  fails = false;
  engine.on(fill(10));
  fails = true;
  EXPECT_TRUE(engine.on(fill(11)).alerts.empty());
  EXPECT_TRUE(engine.on(fill(12)).alerts.empty());
  ASSERT_EQ(engine.on(fill(13)).alerts.size(), 1U);
  EXPECT_EQ(engine.last.alerts[0].code, "rule-failing");
}

TEST_F(FailingRule, HasNoFigureInStatusAndTheOthersDo) {
  engine.on(position(mnq()).long_(2).average("21000"));
  const auto status = engine.engine().rule_status(engine.now);
  ASSERT_EQ(status.size(), 2U);
  EXPECT_FALSE(status[0].gauge.has_value());
  EXPECT_TRUE(status[1].gauge.has_value());
}

} // namespace
} // namespace bulkhead::testing
