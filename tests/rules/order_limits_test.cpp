// RULE-026: which orders go, which stay.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock limits(Settings settings) {
  settings.emplace_back("enabled", "true");
  return block("order_limits", settings);
}

TEST(OrderLimits, AClosingOrderMayBeOfAnySize) {
  TestEngine engine(
      {limits({{"max_order_size", "5"}, {"max_working_orders", "1"}, {"price_collar_ticks", "1"}})});
  ASSERT_TRUE(engine.problems.empty());
  engine.on(position(mnq()).long_(6).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  EXPECT_TRUE(engine.on(order(7).sell(6).stop("20000")).empty());
  EXPECT_EQ(asked(engine.on(order(8).on(es()).buy(6))), "cancel 8");
}

TEST(OrderLimits, TheNewestOrdersGo) {
  TestEngine engine({limits({{"max_working_orders", "2"}})});
  engine.on(order(3).buy(1).limit("20000"));
  engine.on(order(1).buy(1).limit("20000"));
  EXPECT_EQ(asked(engine.on(order(2).buy(1).limit("20000"))), "cancel 2");
}

TEST(OrderLimits, PerContract) {
  TestEngine engine({limits({{"max_working_orders_per_contract", "1"}})});
  engine.on(order(1).buy(1).limit("20000"));
  EXPECT_TRUE(engine.on(order(2).on(es()).buy(1).limit("5000")).empty());
  EXPECT_EQ(asked(engine.on(order(3).buy(1).limit("20000"))), "cancel 3");
}

TEST(OrderLimits, APriceWithoutAMarketIsJudgedWhenItHasOne) {
  TestEngine engine({limits({{"price_collar_ticks", "400"}})});
  EXPECT_TRUE(engine.on(order(1).buy(1).limit("20000")).empty());
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21000"))), "cancel 1");
}

TEST(OrderLimits, AnOrderExactlyAtTheCollarStays) {
  TestEngine engine({limits({{"price_collar_ticks", "100"}})});
  engine.on(order(7).buy(1).limit("20975")); // 100 ticks
  engine.on(order(8).buy(1).limit("20974.75"));
  EXPECT_EQ(asked(engine.on(quote(mnq()).last("21000"))), "cancel 8");
}

TEST(OrderLimits, AMovedOrderIsJudgedAnew) {
  TestEngine engine({limits({{"price_collar_ticks", "400"}})});
  engine.on(order(1).buy(1).limit("20950"));
  engine.on(quote(mnq()).last("21000"));
  EXPECT_TRUE(engine.on(quote(mnq()).last("21500")).empty()) << "the market ran away";
  EXPECT_EQ(asked(engine.on(order(1).buy(1).limit("20940"))), "cancel 1");
}

TEST(OrderLimits, NeedALimit) {
  EXPECT_EQ(TestEngine({limits({})}).problems.size(), 1u);
  EXPECT_EQ(TestEngine({limits({{"max_order_size", "0"}})}).problems.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
