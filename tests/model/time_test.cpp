#include "model/time.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace std::chrono_literals;

std::string canonical(std::string_view text) { return format_instant(parse_instant(text).value(), 6); }

TEST(ParseInstant, ReadsEveryFormOfTheWire) {
  const std::vector<std::pair<std::string_view, std::string_view>> forms = {
      {"2026-07-15T22:00:00Z", "2026-07-15T22:00:00.000000Z"},
      {"2026-07-15T22:00:00", "2026-07-15T22:00:00.000000Z"},
      {"2026-07-15 22:00:00", "2026-07-15T22:00:00.000000Z"},
      {"2026-07-15T22:00:00z", "2026-07-15T22:00:00.000000Z"},
      {"2026-09-01T23:26:02.15673+00:00", "2026-09-01T23:26:02.156730Z"},
      {"2026-09-02T19:29:25.3938301+00:00", "2026-09-02T19:29:25.393830Z"},
      {"2026-09-02T19:30:30.052+00:00", "2026-09-02T19:30:30.052000Z"},
      {"2026-09-02T19:30:30.123456789Z", "2026-09-02T19:30:30.123456Z"},
      {"2026-09-02T19:30:30.9999999Z", "2026-09-02T19:30:30.999999Z"},
      {"2026-07-15T17:00:00-05:00", "2026-07-15T22:00:00.000000Z"},
      {"2026-07-15T17:00:00-0500", "2026-07-15T22:00:00.000000Z"},
      {"2026-07-16T03:45:00+05:45", "2026-07-15T22:00:00.000000Z"},
      {"2024-02-29T00:00:00.1Z", "2024-02-29T00:00:00.100000Z"},
      {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"},
  };
  for (const auto& [text, expected] : forms) EXPECT_EQ(canonical(text), expected) << text;
}

TEST(ParseInstant, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-07-15",
                                      "2026-07-15T",
                                      "2026-07-15T22:00",
                                      "2026-07-15T22:00:0",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-07-32T00:00:00Z",
                                      "2026-07-15T24:00:00Z",
                                      "2026-07-15T22:60:00Z",
                                      "2026-07-15T22:00:61Z",
                                      "2026-07-15T22:00:00.Z",
                                      "2026-07-15T22:00:00.1234567890Z",
                                      "2026-07-15T22:00:00ZZ",
                                      "2026-07-15T22:00:00Z ",
                                      " 2026-07-15T22:00:00Z",
                                      "2026-07-15T22:00:00+5:00",
                                      "2026-07-15T22:00:00+05",
                                      "2026-07-15T22:00:00+19:00",
                                      "2026-07-15T22:00:00+05:60",
                                      "2026-07-15X22:00:00Z",
                                      "2026/07/15T22:00:00Z",
                                      "-026-07-15T22:00:00Z",
                                      "2026-7-15T22:00:00Z",
                                      "2026-07-15T22:00:00 CDT",
                                      "1752616800",
                                      "null"}) {
    const auto parsed = parse_instant(text);
    ASSERT_TRUE(parsed.has_error()) << "'" << text << "'";
    EXPECT_EQ(parsed.error().code(), Errc::malformed) << text;
  }
}

TEST(FormatInstant, CutsToTheAskedFraction) {
  const Instant when = parse_instant("2026-07-15T22:00:01.234567Z").value();
  EXPECT_EQ(format_instant(when), "2026-07-15T22:00:01Z");
  EXPECT_EQ(format_instant(when, 3), "2026-07-15T22:00:01.234Z");
  EXPECT_EQ(format_instant(when, 6), "2026-07-15T22:00:01.234567Z");
}

TEST(FormatInstant, IsReadBackUnchanged) {
  for (const std::int64_t micros : {0LL, 1LL, -1LL, 1'752'616'800'000'001LL, 4'102'444'799'999'999LL}) {
    const Instant when{Duration{micros}};
    EXPECT_EQ(parse_instant(format_instant(when, 6)).value(), when) << micros;
  }
}

TEST(ParseDuration, ReadsSecondsMinutesAndHoursUpToADay) {
  EXPECT_EQ(parse_duration("1s").value(), 1s);
  EXPECT_EQ(parse_duration("30s").value(), 30s);
  EXPECT_EQ(parse_duration("15m").value(), 15min);
  EXPECT_EQ(parse_duration("24h").value(), 24h);
  EXPECT_EQ(parse_duration("1440m").value(), 24h);
  EXPECT_EQ(parse_duration("86400s").value(), 24h);
}

TEST(ParseDuration, RefusesLengthsOutsideOneSecondToADay) {
  for (const std::string_view text : {"0s", "-5s", "25h", "1441m", "86401s"}) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code(), Errc::out_of_range) << text;
  }
}

TEST(ParseDuration, RefusesOtherSpellings) {
  for (const std::string_view text :
       {"", "s", "30", "30 s", "30d", "30S", "1h30m", "1.5h", "+5s", "five", "30ss"}) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code(), Errc::malformed) << text;
  }
  EXPECT_TRUE(parse_duration("99999999999999999999s").has_error());
}

TEST(FormatDuration, UsesTheTwoLargestUnits) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(42s), "42s");
  EXPECT_EQ(format_duration(42s + 999ms), "42s");
  EXPECT_EQ(format_duration(60s), "1m 00s");
  EXPECT_EQ(format_duration(65min), "1h 05m");
  EXPECT_EQ(format_duration(49h), "2d 01h");
}

TEST(TimeOfDay, ReadsAndWritesHoursAndMinutes) {
  EXPECT_EQ(TimeOfDay::parse("00:00").value().minutes, 0);
  EXPECT_EQ(TimeOfDay::parse("17:00").value().minutes, 1020);
  EXPECT_EQ(TimeOfDay::parse("23:59").value().minutes, 1439);
  EXPECT_EQ(to_string(TimeOfDay{65}), "01:05");
  EXPECT_EQ(to_string(TimeOfDay{1439}), "23:59");
}

TEST(TimeOfDay, RefusesEverythingElse) {
  for (const std::string_view text : {"", "17", "17:0", "7:00", "24:00", "17:60", "17:00:00", "17-00",
                                      " 17:00", "17:00 ", "-1:00", "5pm"}) {
    EXPECT_TRUE(TimeOfDay::parse(text).has_error()) << "'" << text << "'";
  }
}

TEST(TradingDay, ReadsAndWritesDates) {
  EXPECT_EQ(to_string(TradingDay::parse("2026-07-15").value()), "2026-07-15");
  EXPECT_EQ(to_string(TradingDay::parse("2028-02-29").value()), "2028-02-29");
  EXPECT_LT(TradingDay::parse("2026-12-31").value(), TradingDay::parse("2027-01-01").value());
}

TEST(TradingDay, RefusesDatesOutsideTheCalendarAndOtherShapes) {
  for (const std::string_view text : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-07-00", "2026-7-15",
                                      "2026-07-15T", "20260715", "15.07.2026", "2026/07/15"}) {
    EXPECT_TRUE(TradingDay::parse(text).has_error()) << "'" << text << "'";
  }
}

} // namespace
} // namespace bulkhead::model
