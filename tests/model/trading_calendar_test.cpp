#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

ResetSchedule schedule(std::string_view time, std::string zone = "America/Chicago") {
  return ResetSchedule::make(time_of_day(time), std::move(zone)).value();
}

struct Next {
  const char* time;
  const char* zone;
  const char* now;
  const char* next;
};

TEST(ResetSchedule, FindsTheNextResetByCalendarDays) {
  const std::vector<Next> rows = {
      {"17:00", "America/Chicago", "2026-03-07T23:30:00Z", "2026-03-08T22:00:00Z"},
      {"17:00", "America/Chicago", "2026-10-31T22:30:00Z", "2026-11-01T23:00:00Z"},
      {"02:30", "America/Chicago", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"}, // 02:30 does not exist
      {"02:30", "America/Chicago", "2026-03-08T08:00:00Z", "2026-03-09T07:30:00Z"},
      {"01:30", "America/Chicago", "2026-11-01T05:00:00Z", "2026-11-01T06:30:00Z"}, // the first of two
      {"01:30", "America/Chicago", "2026-11-01T06:30:00Z", "2026-11-02T07:30:00Z"}, // and only once
      {"01:30", "America/Chicago", "2026-11-01T07:29:59Z", "2026-11-02T07:30:00Z"},
      {"17:00", "America/New_York", "2026-01-15T21:59:00Z", "2026-01-15T22:00:00Z"},
      // How long a loss lockout of the day lasts.
      {"17:00", "America/Chicago", "2026-07-15T19:00:00Z", "2026-07-15T22:00:00Z"},
      {"17:00", "America/Chicago", "2026-01-15T23:30:00Z", "2026-01-16T23:00:00Z"},
      // Berlin changes on other days than America.
      {"17:00", "Europe/Berlin", "2026-03-28T16:00:00Z", "2026-03-29T15:00:00Z"},
      {"17:00", "Europe/Berlin", "2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z"},
      {"17:00", "UTC", "2026-03-08T17:00:00Z", "2026-03-09T17:00:00Z"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(format_instant(schedule(row.time, row.zone).next_after(instant(row.now))), row.next)
        << row.time << ' ' << row.zone << " after " << row.now;
  }
}

TEST(ResetSchedule, AMissedResetKeepsItsScheduledInstant) {
  const auto started = instant("2026-07-15T22:10:00Z"); // down from 21:50 to 22:10
  EXPECT_EQ(schedule("17:00").last_at_or_before(started), instant("2026-07-15T22:00:00Z"));
  EXPECT_LT(instant("2026-07-15T21:50:00Z"), schedule("17:00").last_at_or_before(started));
}

TEST(ResetSchedule, ARestartAfterTheResetFindsTheSameBoundary) {
  const auto resets = schedule("17:00");
  EXPECT_EQ(resets.last_at_or_before(instant("2026-07-15T22:05:00Z")), instant("2026-07-15T22:00:00Z"));
  EXPECT_EQ(resets.last_at_or_before(instant("2026-07-15T22:00:00Z")), instant("2026-07-15T22:00:00Z"));
  EXPECT_EQ(resets.last_at_or_before(instant("2026-07-15T21:59:59.999999Z")),
            instant("2026-07-14T22:00:00Z"));
}

TEST(ResetSchedule, LabelsADayByTheLocalDateOnWhichItEnds) {
  struct Label {
    const char* time;
    const char* at;
    const char* day;
  };
  const std::vector<Label> rows = {
      {"17:00", "2026-07-15T21:59:59.999999Z", "2026-07-15"},
      {"17:00", "2026-07-15T22:00:00Z", "2026-07-16"},
      {"17:00", "2026-07-16T04:59:59Z", "2026-07-16"}, // before local midnight
      {"17:00", "2026-07-16T05:00:00Z", "2026-07-16"}, // after it
      {"17:00", "2026-12-31T23:00:00Z", "2027-01-01"},
      {"00:00", "2026-07-15T04:59:59.999999Z", "2026-07-14"}, // a day that ends at midnight has its own date
      {"00:00", "2026-07-15T05:00:00Z", "2026-07-15"},
      {"00:00", "2026-07-16T04:59:59.999999Z", "2026-07-15"},
      {"00:00", "2026-07-16T05:00:00Z", "2026-07-16"},
      {"17:00", "2026-03-08T21:59:59Z", "2026-03-08"},
      {"17:00", "2026-11-01T22:30:00Z", "2026-11-01"}, // 16:30 CST: 22:00Z is no boundary any more
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_string(schedule(row.time).trading_day(instant(row.at))), row.day)
        << row.time << ' ' << row.at;
  }
}

TEST(ResetSchedule, RefusesAZoneNobodyKnows) {
  for (const auto* zone : {"", "Central", "America/Chikago", "CDT+5"}) {
    const auto made = ResetSchedule::make(TimeOfDay{1020}, zone);
    ASSERT_TRUE(made.has_error()) << zone;
    EXPECT_EQ(made.error().code(), Errc::unknown_value);
  }
  EXPECT_TRUE(is_known_zone("America/Chicago"));
}

/// Walks all resets of 16 years and checks what must hold for each.
void check_all_years(std::string_view time, const char* zone) {
  const auto resets = schedule(time, zone);
  const auto last_day = trading_day("2035-12-31");
  std::set<TradingDay> dates;
  auto reset = resets.last_at_or_before(local_instant(trading_day("2020-01-01"), time_of_day("23:59"), zone));
  for (auto date = local_date(reset, zone); date <= last_day; date = local_date(reset, zone)) {
    ASSERT_TRUE(dates.insert(date).second) << "two resets on " << to_string(date);
    const auto next = resets.next_after(reset);
    ASSERT_GT(next, reset);
    ASSERT_EQ(resets.last_at_or_before(next), next);
    ASSERT_EQ(resets.last_at_or_before(next - Duration{1}), reset);
    ASSERT_EQ(resets.next_after(next - Duration{1}), next);
    ASSERT_EQ(resets.trading_day(reset), resets.trading_day(next - Duration{1}));
    ASSERT_GE(next - reset, 22h + 30min) << to_string(date);
    ASSERT_LE(next - reset, 25h + 30min) << to_string(date);
    reset = next;
  }
  EXPECT_EQ(dates.size(), 5844u); // every date of 16 years, four of them leap years
}

TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInChicago) { check_all_years("17:00", "America/Chicago"); }
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInNewYork) { check_all_years("17:00", "America/New_York"); }
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInBerlin) { check_all_years("17:00", "Europe/Berlin"); }
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInUtc) { check_all_years("17:00", "UTC"); }
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInsideTheGap) {
  check_all_years("02:30", "America/Chicago");
}
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateInsideTheOverlap) {
  check_all_years("01:30", "America/Chicago");
}
TEST(ResetSchedule, HasExactlyOneResetPerLocalDateAtMidnight) {
  check_all_years("00:00", "America/New_York");
}

TEST(LocalTime, IsWrittenForPeopleWithZoneAndWeekday) {
  EXPECT_EQ(format_local(instant("2026-07-15T22:00:30Z"), "America/Chicago"), "17:00 CDT Wed 2026-07-15");
  EXPECT_EQ(format_local(instant("2026-01-15T23:00:00Z"), "America/Chicago"), "17:00 CST Thu 2026-01-15");
}

TEST(LocalTime, TheLocalDateChangesAtLocalMidnight) {
  EXPECT_EQ(local_date(instant("2026-07-16T04:59:59Z"), "America/Chicago"), trading_day("2026-07-15"));
  EXPECT_EQ(local_date(instant("2026-07-16T05:00:00Z"), "America/Chicago"), trading_day("2026-07-16"));
}

TEST(HolidayCalendar, KnowsClosuresAndTheYearsItCovers) {
  HolidayCalendar holidays;
  holidays.closures[trading_day("2026-12-25")] = "Christmas";
  holidays.early_closes[trading_day("2027-11-26")] = time_of_day("12:15");
  EXPECT_TRUE(holidays.is_holiday(trading_day("2026-12-25")));
  EXPECT_FALSE(holidays.is_holiday(trading_day("2027-11-26"))) << "an early close is no holiday";
  EXPECT_TRUE(holidays.covers_year(2026));
  EXPECT_TRUE(holidays.covers_year(2027));
  EXPECT_FALSE(holidays.covers_year(2028));
}

} // namespace
} // namespace bulkhead::model
