// Round trips out of fills: when they end, what they earned, how long they were held.

#include "model/round_trips.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
const Instant t0 = instant("2026-07-15T18:00:00Z");

AccountState with(const std::vector<Fill>& fills) {
  AccountState state;
  for (const auto& one : fills) (void)state.ledger.add(one);
  return state;
}

TEST(RoundTrips, AreFromFlatToFlat) {
  const auto trips = round_trips(
      with({fill(1).buy(2).fees("1").executed(t0), fill(2).sell(1).pnl("50").executed(t0 + 10s),
            fill(3).sell(1).pnl("-20").fees("2").executed(t0 + 30s), fill(4).buy(1).executed(t0 + 40s)}));
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].net, usd("27"));
  EXPECT_EQ(trips[0].closed_at, t0 + 30s);
  EXPECT_EQ(trips[0].held, 20s) << "half out after 10 s, half after 30 s";
  EXPECT_TRUE(trips[0].closed);
  EXPECT_FALSE(trips[1].closed);
}

TEST(RoundTrips, AFlipEndsOneAndBeginsTheNext) {
  const auto trips =
      round_trips(with({fill(1).buy(2).executed(t0), fill(2).sell(3).pnl("10").executed(t0 + 1s),
                        fill(3).buy(1).pnl("-5").executed(t0 + 4s)}));
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].net, usd("10"));
  EXPECT_EQ(trips[1].net, usd("-5"));
  EXPECT_EQ(trips[1].held, 3s);
}

TEST(RoundTrips, OfAFlipOnlyWhatClosesIsHeldUntilThen) {
  const auto trips =
      round_trips(with({fill(1).buy(2).executed(t0), fill(2).sell(1).pnl("5").executed(t0 + 10s),
                        fill(3).sell(3).pnl("5").executed(t0 + 30s)}));
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].held, 20s) << "one out after 10 s, one after 30 s";
}

TEST(RoundTrips, ContractsAreApart) {
  const auto trips =
      round_trips(with({fill(1).buy(1).executed(t0), fill(2).on(es()).sell(1).executed(t0 + 1s),
                        fill(3).on(es()).buy(1).pnl("7").executed(t0 + 2s)}));
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].contract, es());
  EXPECT_FALSE(trips[1].closed);
}

TEST(RoundTrips, ACloseWithoutItsEntryIsATripOfUnknownLength) {
  const auto trips = round_trips(with({fill(1).sell(1).pnl("-50").executed(t0)}));
  ASSERT_EQ(trips.size(), 1u);
  EXPECT_TRUE(trips[0].closed);
  EXPECT_FALSE(trips[0].held);
  EXPECT_EQ(trips[0].net, usd("-50"));
}

} // namespace
} // namespace bulkhead::testing
