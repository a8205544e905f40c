// Days out of fills.

#include "actors/past_days.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace bulkhead::testing;

Fill traded(std::int64_t id, std::string_view pnl, std::string_view when) {
  return Fill(fill(id).sell(1).pnl(pnl).fees("1").executed(instant(when)));
}

TEST(PastDays, AreCutAtTheResetAndLeaveTodayOut) {
  const auto reset = *model::ResetSchedule::make(model::TimeOfDay{17 * 60}, "America/Chicago");
  Fill voided = traded(5, "900", "2026-07-14T15:00:00Z");
  voided.voided = true;
  const auto days =
      past_days({traded(3, "50", "2026-07-13T22:00:00Z"), // 17:00 in Chicago: the next day
                 traded(1, "100", "2026-07-13T15:00:00Z"), traded(2, "-30", "2026-07-13T21:59:59Z"), voided,
                 traded(4, "70", "2026-07-15T15:00:00Z")},
                reset, instant("2026-07-15T16:00:00Z"));
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].day, trading_day("2026-07-13"));
  EXPECT_EQ(days[0].net, usd("68"));
  EXPECT_EQ(days[0].fills, 2u);
  EXPECT_EQ(days[1].day, trading_day("2026-07-14"));
  EXPECT_EQ(days[1].net, usd("49"));
}

} // namespace
} // namespace bulkhead::actors
