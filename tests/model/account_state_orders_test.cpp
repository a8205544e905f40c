#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T18:00:00Z");

TEST(OrderFold, KeepsLiveOrdersOnly) {
  AccountState state;
  EXPECT_EQ(apply(state, order(1).at(t0)), Applied::changed);
  EXPECT_EQ(apply(state, order(2).status(OrderStatus::rejected).at(t0)), Applied::unchanged);
  EXPECT_TRUE(state.orders.contains(OrderId{1}));
  EXPECT_FALSE(state.orders.contains(OrderId{2}));
}

TEST(OrderFold, ATerminalStatusEndsTheOrder) {
  for (const auto status :
       {OrderStatus::filled, OrderStatus::cancelled, OrderStatus::expired, OrderStatus::rejected}) {
    AccountState state;
    (void)apply(state, order(1).at(t0));
    EXPECT_EQ(apply(state, order(1).status(status).at(t0 + 1s)), Applied::changed) << to_string(status);
    EXPECT_TRUE(state.orders.empty()) << to_string(status);
  }
}

TEST(OrderFold, AnOlderUpdateIsIgnored) {
  AccountState state;
  (void)apply(state, order(1).limit("21010").updated(t0 + 2s).at(t0 + 2s));
  EXPECT_EQ(apply(state, order(1).limit("21000").updated(t0 + 1s).at(t0 + 3s)), Applied::unchanged);
  EXPECT_EQ(state.orders.at(OrderId{1}).order.limit_price, px("21010"));
}

TEST(OrderFold, OfTwoUpdatesWithOneStampTheLaterReceivedWins) {
  AccountState state;
  (void)apply(state, order(1).limit("21000").updated(t0).at(t0));
  EXPECT_EQ(apply(state, order(1).limit("21010").updated(t0).at(t0 + 1s)), Applied::changed);
  EXPECT_EQ(state.orders.at(OrderId{1}).order.limit_price, px("21010"));
}

TEST(OrderFold, ADuplicateIsUnchangedButSeen) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  EXPECT_EQ(apply(state, order(1).updated(t0).at(t0 + 3s)), Applied::unchanged);
  EXPECT_EQ(state.orders.at(OrderId{1}).seen_at, t0 + 3s);
}

TEST(OrderFold, AnOlderEndingDoesNotEndANewerOrder) {
  AccountState state;
  (void)apply(state, order(1).updated(t0 + 2s).at(t0 + 2s));
  (void)apply(state, order(1).status(OrderStatus::cancelled).updated(t0).at(t0 + 3s));
  EXPECT_TRUE(state.orders.contains(OrderId{1}));
}

TEST(OrderFold, AnOlderUpdateDoesNotBringAnEndedOrderBack) {
  AccountState state;
  (void)apply(state, order(1).status(OrderStatus::filled).updated(t0 + 8ms).at(t0 + 10ms));
  EXPECT_EQ(apply(state, order(1).status(OrderStatus::pending).updated(t0).at(t0 + 11ms)),
            Applied::unchanged);
  EXPECT_EQ(apply(state, order(1).status(OrderStatus::open).updated(t0 + 8ms).at(t0 + 12ms)),
            Applied::unchanged)
      << "the stamp of the ending itself";
  EXPECT_TRUE(state.orders.empty());
}

TEST(OrderFold, ANewerUpdateBringsAnOrderBackThatWasThoughtEnded) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  (void)apply(state, read(t0 + 1s).at(t0 + 2s)); // a read that missed it
  EXPECT_TRUE(state.orders.empty());
  EXPECT_EQ(apply(state, order(1).updated(t0 + 3s).at(t0 + 3s)), Applied::changed);
  EXPECT_TRUE(state.orders.contains(OrderId{1}));
}

TEST(OrderFold, AnOrderThatCameBackEndsLikeAnyOther) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  (void)apply(state, read(t0 + 1s).at(t0 + 2s));
  (void)apply(state, order(1).updated(t0 + 3s).at(t0 + 3s));
  EXPECT_EQ(apply(state, order(1).status(OrderStatus::cancelled).updated(t0 + 4s).at(t0 + 4s)),
            Applied::changed);
  EXPECT_TRUE(state.orders.empty());
}

TEST(OrderFold, TheLatestEndingDecidesWhichUpdatesAreTooLate) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  (void)apply(state, read(t0 + 1s).at(t0 + 2s)); // gone, so it ended at t0 as far as we know
  (void)apply(state, order(1).status(OrderStatus::cancelled).updated(t0 + 5s).at(t0 + 5s));
  const Event late = order(1).status(OrderStatus::pending_cancellation).updated(t0 + 4s).at(t0 + 6s);
  EXPECT_EQ(apply(state, late), Applied::unchanged);
  EXPECT_TRUE(state.orders.empty());
}

TEST(OrderFold, ASecondEndingIsUnchanged) {
  AccountState state;
  (void)apply(state, order(1).at(t0));
  (void)apply(state, order(1).status(OrderStatus::filled).at(t0 + 1s));
  EXPECT_EQ(apply(state, order(1).status(OrderStatus::cancelled).at(t0 + 2s)), Applied::unchanged);
}

TEST(OrderFold, RemembersTheEndingOfAnOrderItNeverSaw) {
  AccountState state;
  (void)apply(state, order(1).status(OrderStatus::filled).updated(t0).at(t0));
  EXPECT_EQ(apply(state, order(1).updated(t0 - 1s).at(t0 + 1s)), Applied::unchanged);
}

TEST(OrderFold, UndocumentedStatusesStayInTheBook) {
  AccountState state;
  (void)apply(state, order(1).status(static_cast<OrderStatus>(42)).at(t0));
  (void)apply(state, order(2).status(OrderStatus::none).at(t0));
  EXPECT_EQ(state.orders.size(), 2u);
}

TEST(OrderFold, EndedOrdersAreBoundedWhenAllAreFresh) {
  AccountState state;
  for (int i = 1; i <= 6000; ++i) {
    (void)apply(state, order(i).status(OrderStatus::cancelled).at(t0 + i * 1ms));
  }
  EXPECT_EQ(state.ended_orders.size(), 4096u);
  EXPECT_TRUE(state.ended_orders.contains(OrderId{6000})) << "the newest are kept";
  EXPECT_FALSE(state.ended_orders.contains(OrderId{1}));
}

TEST(OrderFold, EndedOrdersAreForgottenTenMinutesLater) {
  AccountState state;
  for (int i = 1; i <= 6000; ++i) {
    (void)apply(state, order(i).status(OrderStatus::cancelled).at(t0 + i * 1s));
  }
  EXPECT_LE(state.ended_orders.size(), 2048u);
  EXPECT_TRUE(state.ended_orders.contains(OrderId{5400})) << "ended exactly ten minutes ago";
}

TEST(FillFold, AFillIsBookedOnceAndADuplicateIsUnchanged) {
  AccountState state;
  EXPECT_EQ(apply(state, fill(1).pnl("-300").at(t0)), Applied::changed);
  EXPECT_EQ(apply(state, fill(1).pnl("-300").at(t0)), Applied::unchanged);
  EXPECT_EQ(state.ledger.net(), usd("-300"));
  EXPECT_EQ(apply(state, fill(1).pnl("-300").voided().at(t0)), Applied::changed);
  EXPECT_EQ(state.ledger.net(), usd("0"));
}

} // namespace
} // namespace bulkhead::model
