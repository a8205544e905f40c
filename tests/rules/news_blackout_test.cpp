// RULE-023: windows, what was held before, a calendar that has run out.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

// The engine's configuration holds no releases: what they do is shown by the worked examples.

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
