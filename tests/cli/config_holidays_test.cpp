#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

LoadedConfig load_holidays(std::string_view text) {
  const ConfigDirectory directory;
  directory.write("holidays.yaml", text);
  return directory.load();
}
std::string problems_of_holidays(std::string_view text) { return text_of(load_holidays(text).problems); }

model::TradingDay day(std::string_view text) { return model::TradingDay::parse(text).value(); }

} // namespace

TEST(ConfigHolidays, ReadsClosuresAndEarlyCloses) {
  const auto loaded = load_holidays(R"(timezone: America/New_York
holidays:
  - { date: "2026-12-25", name: Christmas }
  - "2026-01-01"
early_close:
  - { date: "2026-12-24", close: "12:15", name: Eve }
)");
  expect_problems(loaded, {});
  const auto& calendar = loaded.config.holidays;
  EXPECT_EQ(calendar.zone, "America/New_York");
  ASSERT_EQ(calendar.closures.size(), 2U);
  EXPECT_EQ(calendar.closures.at(day("2026-12-25")), "Christmas");
  EXPECT_TRUE(calendar.is_holiday(day("2026-01-01")));
  EXPECT_EQ(calendar.early_closes.at(day("2026-12-24")), model::TimeOfDay{12 * 60 + 15});
}

TEST(ConfigHolidays, MayBeAPlainListOrNothing) {
  const auto loaded = load_holidays("- 2026-01-01\n- 2026-12-25\n");
  expect_problems(loaded, {});
  EXPECT_EQ(loaded.config.holidays.closures.size(), 2U);
  EXPECT_EQ(loaded.config.holidays.zone, "America/Chicago");
  EXPECT_EQ(problems_of_holidays(""), "");
}

TEST(ConfigHolidays, EveryEntryIsChecked) {
  EXPECT_EQ(problems_of_holidays("holidays:\n  - 2026-02-30\n"),
            "holidays.yaml:2: holidays[0] = 2026-02-30: must be a date, YYYY-MM-DD\n");
  EXPECT_EQ(problems_of_holidays("holidays:\n  - { date: 1/1/2026 }\n"),
            "holidays.yaml:2: holidays[0].date = 1/1/2026: must be a date, YYYY-MM-DD\n");
  EXPECT_EQ(problems_of_holidays("holidays:\n  - { name: x }\n"),
            "holidays.yaml:2: holidays[0].date: is missing\n");
  EXPECT_EQ(problems_of_holidays(
                "holidays:\n  - 2026-01-01\nearly_close:\n  - { date: 2026-01-01, close: \"12:00\" }\n"),
            "holidays.yaml:4: early_close[0].date = 2026-01-01: this date stands twice in the calendar\n");
  EXPECT_EQ(
      problems_of_holidays("early_close:\n  - { date: 2026-01-01, close: noon }\n"),
      "holidays.yaml:2: early_close[0].close = noon: must be a time of day, HH:MM from 00:00 to 23:59\n");
  EXPECT_EQ(problems_of_holidays("early_close:\n  - { date: 2026-01-01 }\n"),
            "holidays.yaml:2: early_close[0].close: is missing: the local time of the early close\n");
  EXPECT_EQ(problems_of_holidays("early_close:\n  - 2026-01-01\n"),
            "holidays.yaml:2: early_close[0] = 2026-01-01: must be a mapping of settings\n");
  EXPECT_EQ(problems_of_holidays("timezone: Mars/Base\n"),
            "holidays.yaml:1: timezone = Mars/Base: must be an IANA time zone such as America/Chicago\n");
  EXPECT_EQ(problems_of_holidays("holiday: []\n"),
            "holidays.yaml:1: holiday = a list: unknown key (did you mean 'holidays'?)\n");
  EXPECT_EQ(problems_of_holidays("holidays: 2026-01-01\n"),
            "holidays.yaml:1: holidays = 2026-01-01: must be a list of dates\n");
}

TEST(ConfigHolidays, AreRequiredOnlyByARuleThatRespectsThem) {
  const auto missing_with = [](const std::string& session) {
    return problems_of_rules("max_contracts: { limit: 5 }\nsession_block_outside: " + session + "\n")
               .find("holidays.yaml: the file is missing") != std::string::npos;
  };
  EXPECT_TRUE(missing_with("{ respect_holidays: true }"));
  EXPECT_TRUE(missing_with("{ enabled: true }"));
  EXPECT_FALSE(missing_with("{ respect_holidays: false }"));
  EXPECT_FALSE(missing_with("{ enabled: false, respect_holidays: true }"));
}

} // namespace bulkhead::cli
