// How high the equity rose while nobody watched, out of fills and bars.

#include "actors/equity_highs.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace bulkhead::testing;

const Instant midday = instant("2026-07-15T12:00:00Z");

Fill filled(std::int64_t id, int minute, int quantity, std::string_view price, std::string_view pnl = "0") {
  auto builder = fill(id).on(mnq());
  Fill one = Fill(quantity > 0 ? builder.buy(quantity) : builder.sell(-quantity));
  one.executed_at = midday + std::chrono::minutes{minute};
  one.price = px(price);
  one.pnl = usd(pnl);
  one.fees = one.commissions = {};
  return one;
}

protocol::projectx::Bar bar(int minute, std::string_view low, std::string_view high, std::string_view close) {
  return {midday + std::chrono::minutes{minute}, px(close), px(high), px(low), px(close), 1};
}

/// From midday for ten minutes; the day began an hour before.
model::EquityHighs highs(const std::vector<Fill>& fills, std::vector<protocol::projectx::Bar> bars,
                         model::Duration since_reset = std::chrono::hours{1}) {
  const WatchedSpan span{midday, midday - since_reset, midday + std::chrono::minutes{10}};
  const BarSeries series{tick("0.25", "0.5"), std::chrono::minutes{1}, std::move(bars)};
  return equity_highs(fills, holdings_of(fills, span.to), {{mnq(), series}}, span);
}

std::vector<protocol::projectx::Bar> quiet_bars_with(protocol::projectx::Bar other) {
  std::vector<protocol::projectx::Bar> out;
  for (int i = 0; i < 10; ++i) out.push_back(bar(i, "20999", "21001", "21000"));
  const auto n = (other.opened_at - midday) / std::chrono::minutes{1};
  out.at(static_cast<std::size_t>(n)) = other;
  return out;
}

TEST(Holdings, FollowEntriesReductionsAndFlips) {
  const auto rows =
      holdings_of({filled(1, 0, 2, "21000"), filled(2, 1, 2, "21010"), filled(3, 2, -1, "21020"),
                   filled(4, 3, -5, "21030"), filled(5, 4, 2, "21000")},
                  midday + std::chrono::minutes{10});
  const auto& held = rows.at(mnq());
  ASSERT_EQ(held.size(), 4u);
  EXPECT_EQ(held[0].quantity, 2);
  EXPECT_EQ(held[1].average, px("21005"));
  EXPECT_EQ(held[2].quantity, 3);
  EXPECT_EQ(held[2].average, px("21005")) << "a reduction moves no average";
  EXPECT_EQ(held[3].quantity, -2);
  EXPECT_EQ(held[3].average, px("21030"));
  EXPECT_EQ(held[3].to, midday + std::chrono::minutes{4}) << "flat again";
}

TEST(EquityHighs, TakeTheExtremeOfABarThroughWhichOnePositionWasHeld) {
  const std::vector<Fill> bought{filled(1, -30, 2, "21000")};
  const auto found = highs(bought, quiet_bars_with(bar(4, "20990", "21050", "21000")));
  EXPECT_EQ(found.today, usd("200")); // 50 points of 2 dollars, twice
  EXPECT_FALSE(found.earlier);
  EXPECT_TRUE(found.whole);
  const std::vector<Fill> sold{filled(1, -30, -2, "21000")};
  EXPECT_EQ(highs(sold, quiet_bars_with(bar(4, "20990", "21050", "21000"))).today, usd("40"));
}

TEST(EquityHighs, CountWhatWasClosedBeforeAndTakeNoExtremeAroundAFill) {
  auto bought = filled(1, 4, 1, "21000");
  bought.executed_at += std::chrono::seconds{30};
  const auto closed = filled(0, -20, -1, "21000", "75");
  auto found = highs({filled(9, -40, 1, "20962.5"), closed, bought},
                     quiet_bars_with(bar(4, "20900", "21400", "21010")));
  EXPECT_EQ(found.today, usd("95")) << "the close of that bar is sure, its high is not";
}

TEST(EquityHighs, BelongToTheDayTheyWereReachedOn) {
  const std::vector<Fill> bought{filled(1, -30, 1, "21000")};
  const auto reset_at_five = -std::chrono::minutes{5}; // the day begins within the span
  auto bars = quiet_bars_with(bar(2, "20990", "21100", "21000"));
  bars[7] = bar(7, "20990", "21040", "21000");
  const auto found = highs(bought, bars, reset_at_five);
  EXPECT_EQ(found.earlier, usd("200"));
  EXPECT_EQ(found.today, usd("80"));
}

TEST(EquityHighs, AreNotWholeWhereBarsAreMissing) {
  const std::vector<Fill> bought{filled(1, -30, 1, "21000")};
  EXPECT_FALSE(highs(bought, {}).whole);
  auto bars = quiet_bars_with(bar(4, "20990", "21050", "21000"));
  bars.resize(5);
  EXPECT_FALSE(highs(bought, bars).whole);
  EXPECT_EQ(highs(bought, bars).today, usd("100")) << "what is known counts all the same";
  EXPECT_TRUE(highs({}, {}).whole) << "nothing was held";
}

TEST(EquityHighs, ValueSeveralPositionsTogetherAtTheCloseOfTheirBars) {
  auto other = filled(2, -30, -1, "5000");
  other.contract = mes();
  const std::vector<Fill> fills{filled(1, -30, 1, "21000"), other};
  const WatchedSpan span{midday, midday - std::chrono::hours{1}, midday + std::chrono::minutes{10}};
  const std::chrono::minutes one_minute{1};
  const std::map<ContractId, BarSeries> series{
      {mnq(), {tick("0.25", "0.5"), one_minute, quiet_bars_with(bar(4, "20990", "21500", "21020"))}},
      {mes(), {tick("0.25", "1.25"), one_minute, {bar(4, "4000", "5100", "4990")}}}};
  const auto found = equity_highs(fills, holdings_of(fills, span.to), series, span);
  EXPECT_EQ(found.today, usd("90")); // 20 points of 2 dollars and 10 of 5
  EXPECT_FALSE(found.whole);
}

} // namespace
} // namespace bulkhead::actors
