// A daily reset that arrives a little after its time.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(LateReset, LeavesWhatTheNewDayHasLaid) {
  TestEngine engine({});
  const Instant begins = instant("2026-07-15T22:00:00Z");
  engine.now = begins - std::chrono::seconds{1};
  const auto lay = [&](Source source) {
    engine.happen(
        LockoutOrdered{lockout(source, engine.now).because("test").clears_on({ClearCause::daily_reset})});
  };
  lay(Source::rule(3));
  engine.now = begins;
  lay(Source::rule(4));
  const auto& reset = engine.rules().reset;
  const auto ended = engine.happen(DailyReset{reset.trading_day(begins), begins, reset.next_after(begins)});
  ASSERT_EQ(ended.lockouts_cleared.size(), 1U);
  EXPECT_EQ(ended.lockouts_cleared[0].lockout.source, Source::rule(3));
  EXPECT_EQ(ended.lockouts_cleared[0].at, engine.now);
  EXPECT_TRUE(engine.state().lockouts.has_row_of(Source::rule(4)));
}

} // namespace
} // namespace bulkhead::testing
