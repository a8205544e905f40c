#include "model/session_hours.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;

SessionHours daily(const char* start, const char* end, const char* zone = "America/Chicago") {
  SessionHours hours;
  hours.zone = zone;
  hours.start = SessionTime::parse(start).value();
  hours.end = SessionTime::parse(end).value();
  return hours;
}

std::string session_text(const std::optional<Session>& session) {
  return session ? format_instant(session->from) + " " + format_instant(session->to) : "none";
}
std::string at(const SessionHours& hours, const char* when, const HolidayCalendar& calendar = {}) {
  return session_text(session_at(hours, calendar, instant(when)));
}
std::string next(const SessionHours& hours, const char* when, const HolidayCalendar& calendar = {}) {
  return session_text(next_session(hours, calendar, instant(when)));
}

TEST(SessionHours, AreOpenAtTheStartAndClosedAtTheEnd) {
  const auto hours = daily("08:30", "15:00");
  EXPECT_EQ(at(hours, "2026-07-15T13:30:00Z"), "2026-07-15T13:30:00Z 2026-07-15T20:00:00Z");
  EXPECT_EQ(at(hours, "2026-07-15T20:00:00Z"), "none");
  EXPECT_EQ(next(hours, "2026-07-17T20:00:00Z"), "2026-07-20T13:30:00Z 2026-07-20T20:00:00Z");
}

TEST(SessionHours, RunOverMidnightWhenTheEndIsNotAfterTheStart) {
  auto hours = daily("17:00", "16:00");
  hours.days = 0b0011111; // Sunday to Thursday
  EXPECT_EQ(at(hours, "2026-07-15T04:00:00Z"), "2026-07-14T22:00:00Z 2026-07-15T21:00:00Z");
  EXPECT_EQ(at(hours, "2026-07-17T22:00:00Z"), "none") << "no session starts on a Friday";
}

TEST(SessionHours, ANightOfTheClockChangeIsAnHourShorterOrLonger) {
  auto hours = daily("17:00", "16:00");
  hours.days = 0b1111111;
  EXPECT_EQ(at(hours, "2026-03-08T10:00:00Z"), "2026-03-07T23:00:00Z 2026-03-08T21:00:00Z");
  EXPECT_EQ(at(hours, "2026-11-01T10:00:00Z"), "2026-10-31T22:00:00Z 2026-11-01T22:00:00Z");
}

TEST(SessionHours, TimesThatDoNotExistOrComeTwice) {
  auto hours = daily("02:30", "05:00");
  hours.days = 0b1111111;
  EXPECT_EQ(at(hours, "2026-03-08T09:00:00Z"), "2026-03-08T08:00:00Z 2026-03-08T10:00:00Z");
  auto twice = daily("00:30", "01:30");
  twice.days = 0b1111111;
  EXPECT_EQ(at(twice, "2026-11-01T07:00:00Z"), "2026-11-01T05:30:00Z 2026-11-01T07:30:00Z")
      << "the end is the second 01:30";
}

TEST(SessionHours, WeeklyHoursPauseEveryDay) {
  const auto hours = exchange_hours();
  EXPECT_EQ(at(hours, "2026-07-14T15:00:00Z"), "2026-07-13T22:00:00Z 2026-07-14T21:00:00Z");
  EXPECT_EQ(at(hours, "2026-07-14T21:30:00Z"), "none");
  EXPECT_EQ(next(hours, "2026-07-14T21:30:00Z"), "2026-07-14T22:00:00Z 2026-07-15T21:00:00Z");
  EXPECT_EQ(next(hours, "2026-07-17T21:00:00Z"), "2026-07-19T22:00:00Z 2026-07-20T21:00:00Z");
}

TEST(SessionHours, WeeklyHoursWithoutAPauseAreOneSession) {
  const auto hours = daily("Sun 17:00", "Fri 16:00");
  EXPECT_EQ(at(hours, "2026-07-15T12:00:00Z"), "2026-07-12T22:00:00Z 2026-07-17T21:00:00Z");
}

TEST(SessionHours, AHolidayTakesTheSessionThatEndsOnIt) {
  HolidayCalendar calendar;
  calendar.closures[trading_day("2026-12-25")] = "Christmas Day";
  EXPECT_EQ(at(exchange_hours(), "2026-12-25T02:00:00Z", calendar), "none") << "Thursday evening";
  EXPECT_EQ(at(exchange_hours(), "2026-12-24T20:00:00Z", calendar),
            "2026-12-23T23:00:00Z 2026-12-24T22:00:00Z");
  EXPECT_EQ(next(daily("08:30", "15:00"), "2026-12-24T21:00:00Z", calendar),
            "2026-12-28T14:30:00Z 2026-12-28T21:00:00Z");
  auto regardless = daily("08:30", "15:00");
  regardless.respect_holidays = false;
  EXPECT_NE(at(regardless, "2026-12-25T15:00:00Z", calendar), "none");
}

TEST(SessionHours, AHolidayInAWeekWithoutPausesSplitsIt) {
  HolidayCalendar calendar;
  calendar.closures[trading_day("2026-07-15")] = "a Wednesday";
  const auto hours = daily("Sun 17:00", "Fri 16:00");
  EXPECT_EQ(at(hours, "2026-07-14T12:00:00Z", calendar), "2026-07-12T22:00:00Z 2026-07-15T05:00:00Z");
  EXPECT_EQ(next(hours, "2026-07-15T12:00:00Z", calendar), "2026-07-16T05:00:00Z 2026-07-17T21:00:00Z");
}

TEST(SessionHours, AnEarlyCloseEndsTheSessionSooner) {
  HolidayCalendar calendar;
  calendar.early_closes[trading_day("2026-11-27")] = time_of_day("12:15");
  EXPECT_EQ(at(exchange_hours(), "2026-11-27T15:00:00Z", calendar),
            "2026-11-26T23:00:00Z 2026-11-27T18:15:00Z");
  EXPECT_EQ(at(daily("13:00", "15:00"), "2026-11-27T19:30:00Z", calendar), "none");
}

TEST(SessionHours, AnEarlyCloseAtTheStartLeavesNoSession) {
  HolidayCalendar calendar;
  calendar.early_closes[trading_day("2026-11-27")] = time_of_day("12:15");
  EXPECT_EQ(next(daily("12:15", "15:00"), "2026-11-27T15:00:00Z", calendar),
            "2026-11-30T18:15:00Z 2026-11-30T21:00:00Z");
}

TEST(SessionHours, ParseDaysAndTimes) {
  EXPECT_EQ(SessionTime::parse("Fri 15:10").value().weekday, 5u);
  EXPECT_FALSE(SessionTime::parse("Friday 15:10"));
  EXPECT_FALSE(SessionTime::parse("24:00"));
  EXPECT_FALSE(parse_weekday("mon"));
}

} // namespace
} // namespace bulkhead::model
