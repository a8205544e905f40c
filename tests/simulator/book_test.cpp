// Profit, fees, averages and the order of events: the arithmetic of the simulated venue.
#include "simulator/book.hpp"
#include "tests/simulator/book_builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::simulator {
namespace {

using namespace test_words;
using model::Side;

TEST(Book, RealizesExactProfitOnEveryContract) {
  struct Case {
    const char* contract;
    const char* entry;
    const char* exit;
    std::int32_t quantity; // signed
    const char* pnl;
  };
  const Case cases[] = {
      {"CON.F.US.MNQ.U26", "21000.25", "21003.5", 1, "6.5"},
      {"CON.F.US.MNQ.U26", "21000.25", "21003.5", -1, "-6.5"},
      {"CON.F.US.ENQ.U26", "21000.25", "20999", 3, "-75"},
      {"CON.F.US.EP.U26", "6000.5", "6010.25", -2, "-975"},
      {"CON.F.US.MES.U26", "6000.5", "5990.5", -4, "200"},
      {"CON.F.US.M2K.U26", "2200.5", "2201.1", 10, "30"},
      {"CON.F.US.CLE.U26", "72.35", "72.36", 1, "10"},
      {"CON.F.US.GCE.Z26", "2650.4", "2649.9", 7, "-350"},
      {"CON.F.US.JY6.U26", "0.0066505", "0.006651", 5, "31.25"},
      {"CON.F.US.JY6.U26", "0.0066505", "0.006651", -5, "-31.25"},
  };
  for (const auto& c : cases) {
    Book book = book_with_account(BookOptions{money("0.25"), money("0.12"), false});
    const auto in = c.quantity > 0 ? Side::buy : Side::sell;
    const auto out = c.quantity > 0 ? Side::sell : Side::buy;
    const auto size = std::abs(c.quantity);
    ASSERT_TRUE(book.trade({account, contract(c.contract), in, size, price(c.entry), {}, {}}, now));
    ASSERT_TRUE(book.trade({account, contract(c.contract), out, size, price(c.exit), {}, {}}, now));
    const auto fills = book.fills(account);
    ASSERT_EQ(fills.size(), 2U) << c.contract;
    EXPECT_FALSE(fills[0].pnl) << "an opening fill realizes nothing";
    EXPECT_EQ(fills[1].pnl, money(c.pnl)) << c.contract << " " << c.exit;
    const auto costs = 2 * size * money("0.37").micros;
    EXPECT_EQ(book.account(account)->balance.micros, money("50000").micros + money(c.pnl).micros - costs);
    EXPECT_TRUE(book.positions(account).empty());
  }
}

TEST(Book, MarketBuysAtTheAskAndSellsAtTheBid) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_quote({mnq, price("21000"), price("20999.75"), price("21000.5"), {}, {}}, now));
  book.place(market(Side::buy, 1), now);
  book.place(market(Side::sell, 1), now);
  const auto fills = book.fills(account);
  ASSERT_EQ(fills.size(), 2U);
  EXPECT_EQ(fills[0].price, price("21000.5"));
  EXPECT_EQ(fills[1].price, price("20999.75"));
  EXPECT_EQ(fills[1].pnl, money("-1.5"));
}

TEST(Book, AveragesOnScaleInAndKeepsTheAverageOnPartialClose) {
  Book book = book_with_account();
  ASSERT_TRUE(book.trade({account, mnq, Side::buy, 1, price("21000"), {}, {}}, now));
  ASSERT_TRUE(book.trade({account, mnq, Side::buy, 2, price("21000.25"), {}, {}}, now));
  EXPECT_EQ(book.positions(account).at(0).average_price, price("21000.166666667"));
  ASSERT_TRUE(book.trade({account, mnq, Side::sell, 1, price("21001"), {}, {}}, now));
  EXPECT_EQ(book.positions(account).at(0).average_price, price("21000.166666667"));
  EXPECT_EQ(book.quantity(account, mnq), 2);
  EXPECT_EQ(book.fills(account).back().pnl, money("1.666667")); // 0.833333333 points at $2
}

TEST(Book, AFlipGivesTwoFillRowsOfOneOrderAndAFreshPosition) {
  Book book = book_with_account();
  ASSERT_TRUE(book.trade({account, mnq, Side::buy, 2, price("21000"), {}, {}}, now));
  const auto old = book.positions(account).at(0);
  const auto changes = book.trade({account, mnq, Side::sell, 5, price("20990"), {}, {}}, now);
  ASSERT_TRUE(changes);
  EXPECT_EQ(kinds(*changes), "order6 order2 fill fill position-3 account");
  const auto fills = book.fills(account);
  ASSERT_EQ(fills.size(), 3U);
  EXPECT_EQ(fills[1].size, 2);
  EXPECT_EQ(fills[1].pnl, money("-40"));
  EXPECT_EQ(fills[2].size, 3);
  EXPECT_FALSE(fills[2].pnl);
  EXPECT_EQ(fills[1].order, fills[2].order);
  const auto flipped = book.positions(account).at(0);
  EXPECT_EQ(flipped.quantity, -3);
  EXPECT_EQ(flipped.average_price, price("20990"));
  EXPECT_NE(flipped.id, old.id);
}

TEST(Book, TellsOfAFillInTheGatewaysOrder) {
  Book book = book_with_account();
  EXPECT_EQ(kinds(book.place(market(Side::sell, 2), now).changes), "order6 order2 fill position-2 account");
  EXPECT_EQ(kinds(book.close_contract(account, mnq, now).changes), "order6 order2 fill position0 account");
}

TEST(Book, AClosedPositionStillShowsItsEntryAverage) {
  Book book = book_with_account();
  ASSERT_TRUE(book.trade({account, mnq, Side::buy, 1, price("21000"), {}, {}}, now));
  const auto closed = book.close_contract(account, mnq, now);
  ASSERT_EQ(kinds(closed.changes), "order6 order2 fill position0 account");
  EXPECT_EQ(std::get<PositionRow>(closed.changes[3]).average_price, price("21000"));
}

TEST(Book, AScriptedProfitAndFeeReplaceTheComputedOnes) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 1, now));
  const auto before = book.account(account)->balance;
  ASSERT_TRUE(book.trade({account, mnq, Side::sell, 1, {}, money("-500"), money("1.1")}, now));
  EXPECT_EQ(book.fills(account).back().pnl, money("-500"));
  EXPECT_EQ(book.account(account)->balance.micros - before.micros, money("-501.1").micros);
}

TEST(Book, SetPositionTradesTheDifferenceOnly) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 3, now));
  ASSERT_TRUE(book.set_position(account, mnq, 5, now));
  EXPECT_EQ(book.fills(account).back().size, 2);
  ASSERT_TRUE(book.set_position(account, mnq, -1, now));
  EXPECT_EQ(book.quantity(account, mnq), -1);
  const auto unchanged = book.set_position(account, mnq, -1, now);
  ASSERT_TRUE(unchanged);
  EXPECT_TRUE(unchanged->empty());
  EXPECT_EQ(book.set_position(model::AccountId{9}, mnq, 1, now).error().code(), model::Errc::not_found);
}

TEST(Book, StampsAndIdsStrictlyIncrease) {
  Book book = book_with_account();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(book.set_position(account, mnq, i % 2 == 0 ? 1 : 0, now));
  const auto fills = book.fills(account);
  ASSERT_EQ(fills.size(), 5U);
  for (std::size_t i = 1; i < fills.size(); ++i) {
    EXPECT_GT(fills[i].executed_at, fills[i - 1].executed_at);
    EXPECT_GT(fills[i].id, fills[i - 1].id);
    EXPECT_GT(fills[i].order, fills[i - 1].order);
  }
  EXPECT_GT(fills[0].order.value, 3'300'000'000);
}

TEST(Book, TheFirmsLiquidationLeavesNothingAndTakesTheRightToTrade) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 2, now));
  ASSERT_TRUE(book.set_position(account, contract("CON.F.US.EP.U26"), -1, now));
  book.place(stop(Side::sell, 2, "20900"), now);
  ASSERT_TRUE(book.liquidate(account, now));
  EXPECT_TRUE(book.positions(account).empty());
  for (const auto& row : book.orders(account)) EXPECT_FALSE(row.order.live());
  EXPECT_FALSE(book.account(account)->can_trade);
  EXPECT_EQ(book.place(market(Side::buy, 1), now).code, 4);
}

TEST(Book, RefusesAQuoteThatCannotBe) {
  Book book = book_with_account();
  EXPECT_FALSE(book.set_quote({mnq, {}, price("21001"), price("21000"), {}, {}}, now));
  EXPECT_FALSE(book.set_quote({contract("CON.F.US.NONE.U26"), price("1"), {}, {}, {}, {}}, now));
  EXPECT_EQ(book.quote(mnq)->bid, price("21000.25"));
}

} // namespace
} // namespace bulkhead::simulator
