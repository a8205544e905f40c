#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T18:00:00Z");
const Instant requested = t0 + 10s;
const Instant received = requested + 200ms;

TEST(Reconcile, ACompleteReadFillsAnEmptyBook) {
  AccountState state;
  EXPECT_EQ(apply(state, read(requested)
                             .has(position(mnq()).short_(2).average("21000"))
                             .has(order(1).updated(t0))
                             .has(fill(1).pnl("-100").executed(t0))
                             .has(account().balance("1000"))
                             .at(received)),
            Applied::changed);
  EXPECT_EQ(state.quantity(mnq()), -2);
  EXPECT_TRUE(state.orders.contains(OrderId{1}));
  EXPECT_EQ(state.ledger.net(), usd("-100"));
  EXPECT_EQ(state.account.balance, usd("1000"));
  EXPECT_TRUE(state.reconciled);
}

TEST(Reconcile, APositionTheReadDoesNotListIsGone) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, position(es()).long_(1).at(t0));
  (void)apply(state, read(requested).has(position(es()).long_(1)).at(received));
  EXPECT_EQ(state.quantity(mnq()), 0);
  EXPECT_EQ(state.quantity(es()), 1);
}

TEST(Reconcile, APositionOpenedAfterTheReadWasAskedForStays) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(requested + 1ms));
  (void)apply(state, read(requested).at(received));
  EXPECT_EQ(state.quantity(mnq()), 2);
}

TEST(Reconcile, ALiveChangeAfterTheReadWasAskedForWins) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(3).at(requested + 1ms));
  (void)apply(state, read(requested).has(position(mnq()).long_(2)).at(received));
  EXPECT_EQ(state.quantity(mnq()), 3);
}

TEST(Reconcile, APermissionTakenAwayAfterTheReadWasAskedForStaysAway) {
  AccountState state;
  (void)apply(state, account().can_trade(false).balance("900").at(requested + 1ms));
  (void)apply(state, read(requested).has(account().can_trade(true).balance("1000")).at(received));
  EXPECT_EQ(state.account.can_trade, false);
  EXPECT_EQ(state.account.balance, usd("900"));
  (void)apply(state, read(received).has(account().can_trade(true).balance("950")).at(received + 1s));
  EXPECT_EQ(state.account.can_trade, true);
  EXPECT_EQ(state.account.balance, usd("950"));
}

TEST(Reconcile, AnOlderReadDoesNotBringAClosedPositionBack) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, position(mnq()).flat().at(requested + 1ms));
  (void)apply(state, read(requested).has(position(mnq()).long_(2)).at(received));
  EXPECT_TRUE(state.positions.empty());
}

TEST(Reconcile, APositionOpenedUnseenIsTakenFromTheRead) {
  AccountState state;
  (void)apply(state, position(mnq()).flat().at(t0));
  (void)apply(state, read(requested).has(position(mnq()).long_(2)).at(received));
  EXPECT_EQ(state.quantity(mnq()), 2);
}

TEST(Reconcile, AFlipMissedOnTheStreamBeginsANewEpoch) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, read(requested).has(position(mnq()).short_(1)).at(received));
  EXPECT_EQ(state.positions.at(mnq()).epoch, 2u);
}

TEST(Reconcile, AnUnchangedPositionKeepsItsEpochAndItsAge) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, read(requested).has(position(mnq()).long_(2)).at(received));
  EXPECT_EQ(state.positions.at(mnq()).epoch, 1u);
  EXPECT_EQ(state.positions.at(mnq()).opened_at, t0);
  EXPECT_EQ(state.positions.at(mnq()).seen_at, received);
}

TEST(Reconcile, AnOrderTheReadDoesNotListIsGoneAndRemembered) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  (void)apply(state, read(requested).at(received));
  EXPECT_TRUE(state.orders.empty());
  EXPECT_EQ(apply(state, order(1).updated(t0).at(received + 1s)), Applied::unchanged);
}

TEST(Reconcile, AnOrderPlacedAfterTheReadWasAskedForStays) {
  AccountState state;
  (void)apply(state, order(1).at(requested + 1ms));
  (void)apply(state, read(requested).at(received));
  EXPECT_TRUE(state.orders.contains(OrderId{1}));
}

TEST(Reconcile, AnOlderReadDoesNotBringAnEndedOrderBack) {
  AccountState state;
  (void)apply(state, order(1).updated(t0).at(t0));
  (void)apply(state, order(1).status(OrderStatus::cancelled).updated(requested + 1ms).at(requested + 2ms));
  (void)apply(state, read(requested).has(order(1).updated(t0)).at(received));
  EXPECT_TRUE(state.orders.empty());
}

TEST(Reconcile, AnOlderRowDoesNotTakeANewerUpdateBack) {
  AccountState state;
  (void)apply(state, order(1).limit("21010").updated(requested + 1ms).at(requested + 2ms));
  (void)apply(state, read(requested).has(order(1).limit("21000").updated(t0)).at(received));
  EXPECT_EQ(state.orders.at(OrderId{1}).order.limit_price, px("21010"));
}

TEST(Reconcile, WithEqualStampsALiveUpdateAfterTheReadWasAskedForWins) {
  AccountState state; // the gateway may send no stamp of its own on updates
  (void)apply(state, order(1).buy(3).updated(t0).at(t0));
  (void)apply(state, order(1).buy(3).filled(2).updated(t0).at(requested + 1ms));
  (void)apply(state, read(requested).has(order(1).buy(3).updated(t0)).at(received));
  EXPECT_EQ(state.orders.at(OrderId{1}).order.filled, 2);
}

TEST(Reconcile, ANewerRowOfTheReadIsTaken) {
  AccountState state;
  (void)apply(state, order(1).limit("21000").updated(t0).at(t0));
  (void)apply(state, read(requested).has(order(1).limit("21010").updated(t0 + 5s)).at(received));
  EXPECT_EQ(state.orders.at(OrderId{1}).order.limit_price, px("21010"));
}

TEST(Reconcile, SuspendedChildrenStayWhenTheReadCannotSeeThem) {
  AccountState state;
  (void)apply(state, order(2).status(OrderStatus::suspended).at(t0));
  (void)apply(state, read(requested).at(received));
  EXPECT_TRUE(state.orders.contains(OrderId{2}));
}

TEST(Reconcile, SuspendedChildrenGoWhenTheReadSeesNone) {
  AccountState state;
  (void)apply(state, order(2).status(OrderStatus::suspended).at(t0));
  (void)apply(state, read(requested).sees_suspended().at(received));
  EXPECT_TRUE(state.orders.empty());
}

TEST(Reconcile, FillsAlreadyBookedAreNotBookedAgain) {
  AccountState state;
  (void)apply(state, fill(1).pnl("-300").at(t0));
  (void)apply(state, read(requested)
                         .has(fill(1).pnl("-300").executed(t0))
                         .has(fill(2).pnl("-50").executed(t0 + 1s))
                         .at(received));
  EXPECT_EQ(state.ledger.net(), usd("-350"));
}

TEST(Reconcile, AReadWithoutTheAccountKeepsItsFlags) {
  AccountState state;
  (void)apply(state, account().can_trade(false).at(t0));
  (void)apply(state, read(requested).at(received));
  EXPECT_EQ(state.account.can_trade, false);
}

TEST(DailyResetFold, BeginsANewDayAndCapturesTheOpenProfit) {
  AccountState state;
  (void)apply(state, at(t0, learned(mnq(), "0.25", "0.5")));
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  (void)apply(state, quote(mnq()).last("20950").at(t0));
  (void)apply(state, fill(1).pnl("-300").at(t0));
  state.told_today.insert("loss-warning");
  const Instant boundary = instant("2026-07-15T22:00:00Z");
  EXPECT_EQ(apply(state, at(boundary, reset(boundary))), Applied::changed);
  EXPECT_EQ(state.unrealized_at_reset, usd("-200"));
  EXPECT_EQ(state.ledger.net(), usd("0"));
  EXPECT_EQ(to_string(state.ledger.day()), "2026-07-16");
  EXPECT_TRUE(state.told_today.empty());
  EXPECT_EQ(state.quantity(mnq()), 2) << "a reset closes nothing";
}

TEST(RestartFold, DistrustsTheBookAndResumesWhatWasUnderWay) {
  AccountState state;
  (void)apply(state, at(t0, ConnectionRestored{}));
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, read(t0).has(position(mnq()).long_(2)).at(t0));
  state.pending_closes[mnq()].id = IntentId{"close"};
  state.pending_cancels[OrderId{1}].id = IntentId{"cancel"};
  (void)apply(state, at(t0 + 60s, Restarted{}));
  EXPECT_FALSE(state.reconciled);
  EXPECT_FALSE(state.connected);
  EXPECT_FALSE(state.trusted(state.positions.at(mnq()).seen_at));
  EXPECT_TRUE(state.trusted(t0 + 60s));
  EXPECT_TRUE(state.pending_closes.at(mnq()).resume);
  EXPECT_TRUE(state.pending_cancels.at(OrderId{1}).resume);
}

TEST(RestartFold, AReadKnowsBetterThanARunWhoseClockWasAhead) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0 + 1s));
  (void)apply(state, order(1).on(mnq()).buy(1).limit("20000").at(t0 + 1s));
  (void)apply(state, at(t0, Restarted{}));
  EXPECT_FALSE(state.trusted(state.positions.at(mnq()).seen_at));
  (void)apply(state, read(t0).at(t0));
  EXPECT_TRUE(state.positions.empty());
  EXPECT_TRUE(state.orders.empty());
}

} // namespace
} // namespace bulkhead::model
