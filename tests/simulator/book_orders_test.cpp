// Acceptance, refusal, matching, brackets and cancelling in the simulated venue.
#include "simulator/book.hpp"
#include "tests/simulator/book_builders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::simulator {
namespace {

using namespace test_words;
using model::OrderStatus;
using model::OrderType;
using model::Side;
using ::testing::HasSubstr;

PlaceRequest bracketed(Side side, std::int32_t stop_loss, std::int32_t take_profit) {
  auto out = market(side, 1);
  out.custom_tag = "x";
  out.stop_loss = Bracket{stop_loss, OrderType::stop};
  out.take_profit = Bracket{take_profit, OrderType::limit};
  return out;
}

TEST(BookOrders, ARejectedOrderIsRecordedAndTold) {
  Book book = book_with_account();
  const auto outcome = book.place(stop(Side::sell, 1, "20999.9"), now);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.text, "Invalid stop price. Price is not aligned to tick size.");
  ASSERT_TRUE(outcome.order);
  EXPECT_EQ(order(book, *outcome.order).order.status, OrderStatus::rejected);
  EXPECT_EQ(kinds(outcome.changes), "order5");
}

TEST(BookOrders, RefusesWithTheGatewaysCodesAndTexts) {
  struct Case {
    PlaceRequest request;
    int code;
    const char* text;
  };
  auto wrong_side = stop(Side::sell, 1, "21000.25"); // at the market
  auto stop_limit = stop(Side::sell, 1, "20900");
  stop_limit.type = OrderType::stop_limit;
  auto rolled = market(Side::buy, 1);
  rolled.contract = contract("CON.F.US.MNQ.M26");
  auto unknown = market(Side::buy, 1);
  unknown.contract = contract("CON.F.US.XYZ.U26");
  auto stranger = market(Side::buy, 1);
  stranger.account = model::AccountId{7};
  auto limit_stop = bracketed(Side::buy, -40, 80);
  limit_stop.stop_loss->type = OrderType::limit;
  auto no_trail = market(Side::sell, 1);
  no_trail.type = OrderType::trailing_stop;
  const Case cases[] = {
      {wrong_side, 2, "Invalid price. Price is outside allowed range."},
      {stop_limit, 2, "Invalid order type."},
      {market(Side::buy, 0), 2, "Invalid order size."},
      {rolled, 9, nullptr},
      {unknown, 8, nullptr},
      {stranger, 1, nullptr},
      {bracketed(Side::buy, 40, 80), 2,
       "Invalid stop loss ticks (40). Ticks should be less than zero when longing."},
      {bracketed(Side::sell, 40, 30), 2,
       "Invalid take profit ticks (30). Ticks should be less than zero when going short."},
      {bracketed(Side::sell, -50, -30), 2,
       "Invalid stop loss ticks (-50). Stop loss tick value should be at least 4 ticks."},
      {bracketed(Side::buy, -3, 80), 2,
       "Invalid stop loss ticks (-3). Stop loss tick value should be at least 4 ticks."},
      {limit_stop, 2, "Invalid stop loss type (Limit)"},
      {no_trail, 2, "Trail Distance not set."},
  };
  for (const auto& c : cases) {
    Book book = book_with_account();
    const auto outcome = book.place(c.request, now);
    EXPECT_EQ(outcome.code, c.code) << (c.text ? c.text : "");
    EXPECT_EQ(outcome.text, c.text ? std::optional<std::string>(c.text) : std::nullopt);
    EXPECT_EQ(outcome.order.has_value(), c.code == 2);
    EXPECT_TRUE(book.positions(account).empty());
  }
}

TEST(BookOrders, PositionBracketsModeRefusesBrackets) {
  Book book = book_with_account();
  AccountPatch patch;
  patch.auto_oco = false;
  ASSERT_TRUE(book.set_account(account, patch));
  EXPECT_EQ(book.place(bracketed(Side::buy, -40, 80), now).text,
            "Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.");
}

TEST(BookOrders, AClosedMarketRefusesOrdersAndCloses) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 2, now));
  book.set_market_open(false);
  EXPECT_EQ(book.place(market(Side::sell, 1), now).text,
            "Trading is currently unavailable. The instrument is not in an active trading status.");
  EXPECT_EQ(book.close_contract(account, mnq, now).code, 5);
  EXPECT_EQ(book.partial_close(account, mnq, 1, now).code, 6);
  EXPECT_EQ(book.quantity(account, mnq), 2);
}

TEST(BookOrders, ATagCanBeUsedOnceForEver) {
  Book book = book_with_account();
  auto tagged = market(Side::buy, 1);
  tagged.custom_tag = "flt-1";
  EXPECT_TRUE(book.place(tagged, now).success());
  const auto again = book.place(tagged, now);
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.text.value_or(""), HasSubstr("custom tag already in use"));
}

TEST(BookOrders, ALimitRestsUntilTouched) {
  Book book = book_with_account();
  const auto placed = book.place(limit(Side::buy, 1, "20990"), now);
  EXPECT_EQ(kinds(placed.changes), "order1");
  ASSERT_TRUE(book.set_quote({mnq, price("20991"), {}, {}, {}, {}}, now));
  EXPECT_EQ(book.quantity(account, mnq), 0);
  const auto touched = book.set_quote({mnq, price("20989.75"), {}, {}, {}, {}}, now);
  EXPECT_EQ(kinds(*touched), "quote order2 fill position1 account");
}

TEST(BookOrders, ALimitThroughTheMarketFillsAtOnce) {
  Book book = book_with_account();
  EXPECT_EQ(kinds(book.place(limit(Side::buy, 1, "21100"), now).changes),
            "order6 order2 fill position1 account");
  EXPECT_EQ(book.fills(account).at(0).price, price("21000.5"));
}

TEST(BookOrders, AnOrphanStopReopensAPositionAfterTheClose) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 1, now));
  book.place(stop(Side::sell, 1, "20990"), now);
  EXPECT_TRUE(book.close_contract(account, mnq, now).success());
  ASSERT_TRUE(book.set_quote({mnq, price("20980"), {}, {}, {}, {}}, now));
  EXPECT_EQ(book.quantity(account, mnq), -1);

  Book tidy = book_with_account({{}, {}, true});
  ASSERT_TRUE(tidy.set_position(account, mnq, 1, now));
  tidy.place(stop(Side::sell, 1, "20990"), now);
  EXPECT_TRUE(tidy.close_contract(account, mnq, now).success());
  ASSERT_TRUE(tidy.set_quote({mnq, price("20980"), {}, {}, {}, {}}, now));
  EXPECT_EQ(tidy.quantity(account, mnq), 0);
}

TEST(BookOrders, ATrailingStopFollowsAndNeverGoesBack) {
  Book book = book_with_account();
  ASSERT_TRUE(book.set_position(account, mnq, 1, now));
  auto trailing = market(Side::sell, 1);
  trailing.type = OrderType::trailing_stop;
  trailing.trail_price = price("20990.25"); // 40 ticks under the last price
  const auto placed = book.place(trailing, now);
  ASSERT_TRUE(placed.success());
  EXPECT_EQ(order(book, *placed.order).trail_distance, 40);
  EXPECT_EQ(order(book, *placed.order).order.trail_price, price("10"));
  ASSERT_TRUE(book.set_quote({mnq, price("21020"), {}, {}, {}, {}}, now));
  ASSERT_TRUE(book.set_quote({mnq, price("21010.25"), {}, {}, {}, {}}, now));
  EXPECT_EQ(book.quantity(account, mnq), 1);
  ASSERT_TRUE(book.set_quote({mnq, price("21010"), {}, {}, {}, {}}, now));
  EXPECT_EQ(book.quantity(account, mnq), 0);
}

TEST(BookOrders, BracketsLiveAsSeenOnTheWire) {
  Book book = book_with_account();
  const auto placed = book.place(bracketed(Side::sell, 101, -99), now);
  EXPECT_EQ(kinds(placed.changes), "order8 order6 order8 order2 fill position-1 account order1 order1");
  const auto stop_loss = order(book, model::OrderId{placed.order->value + 1});
  const auto take_profit = order(book, model::OrderId{placed.order->value + 2});
  EXPECT_EQ(stop_loss.order.custom_tag, "x-SL");
  EXPECT_EQ(stop_loss.order.parent, placed.order);
  EXPECT_EQ(stop_loss.order.stop_price, price("21025.5")); // sold at 21000.25
  EXPECT_EQ(stop_loss.order.trail_price, price("25.25"));
  EXPECT_EQ(take_profit.linked, stop_loss.order.id);
  EXPECT_EQ(take_profit.order.limit_price, price("20975.5"));
  const auto hit = book.set_quote({mnq, price("20970"), {}, {}, {}, {}}, now);
  EXPECT_EQ(kinds(*hit), "quote order2 fill position0 account order3");
  EXPECT_EQ(order(book, stop_loss.order.id).order.status, OrderStatus::cancelled);
}

TEST(BookOrders, ChildrenWaitSuspendedAndGoWithTheirEntry) {
  Book book = book_with_account();
  auto entry = bracketed(Side::buy, -40, 80);
  entry.type = OrderType::limit;
  entry.limit_price = price("20990");
  const auto placed = book.place(entry, now);
  EXPECT_EQ(kinds(placed.changes), "order8 order1 order8");
  EXPECT_EQ(kinds(book.cancel(account, *placed.order, now).changes), "order3 order3 order3");
}

TEST(BookOrders, CancelAnswersAsTheGatewayDoes) {
  Book book = book_with_account();
  const auto id = *book.place(limit(Side::buy, 1, "20990"), now).order;
  EXPECT_EQ(book.cancel(model::AccountId{7}, id, now).code, 1);
  EXPECT_EQ(book.cancel(account, model::OrderId{1}, now).code, 2);
  AccountPatch live;
  live.simulated = false;
  ASSERT_TRUE(book.set_account(account, live));
  EXPECT_EQ(book.cancel(account, id, now).text, "Live accounts not supported");
  live.simulated = true;
  ASSERT_TRUE(book.set_account(account, live));
  EXPECT_TRUE(book.cancel(account, id, now).success());
  EXPECT_EQ(book.cancel(account, id, now).code, 5) << "an ended order";
}

TEST(BookOrders, ClosesAnswerAsTheGatewayDoes) {
  Book book = book_with_account();
  EXPECT_EQ(book.close_contract(account, mnq, now).code, 2);
  EXPECT_EQ(book.close_contract(account, contract("x"), now).code, 3);
  EXPECT_EQ(book.partial_close(account, mnq, 1, now).code, 2);
  ASSERT_TRUE(book.set_position(account, mnq, 3, now));
  EXPECT_EQ(book.partial_close(account, mnq, 4, now).code, 5);
  EXPECT_EQ(book.partial_close(account, mnq, 0, now).code, 5);
  EXPECT_TRUE(book.partial_close(account, mnq, 2, now).success());
  EXPECT_EQ(book.quantity(account, mnq), 1);
  AccountPatch live;
  live.simulated = false;
  ASSERT_TRUE(book.set_account(account, live));
  EXPECT_EQ(book.close_contract(account, mnq, now).code, 8);
  EXPECT_EQ(book.partial_close(account, mnq, 1, now).code, 9);
}

TEST(BookOrders, ModifyMovesAnOrderAndKeepsItsId) {
  Book book = book_with_account();
  const auto id = *book.place(limit(Side::buy, 1, "20990"), now).order;
  EXPECT_EQ(book.modify({account, id, {}, price("20990.1"), {}, {}}, now).code, 3);
  EXPECT_EQ(kinds(book.modify({account, id, 2, price("20995"), {}, {}}, now).changes), "order1");
  EXPECT_EQ(order(book, id).order.size, 2);
  EXPECT_EQ(order(book, id).order.limit_price, price("20995"));
  EXPECT_EQ(book.modify({account, model::OrderId{1}, {}, {}, {}, {}}, now).code, 2);
}

} // namespace
} // namespace bulkhead::simulator
