// Days, high-water marks and withdrawals.

#include "tests/model/life.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
using Kind = BalanceAdjusted::Kind;

TEST(AccountHistory, TheFirstBalanceTellsWhatTheDayBeganWith) {
  Life life;
  life.earn("250");
  life.balance("50250");
  EXPECT_EQ(life.state.history.opening, usd("50000"));
  EXPECT_EQ(life.state.history.high_balance, usd("50000")) << "today's profit is no end of a day";
}

TEST(AccountHistory, AFinishedDayIsKeptWithItsBalance) {
  Life life;
  life.balance("50000");
  life.earn("500");
  life.balance("50500");
  life.next_day();
  ASSERT_EQ(life.state.history.days.size(), 1u);
  const PastDay day = life.state.history.days.front();
  EXPECT_EQ(day.day, trading_day("2026-07-15"));
  EXPECT_EQ(day.balance, usd("50500"));
  EXPECT_EQ(day.net, usd("500"));
  EXPECT_EQ(day.fills, 1u);
  life.earn("-400");
  life.balance("50100");
  life.next_day();
  EXPECT_EQ(life.state.history.high_balance, usd("50500"));
  EXPECT_EQ(life.state.history.opening, usd("50100"));
}

TEST(AccountHistory, DaysWithoutAnythingAreNotListed) {
  Life life;
  life.balance("50000");
  life.next_day();
  life.next_day();
  life.next_day();
  EXPECT_TRUE(life.state.history.days.empty());
  EXPECT_EQ(life.state.history.opening, usd("50000"));
}

TEST(AccountHistory, ADayThatEndedUnobservedIsSettledByTheNextRead) {
  Life life;
  life.balance("50000");
  life.earn("100");
  life.balance("50100");
  life.happen(Restarted{});
  life.next_day();
  EXPECT_FALSE(life.state.history.opening_settled);
  // 300 more were earned while nobody looked, and 40 today.
  life.happen(Reconciled(read(life.now)
                             .has(account().balance("50440"))
                             .has(Fill(fill(77).sell(1).pnl("40").executed(life.now + 1s)))));
  EXPECT_EQ(life.state.history.opening, usd("50400"));
  ASSERT_EQ(life.state.history.days.size(), 1u);
  EXPECT_EQ(life.state.history.days[0].net, usd("400"));
  EXPECT_EQ(life.state.history.high_balance, usd("50400"));
}

TEST(AccountHistory, OldDaysLeaveTheListButNotTheSums) {
  Life life;
  life.balance("0");
  Money sum;
  for (int i = 1; i <= 300; ++i) {
    life.earn(std::to_string(i == 7 ? 5000 : i));
    sum += life.state.ledger.net();
    life.balance(to_string(sum));
    life.next_day();
  }
  EXPECT_EQ(life.state.history.days.size(), AccountHistory::days_kept);
  EXPECT_EQ(period_profit(life.state).total(), sum);
  EXPECT_EQ(period_profit(life.state).best(), usd("5000"));
}

TEST(AccountHistory, APayoutBeginsAPeriodAndLowersNoMark) {
  Life life;
  life.balance("50000");
  life.earn("2000");
  life.balance("52000");
  life.next_day();
  life.balance("50500");
  life.happen(BalanceAdjusted{Kind::payout, usd("1500")});
  life.earn("300");
  life.balance("50800");
  EXPECT_EQ(period_profit(life.state).total(), usd("300"));
  life.next_day();
  EXPECT_EQ(life.state.history.opening, usd("50800"));
  EXPECT_EQ(life.state.history.high_balance, usd("52000"));
  EXPECT_EQ(life.state.history.high_equity, usd("52000"));
  EXPECT_EQ(life.state.peak_equity, usd("50800")) << "a withdrawal is no drawdown";
  EXPECT_EQ(life.state.history.payouts, 1u);
  EXPECT_EQ(life.state.history.days.back().net, usd("300"));
  EXPECT_EQ(period_profit(life.state).total(), usd("300"));
}

TEST(AccountHistory, APayoutToldBeforeItShowsCountsOnce) {
  Life life;
  life.balance("52000");
  life.happen(BalanceAdjusted{Kind::payout, usd("1500")});
  EXPECT_EQ(life.state.history.awaited, usd("-1500"));
  EXPECT_EQ(life.state.peak_equity, usd("50500"));
  life.balance("52000"); // told of once more, still without it
  EXPECT_EQ(life.state.peak_equity, usd("50500")) << "the money is as good as gone";
  life.next_day();
  EXPECT_EQ(life.state.history.opening, usd("52000"));
  life.balance("50500");
  EXPECT_EQ(life.state.history.awaited, usd("0"));
  EXPECT_EQ(life.state.history.adjusted_today, usd("-1500"));
  EXPECT_EQ(life.state.peak_equity, usd("50500"));
  life.earn("100");
  life.balance("50600");
  life.next_day();
  EXPECT_EQ(life.state.history.days.back().net, usd("100"));
  EXPECT_EQ(life.state.history.days.back().adjusted, usd("-1500"));
  EXPECT_EQ(life.state.history.high_balance, usd("52000")) << "the firm lowers no mark";
}

TEST(AccountHistory, APayoutThatShowedYesterdayIsAwaitedNoMore) {
  Life life;
  life.balance("50000");
  life.earn("2000");
  life.balance("52000");
  life.next_day();
  life.earn("10");
  life.balance("50510"); // 1500 are gone
  life.next_day();
  life.happen(BalanceAdjusted{Kind::payout, usd("1500")});
  EXPECT_EQ(life.state.history.awaited, usd("0"));
  EXPECT_EQ(life.state.history.days.back().adjusted, usd("-1500"));
  EXPECT_EQ(life.state.history.payouts, 1u);
}

TEST(AccountHistory, APayoutThatShowedWhileNobodyLookedIsNoLossOfThatDay) {
  Life life;
  life.balance("52000");
  life.earn("100");
  life.balance("52100");
  life.happen(BalanceAdjusted{Kind::payout, usd("1500")});
  life.happen(Restarted{});
  life.next_day();
  life.happen(Reconciled(read(life.now).has(account().balance("50600"))));
  EXPECT_EQ(life.state.history.awaited, usd("0"));
  ASSERT_EQ(life.state.history.days.size(), 1u);
  EXPECT_EQ(life.state.history.days[0].net, usd("100"));
  EXPECT_EQ(life.state.history.days[0].adjusted, usd("-1500"));
}

TEST(AccountHistory, APayoutThatNeverShowsIsGivenUpAfterAWeek) {
  Life life;
  life.balance("52000");
  life.happen(BalanceAdjusted{Kind::payout, usd("1500")});
  for (int day = 0; day < 7; ++day) life.next_day();
  EXPECT_EQ(life.state.history.awaited, usd("-1500"));
  life.next_day();
  EXPECT_EQ(life.state.history.awaited, usd("0"));
}

TEST(AccountHistory, ARestartByTheFirmEndsAllHistory) {
  Life life;
  life.balance("50000");
  life.earn("-2000");
  life.balance("48000");
  life.next_day();
  life.earn("-10");
  life.balance("50000");
  life.happen(BalanceAdjusted{Kind::restart, {}});
  EXPECT_TRUE(life.state.history.days.empty());
  EXPECT_EQ(life.state.history.opening, usd("50000"));
  EXPECT_EQ(life.state.history.high_balance, usd("50000"));
  life.happen(HistoryRead{{{trading_day("2026-07-13"), std::nullopt, usd("-3000"), {}, 4}}, {}});
  EXPECT_EQ(life.state.history.high_balance, usd("50000")) << "of the account as it was";
}

TEST(AccountHistory, TheHighCountsInTheMomentInWhichItIsSettled) {
  Life life;
  life.balance("50000");
  life.happen(PositionUpdate(position(mnq()).long_(2).average("21000")));
  life.happen(Fill(fill(1).buy(1).price("21000").executed(life.now)));
  life.happen(QuoteUpdate(quote(mnq()).last("21100")));
  EXPECT_EQ(life.state.history.high_equity, usd("50000")) << "of one contract only the position tells";
  life.apply(life.state, at(life.state.book_changed_at + 2s, TimeReached{}));
  EXPECT_EQ(life.state.history.high_equity, usd("50400"));
}

TEST(AccountHistory, TheHighOfTheDayCountsOpenProfitButNoHalfToldTrade) {
  Life life;
  life.balance("50000");
  life.happen(PositionUpdate(position(mnq()).long_(2).average("21000")));
  life.happen(Fill(fill(1).buy(2).price("21000").executed(life.now)));
  life.happen(QuoteUpdate(quote(mnq()).last("21100")));
  EXPECT_EQ(life.state.history.high_result_today, usd("400"));
  EXPECT_EQ(life.state.history.high_realized_today, usd("0"));
  // The fill comes before the position update: 400 must not count twice.
  life.happen(Fill(fill(2).sell(2).pnl("400").executed(life.now)));
  EXPECT_EQ(life.state.history.high_result_today, usd("400"));
  EXPECT_FALSE(sure_day_result(life.state, life.now));
  EXPECT_FALSE(sure_equity(life.state, life.now));
  life.happen(PositionUpdate(position(mnq()).flat()));
  EXPECT_EQ(sure_day_result(life.state, life.now), usd("400"));
  EXPECT_EQ(sure_equity(life.state, life.now), usd("50400")) << "before the balance has been told";
  EXPECT_EQ(life.state.history.high_equity, usd("50400"));
  life.next_day();
  EXPECT_EQ(life.state.history.high_result_today, usd("0"));
}

TEST(AccountHistory, WhatWasEarnedUnobservedIsNoLossBeforeTheBalanceHasSettled) {
  Life life;
  life.balance("50000");
  life.happen(PositionUpdate(position(mnq()).long_(1).average("21000")));
  life.happen(Fill(fill(50).buy(1).price("21000").executed(life.now)));
  life.happen(QuoteUpdate(quote(mnq()).last("21000")));
  EXPECT_EQ(sure_equity(life.state, life.now), usd("50000"));
  life.happen(Restarted{});
  life.next_day();
  life.happen(Reconciled(read(life.now)
                             .has(account().balance("53000"))
                             .has(PositionUpdate(position(mnq()).long_(1).average("21000")))));
  life.happen(QuoteUpdate(quote(mnq()).last("21000")));
  EXPECT_NE(sure_equity(life.state, life.now), usd("50000"));
  EXPECT_EQ(sure_equity(life.state, life.now + 3s), usd("53000"));
}

TEST(RecentMoves, TellTheMeanRangeOfAMinute) {
  RecentMoves moves;
  const Instant start = instant("2026-07-15T18:00:00Z");
  moves.add(px("100"), start);
  moves.add(px("103"), start + 30s);
  EXPECT_FALSE(moves.range_of_a_minute());
  moves.add(px("104"), start + 70s);
  EXPECT_EQ(moves.range_of_a_minute(), px("2")) << "3 and, from the last price, 1";
  for (int i = 2; i < 60; ++i) moves.add(px("104"), start + i * 1min);
  EXPECT_EQ(moves.minutes().size(), 16u);
  EXPECT_EQ(moves.range_of_a_minute(), px("0"));
}

} // namespace
} // namespace bulkhead::testing
