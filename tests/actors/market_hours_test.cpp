#include "actors/market_hours.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

std::string closed_until(const actors::MarketHours& hours, std::string_view at) {
  const auto opens = hours.closed_until(instant(at));
  return opens ? format_instant(*opens) : "open";
}

TEST(MarketHours, KnowTheDailyBreakTheWeekendAndTheHolidays) {
  const actors::MarketHours plain;
  EXPECT_EQ(closed_until(plain, "2026-07-15T18:00:00Z"), "open");
  EXPECT_EQ(closed_until(plain, "2026-07-15T21:00:00Z"), "2026-07-15T22:00:00Z"); // 16:00 in Chicago
  EXPECT_EQ(closed_until(plain, "2026-07-15T22:00:00Z"), "open");
  EXPECT_EQ(closed_until(plain, "2026-07-17T21:00:00Z"), "2026-07-19T22:00:00Z"); // Friday to Sunday
  EXPECT_EQ(closed_until(plain, "2026-01-17T12:00:00Z"), "2026-01-18T23:00:00Z"); // winter time

  HolidayCalendar calendar;
  calendar.closures[trading_day("2026-12-25")] = "Christmas Day"; // a Friday
  calendar.early_closes[trading_day("2026-12-24")] = time_of_day("12:15");
  const actors::MarketHours holidays(calendar);
  EXPECT_EQ(closed_until(holidays, "2026-12-24T18:00:00Z"), "open");
  EXPECT_EQ(closed_until(holidays, "2026-12-24T18:15:00Z"), "2026-12-27T23:00:00Z");
}

} // namespace
} // namespace bulkhead::testing
