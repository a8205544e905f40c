// RULE-009: session ends, scopes, holidays, clock changes.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

ConfigNode new_york() {
  return map_node("global_session", {{"start", "09:30"}, {"end", "16:00"}, {"timezone", "America/New_York"}});
}
RuleBlock global(Settings settings = {}) {
  return with(block("session_block_outside", std::move(settings)), "global_session", new_york());
}
RuleBlock per_instrument() {
  ConfigNode es =
      map_node("ES", {{"start", "Sun 17:00"}, {"end", "Fri 16:00"}, {"timezone", "America/Chicago"}});
  es.entries.emplace_back("daily_break", list_node("daily_break", {"16:00", "17:00"}));
  ConfigNode each = map_node("per_instrument_sessions", {{"enabled", "true"}});
  each.entries.emplace_back("sessions", map_node("sessions", {}));
  each.entries.back().second.entries.emplace_back("ES", es);
  return with(global(), "per_instrument_sessions", each);
}

HolidayCalendar holidays() {
  HolidayCalendar calendar;
  calendar.zone = "America/New_York";
  calendar.closures[trading_day("2026-12-25")] = "Christmas Day";
  calendar.early_closes[trading_day("2026-11-27")] = time_of_day("13:00");
  return calendar;
}

struct Row {
  const char* at;
  const char* locked_until; // null: in session
};
class SessionRow : public ::testing::TestWithParam<Row> {};

TEST_P(SessionRow, AFillOutsideIsClosedAndLockedUntilTheNextSession) {
  TestEngine engine({global()}, false, holidays());
  engine.now = instant(GetParam().at);
  const auto decision = engine.step(position(mnq()).long_(1).at(engine.now));
  if (GetParam().locked_until == nullptr) {
    EXPECT_TRUE(decision.breaches.empty());
    return;
  }
  EXPECT_EQ(asked(decision), "close MNQ");
  ASSERT_EQ(decision.lockouts_set.size(), 1u);
  EXPECT_EQ(decision.lockouts_set[0].expires_at, instant(GetParam().locked_until));
  EXPECT_FALSE(decision.lockouts_set[0].symbol);
}

INSTANTIATE_TEST_SUITE_P(Rows, SessionRow,
                         ::testing::Values(Row{"2026-07-15T14:00:00Z", nullptr},
                                           Row{"2026-07-15T13:30:00Z", nullptr},
                                           Row{"2026-07-15T13:29:59Z", "2026-07-15T13:30:00Z"},
                                           Row{"2026-07-15T20:00:00Z", "2026-07-16T13:30:00Z"},
                                           Row{"2026-07-16T00:00:00Z", "2026-07-16T13:30:00Z"},
                                           Row{"2026-07-17T20:00:00Z", "2026-07-20T13:30:00Z"},
                                           Row{"2026-12-25T15:00:00Z", "2026-12-28T14:30:00Z"},
                                           Row{"2026-11-27T17:59:59Z", nullptr},
                                           Row{"2026-11-27T18:00:00Z", "2026-11-30T14:30:00Z"},
                                           Row{"2026-03-06T21:00:00Z", "2026-03-09T13:30:00Z"},
                                           Row{"2026-10-30T20:00:00Z", "2026-11-02T14:30:00Z"}));

TEST(SessionBlockOutside, TheEndOfTheSessionClosesWhatIsOpen) {
  TestEngine engine({global()});
  engine.on(position(mnq()).long_(1));
  engine.on(order(7).on(mnq()).sell(1).stop("20000"));
  std::vector<std::string> warned;
  while (engine.wait(2h - (engine.now - instant("2026-07-15T18:00:00Z"))).breaches.empty()) {
    ASSERT_LT(warned.size(), 9u);
    for (const auto& alert : engine.last.alerts) warned.push_back(alert.code);
  }
  EXPECT_EQ(engine.now, instant("2026-07-15T20:00:00Z"));
  EXPECT_EQ(warned.size(), 3u);
  EXPECT_EQ(asked(engine.last), "close MNQ, cancel 7");
}

TEST(SessionBlockOutside, EachInstrumentHasItsOwnHoursAndLock) {
  TestEngine engine({per_instrument()});
  engine.now = instant("2026-07-14T15:00:00Z");
  EXPECT_TRUE(engine.step(position(es()).long_(1).at(engine.now)).empty());
  EXPECT_TRUE(engine.step(position(mnq()).long_(1).at(engine.now)).empty());
  engine.now = instant("2026-07-14T20:00:00Z");
  const auto end = engine.step(at(engine.now, TimeReached{}));
  EXPECT_EQ(asked(end), "close MNQ");
  EXPECT_EQ(end.lockouts_set.at(0).symbol, Root{"MNQ"});
  engine.now = instant("2026-07-14T21:30:00Z");
  const auto pause = engine.step(at(engine.now, TimeReached{}));
  EXPECT_EQ(asked(pause), "close ES");
  EXPECT_EQ(pause.lockouts_set.at(0).expires_at, instant("2026-07-14T22:00:00Z"));
}

TEST(SessionBlockOutside, AnOrderOutsideIsCancelledWithoutALock) {
  TestEngine engine({global()});
  engine.now = instant("2026-07-16T00:00:00Z");
  EXPECT_EQ(asked(engine.step(order(7).on(mnq()).buy(1).limit("20000").at(engine.now))), "cancel 7");
  EXPECT_FALSE(engine.state().lockouts.locked());
}

TEST(SessionBlockOutside, WhatWasHeldAtTheEndMayStayWhenToldSo) {
  TestEngine engine({global({{"close_positions_at_session_end", "false"}})});
  engine.on(position(mnq()).long_(1));
  engine.now = instant("2026-07-15T20:00:01Z");
  EXPECT_EQ(asked(engine.step(at(engine.now, TimeReached{}))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2))), "close MNQ");
}

TEST(SessionBlockOutside, OnlyCancelsWhenToldSo) {
  TestEngine engine({global({{"enforcement", "CANCEL_ORDER"}})});
  engine.now = instant("2026-07-16T00:00:00Z");
  engine.on(order(7).on(mnq()).buy(1).limit("20000"));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "");
}

TEST(SessionBlockOutside, RefusesHoursThatMeanNothing) {
  const auto refused = [](const Settings& hours) {
    const auto rule =
        with(block("session_block_outside", {}), "global_session", map_node("global_session", hours));
    return has_errors(TestEngine({rule}).problems);
  };
  EXPECT_TRUE(refused({{"start", "09:30"}, {"end", "09:30"}}));
  EXPECT_TRUE(refused({{"start", "Sun 09:30"}, {"end", "10:30"}}));
  EXPECT_TRUE(refused({{"timezone", "Chicago"}}));
  EXPECT_TRUE(refused({{"start", "25:00"}}));
  EXPECT_FALSE(refused({{"start", "17:00"}, {"end", "16:00"}}));
}

} // namespace
} // namespace bulkhead::testing
