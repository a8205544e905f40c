#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

struct Exposure {
  Side side;
  std::int32_t size;
  std::int32_t filled;
  std::int32_t held;
  bool increases;
};

TEST(IncreasesExposure, IsTrueWhenAFillCouldRaiseTheHeldSizeOrOpenTheOtherSide) {
  const std::vector<Exposure> rows = {
      {Side::buy, 1, 0, 0, true},   {Side::sell, 1, 0, 0, true},
      {Side::buy, 1, 0, 2, true},   {Side::sell, 1, 0, -2, true}, // adds
      {Side::sell, 1, 0, 2, false}, {Side::buy, 1, 0, -2, false}, // takes off a part
      {Side::sell, 2, 0, 2, false}, {Side::buy, 2, 0, -2, false}, // closes
      {Side::sell, 3, 0, 2, true},  {Side::buy, 3, 0, -2, true},  // flips
      {Side::sell, 5, 3, 2, false}, {Side::buy, 5, 3, -2, false}, // only the rest counts
      {Side::sell, 5, 2, 2, true},  {Side::buy, 2, 2, 0, false},  // nothing left to fill
      {Side::sell, 1, 0, 1, false}, {Side::sell, 2, 0, 1, true},
  };
  for (const auto& row : rows) {
    const Order candidate =
        order(1).filled(row.filled).with([&](Order& o) { o.side = row.side, o.size = row.size; });
    EXPECT_EQ(increases_exposure(candidate, row.held), row.increases)
        << to_string(row.side) << ' ' << row.size << " filled " << row.filled << " held " << row.held;
  }
}

TEST(IncreasesExposure, IsFalseForAnOrderThatDoesNotWork) {
  for (const auto status : {OrderStatus::filled, OrderStatus::cancelled, OrderStatus::expired,
                            OrderStatus::rejected, OrderStatus::suspended}) {
    EXPECT_FALSE(increases_exposure(order(1).status(status), 0)) << to_string(status);
  }
}

TEST(IncreasesExposure, IsTrueForAnOrderWhoseStatusNobodyDocumented) {
  for (const auto status : {OrderStatus::none, OrderStatus::open, OrderStatus::pending,
                            OrderStatus::pending_cancellation, static_cast<OrderStatus>(99)}) {
    EXPECT_TRUE(increases_exposure(order(1).status(status), 0)) << static_cast<int>(status);
  }
}

TEST(Order, EndsInFourStatusesOnly) {
  for (int number = -1; number <= 20; ++number) {
    const Order o = order(1).status(static_cast<OrderStatus>(number));
    EXPECT_EQ(o.live(), number < 2 || number > 5) << number;
  }
}

TEST(Order, ASuspendedChildIsLiveButNotWorking) {
  const Order child = order(1).status(OrderStatus::suspended);
  EXPECT_TRUE(child.live());
  EXPECT_FALSE(child.working());
}

TEST(Order, TheRestIsNeverNegative) {
  EXPECT_EQ(order(1).buy(5).filled(2).build().remaining(), 3);
  EXPECT_EQ(order(1).buy(5).filled(7).build().remaining(), 0);
}

TEST(Order, NamesEveryStatusTypeAndSide) {
  const std::array statuses = {"none",     "open",     "filled",  "cancelled",
                               "expired",  "rejected", "pending", "pending_cancellation",
                               "suspended"};
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(to_string(static_cast<OrderStatus>(i)), statuses[static_cast<unsigned>(i)]);
  const std::array types = {"unknown", "limit",         "market",   "stop_limit",
                            "stop",    "trailing_stop", "join_bid", "join_ask"};
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(to_string(static_cast<OrderType>(i)), types[static_cast<unsigned>(i)]);
  EXPECT_EQ(to_string(Side::buy), "buy");
  EXPECT_EQ(to_string(Side::sell), "sell");
  EXPECT_EQ(to_string(static_cast<OrderStatus>(99)), "unknown");
  EXPECT_EQ(to_string(static_cast<OrderType>(99)), "unknown");
  EXPECT_EQ(to_string(static_cast<Side>(2)), "unknown");
}

} // namespace
} // namespace bulkhead::model
