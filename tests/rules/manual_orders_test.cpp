// What a person may ask of an account: all of it, one contract, one order.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(ManualOrders, APersonMayFlattenOneContractOnly) {
  TestEngine engine({});
  engine.on(position(mnq()).long_(2));
  engine.on(position(es()).long_(1));
  engine.on(order(1).on(mnq()).buy(1));
  engine.on(order(2).on(es()).buy(1));
  FlattenOrdered only_mnq{"by hand"};
  only_mnq.contract = mnq();
  EXPECT_EQ(asked(engine.happen(only_mnq)), "close MNQ, cancel 1");
}

TEST(ManualOrders, APersonMayCancelOneOrderOrAllAndKeepThePositions) {
  TestEngine engine({});
  engine.on(position(mnq()).long_(2));
  engine.on(order(1).on(mnq()).buy(1));
  engine.on(order(2).on(es()).buy(1));
  FlattenOrdered one{"by hand"};
  one.order = OrderId{2};
  EXPECT_EQ(asked(engine.happen(one)), "cancel 2");
  FlattenOrdered all{"by hand"};
  all.only_orders = true;
  EXPECT_EQ(asked(engine.happen(all)), "cancel 1"); // 2 is under way already
}

TEST(FlattenOrder, MeansOnePositionAndNoLaterOne) {
  TestEngine engine({});
  const auto wish = [](Epoch epoch) {
    return FlattenOrdered{"hedge", mnq(), {}, false, Source::rule(27), epoch};
  };
  EXPECT_EQ(asked(engine.happen(wish(1))), "") << "nothing is held";
  engine.on(position(mnq()).long_(1));
  const auto epoch = engine.state().positions.at(mnq()).epoch;
  EXPECT_EQ(asked(engine.happen(wish(epoch + 1))), "");
  EXPECT_EQ(asked(engine.happen(wish(epoch))), "close MNQ");
}

} // namespace
} // namespace bulkhead::testing
