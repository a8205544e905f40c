// RULE-023: windows, what was held before, a calendar that has run out.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

// What releases do to positions is shown by the worked examples.

TEST(NewsBlackout, AnEntryThatRestsIsCancelledWhenTheWindowBegins) {
  TestEngine engine({block("news_blackout", {{"enabled", "true"}})});
  auto rules = engine.engine().rules();
  const Instant release = engine.now + 10min;
  rules.news = {{{release, "CPI", Impact::high, {}}}, release + 24h};
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(std::move(rules)));
  engine.happen(ConfigReloaded{});
  EXPECT_EQ(asked(engine.on(order(7).buy(1).limit("20000"))), "");
  EXPECT_EQ(asked(engine.wait(1h)), "cancel 7");
  EXPECT_EQ(engine.now, release - 2min);
}

TEST(NewsBlackout, AMissingCalendarIsSaidOnceADay) {
  TestEngine engine({block("news_blackout", {{"enabled", "true"}})});
  ASSERT_TRUE(engine.problems.empty());
  EXPECT_EQ(engine.on(position(mnq()).long_(1)).alerts.size() +
                engine.on(position(mnq()).long_(2)).alerts.size(),
            0u)
      << "told when the day began";
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
}

TEST(NewsBlackout, AMissingCalendarBlocksOnRequest) {
  TestEngine engine({block("news_blackout", {{"enabled", "true"}, {"on_missing", "block"}})});
  EXPECT_TRUE(engine.state().lockouts.locked());
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ");
}

TEST(NewsBlackout, RefusesWhatCannotBe) {
  EXPECT_EQ(TestEngine({block("news_blackout", {{"action", "block"}})}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
