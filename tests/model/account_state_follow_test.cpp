// What the state follows beside the book: peaks, equity, closes of ours, fills not yet seen in positions, bad
// input.

#include "model/account_state.hpp"
#include "model/trade_counter.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T18:00:00Z");

AccountState valued() {
  AccountState state;
  (void)apply(state, at(t0, learned(mnq(), "0.25", "0.50")));
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  return state;
}

TEST(Peaks, KeepTheBestOfEachWayOfPricing) {
  auto state = valued();
  (void)apply(state, quote(mnq()).last("21010").bid("21008").ask("21010").at(t0));
  (void)apply(state, quote(mnq()).last("21005").bid("21004").ask("21006").at(t0 + 1s));
  const auto& peaks = state.peaks.at(mnq());
  EXPECT_EQ(peaks.best_mark, px("21010"));
  EXPECT_EQ(peaks.last, usd("40"));
  EXPECT_EQ(peaks.exit_side, usd("32"));
  EXPECT_EQ(peaks.mid, usd("36"));
}

TEST(Peaks, BeginAnewWithTheEpochAndEndWithThePosition) {
  auto state = valued();
  (void)apply(state, quote(mnq()).last("21010").at(t0));
  (void)apply(state, position(mnq()).short_(2).average("21010").at(t0 + 1s));
  EXPECT_EQ(state.peaks.at(mnq()).last, usd("0"));
  (void)apply(state, position(mnq()).flat().at(t0 + 2s));
  EXPECT_TRUE(state.peaks.empty());
}

TEST(Equity, NeedsABalanceAndAMarkForEveryPosition) {
  auto state = valued();
  EXPECT_FALSE(equity(state));
  (void)apply(state, account().balance("50000").at(t0));
  EXPECT_FALSE(equity(state));
  (void)apply(state, quote(mnq()).last("21010").at(t0 + 5s));
  EXPECT_EQ(equity(state), usd("50040"));
  EXPECT_EQ(state.peak_equity, usd("50040"));
}

TEST(OrderFold, AnOrderWithoutAnyStampGetsOne) {
  AccountState state;
  const Order bare = order(7).limit("20000");
  EXPECT_EQ(apply(state, testing::at(t0, bare)), Applied::changed);
  EXPECT_EQ(state.orders.at(OrderId{7}).order.updated, t0);
  EXPECT_EQ(apply(state, testing::at(t0 + 1s, bare)), Applied::unchanged);
  Order ended = bare;
  ended.status = OrderStatus::cancelled;
  EXPECT_EQ(apply(state, testing::at(t0 + 2s, ended)), Applied::changed);
  EXPECT_TRUE(state.orders.empty());
}

TEST(BadInput, IsCountedAndDoesNoHarm) {
  auto state = valued();
  (void)apply(state, fill(1).sell(-1).pnl("-9999").at(t0));
  (void)apply(state, fill(2).sell(1).pnl("-9000000000").at(t0));
  EXPECT_EQ(state.ledger.net(), Money{});
  EXPECT_EQ(state.irregular.refused_fills, 2u);
  (void)apply(state, order(7).buy(-3).limit("1").at(t0));
  EXPECT_EQ(state.orders.at(OrderId{7}).order.size, 0);
  EXPECT_EQ(state.irregular.odd_orders, 1u);
  EXPECT_EQ(apply(state, position(mnq()).long_(2'000'000'000).at(t0)), Applied::refused);
  (void)apply(state, position(mnq()).long_(2).average("-1").at(t0));
  EXPECT_EQ(state.positions.at(mnq()).average_price, px("21000"));
  EXPECT_EQ(state.irregular.odd_averages, 1u);
  (void)apply(state, position(ContractId{"what"}).long_(1).at(t0));
  EXPECT_EQ(state.irregular.unknown_contracts, 1u);
  (void)apply(state, quote(mnq()).last("21000.10").at(t0));
  EXPECT_EQ(state.irregular.off_grid_quotes, 1u);
  EXPECT_EQ(state.quotes.at(mnq()).last, px("21000.10")) << "used all the same";
}

TEST(UnseenFills, AreExpectedUntilThePositionCatchesUp) {
  auto state = valued();
  (void)apply(state, fill(1).buy(1).at(t0 + 10s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s), 3);
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 13s), 2) << "it will not come any more";
  (void)apply(state, position(mnq()).long_(3).at(t0 + 11s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 11s), 3);
}

TEST(UnseenFills, ThePositionMayComeFirst) {
  auto state = valued();
  (void)apply(state, position(mnq()).long_(3).at(t0 + 10s));
  (void)apply(state, fill(1).buy(1).at(t0 + 10s + 5ms));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s + 5ms), 3);
}

TEST(UnseenFills, APositionAheadOfItsFillIsBelieved) {
  auto state = valued();
  (void)apply(state, position(mnq()).long_(1).at(t0 + 10s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s), 1);
  (void)apply(state, fill(1).sell(1).at(t0 + 10s + 5ms));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s + 5ms), 1);
  (void)apply(state, fill(2).buy(1).at(t0 + 10s + 6ms));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s + 6ms), 2);
}

TEST(UnseenFills, PiecesAreExpectedUntilTheLastIsHeld) {
  auto state = valued();
  (void)apply(state, fill(1).buy(1).at(t0 + 10s));
  (void)apply(state, fill(2).buy(1).at(t0 + 10s));
  (void)apply(state, position(mnq()).long_(3).at(t0 + 10s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s), 4);
  (void)apply(state, position(mnq()).long_(5).at(t0 + 10s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s), 5);
  (void)apply(state, fill(3).buy(2).at(t0 + 10s));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s), 6) << "one of the two was held already";
}

TEST(UnseenFills, WhatWasExecutedBeforeAReadTheReadHasSeen) {
  auto state = valued();
  (void)apply(state, read(t0 + 10s).has(position(mnq()).long_(3)).at(t0 + 10s + 100ms));
  (void)apply(state, fill(1).buy(1).executed(t0 + 9s).at(t0 + 10s + 200ms));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s + 200ms), 3);
  (void)apply(state, fill(2).buy(1).executed(t0 + 10s).at(t0 + 10s + 300ms));
  EXPECT_EQ(state.expected_quantity(mnq(), t0 + 10s + 300ms), 4);
}

TEST(TradeCounter, FillsThatReduceDuringACloseOfOursAreOurs) {
  auto state = valued();
  state.pending_closes[mnq()] = {};
  follow_closes(state, t0 + 10s);
  const auto sold = [&](Instant when) { return is_enforced(state, Fill(fill(1).sell(1).executed(when))); };
  EXPECT_TRUE(sold(t0 + 8s));
  EXPECT_FALSE(sold(t0 + 8s - 1ms));
  EXPECT_FALSE(is_enforced(state, Fill(fill(1).buy(1).executed(t0 + 10s))));
  state.pending_closes.clear();
  follow_closes(state, t0 + 20s);
  EXPECT_TRUE(sold(t0 + 22s));
  EXPECT_FALSE(sold(t0 + 22s + 1ms));
}

TEST(TradeCounter, ClosesUnderWayStandBehindThoseThatAreOver) {
  auto state = valued();
  const ContractId a{"A"}, b{"B"}, c{"C"};
  const auto contracts = [&] {
    std::vector<ContractId> out;
    for (const auto& span : state.closes) out.push_back(span.contract);
    return out;
  };
  state.pending_closes[a] = {};
  follow_closes(state, t0);
  state.pending_closes[b] = {};
  follow_closes(state, t0 + 1s);
  state.pending_closes.erase(b);
  state.pending_closes[c] = {};
  follow_closes(state, t0 + 2s);
  EXPECT_EQ(contracts(), (std::vector{b, a, c}));
  EXPECT_EQ(state.closes.front().to, t0 + 2s);
  follow_closes(state, t0 + 3s);
  EXPECT_EQ(state.closes.size(), 3U);
  state.pending_closes.clear();
  follow_closes(state, t0 + 4s);
  for (const auto& span : state.closes) EXPECT_EQ(span.to, span.contract == b ? t0 + 2s : t0 + 4s);
}

TEST(TradeCounter, FillsComeInTheOrderOfTheirExecutionWithoutVoidedOnes) {
  AccountState state;
  (void)apply(state, fill(1).executed(t0 + 2s).at(t0));
  (void)apply(state, fill(2).executed(t0 + 1s).at(t0));
  (void)apply(state, fill(3).executed(t0 + 3s).voided().at(t0));
  const auto fills = fills_in_order(state);
  ASSERT_EQ(fills.size(), 2u);
  EXPECT_EQ(fills[0]->id, FillId{2});
}

TEST(QuoteGap, IsTheFirstMarkAfterAnOutageAgainstTheLastBefore) {
  Quote q;
  (void)q.merge(quote(mnq()).last("100").bid("99").ask("101"), t0);
  (void)q.merge(quote(mnq()).bid("104"), t0 + 61s); // crossed with the old ask: refused
  (void)q.merge(quote(mnq()).ask("106"), t0 + 61s);
  EXPECT_EQ(q.before_gap, px("100"));
  EXPECT_FALSE(q.after_gap) << "one side is no mark";
  (void)q.merge(quote(mnq()).last("105"), t0 + 62s);
  EXPECT_EQ(q.after_gap, px("105"));
  EXPECT_EQ(q.gap_at, t0 + 62s);
}

} // namespace
} // namespace bulkhead::model
