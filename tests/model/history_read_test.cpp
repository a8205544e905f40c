// What is read from the gateway of days and times that nobody watched.

#include "tests/model/life.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(ReadingHistory, DaysReadFromTheGatewayGiveBackTheMarks) {
  Life life;
  life.balance("50300");
  const HistoryRead read{{{trading_day("2026-07-10"), std::nullopt, usd("-200"), {}, 2},
                          {trading_day("2026-07-13"), std::nullopt, usd("900"), {}, 4},
                          {trading_day("2026-07-14"), std::nullopt, usd("-400"), {}, 3}},
                         {}};
  life.happen(read);
  ASSERT_EQ(life.state.history.days.size(), 3u);
  EXPECT_EQ(life.state.history.days[2].balance, usd("50300"));
  EXPECT_EQ(life.state.history.days[1].balance, usd("50700"));
  EXPECT_EQ(life.state.history.days[0].balance, usd("49800"));
  EXPECT_EQ(life.state.history.high_balance, usd("50700"));
  EXPECT_EQ(period_profit(life.state).best(), usd("900"));
  life.happen(HistoryRead{});
  EXPECT_EQ(life.state.history.days.size(), 3u) << "what is known stays";
}

TEST(ReadingHistory, ThatNothingIsKnownIsNewsOnce) {
  Life life;
  life.balance("50000");
  const auto told = [&](HistoryRead read) { return model::apply(life.state, at(life.now, std::move(read))); };
  EXPECT_EQ(told({}), Applied::changed);
  EXPECT_EQ(told({}), Applied::unchanged);
  EXPECT_EQ(told({{PastDay{}}, {}}), Applied::changed);
  EXPECT_EQ(life.state.history.days.size(), 1u);
}

TEST(ReadingHistory, HighsOfTimesNobodyWatchedRaiseTheMarks) {
  Life life;
  life.balance("50000");
  life.earn("100");
  life.balance("50100");
  life.happen(HistoryRead{{}, EquityHighs{usd("700"), usd("400"), true}});
  EXPECT_EQ(life.state.history.high_equity, usd("50700"));
  EXPECT_EQ(life.state.history.high_result_today, usd("400"));
  life.happen(HistoryRead{{}, EquityHighs{usd("20"), usd("30"), true}});
  EXPECT_EQ(life.state.history.high_equity, usd("50700")) << "marks never fall";
}

TEST(ReadingHistory, AGapIsRememberedUntilItIsReadOrNothingWasTradedInIt) {
  Life life;
  life.balance("50000");
  life.happen(ConnectionLost{});
  const auto since = life.now;
  EXPECT_EQ(life.state.history.unwatched_from, since);
  life.now += std::chrono::minutes{1};
  life.happen(Restarted{});
  EXPECT_EQ(life.state.history.unwatched_from, since) << "the first gap is the longest";
  life.happen(HistoryRead{{}, EquityHighs{}});
  EXPECT_FALSE(life.state.history.unwatched_from);
  life.happen(ConnectionLost{});
  life.now += std::chrono::minutes{1};
  life.happen(Reconciled{});
  EXPECT_FALSE(life.state.history.unwatched_from) << "flat, and nothing has moved";
}

TEST(ReadingHistory, TheTradeAfterWhichTheGapBeganIsNoneOfTheGap) {
  Life life;
  life.balance("50000");
  life.earn("100"); // the last event
  life.now += std::chrono::minutes{1};
  life.happen(Restarted{});
  life.happen(Reconciled{});
  EXPECT_FALSE(life.state.history.unwatched_from);
  life.happen(ConnectionLost{});
  life.earn("100");
  life.happen(Reconciled{});
  EXPECT_TRUE(life.state.history.unwatched_from) << "this one is";
}

} // namespace
} // namespace bulkhead::testing
