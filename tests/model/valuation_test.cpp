#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;

const Instant t0 = instant("2026-07-15T18:00:00Z");

AccountState with_mnq(const PositionUpdate& held) {
  AccountState state;
  (void)apply(state, at(t0, learned(mnq(), "0.25", "0.5")));
  (void)apply(state, at(t0, held));
  return state;
}
std::optional<Money> open_profit(const AccountState& state) {
  return unrealized(state, state.positions.at(mnq()));
}

TEST(Unrealized, ALongGainsAndAShortLosesWhenTheMarkRises) {
  auto long_two = with_mnq(position(mnq()).long_(2).average("21000"));
  auto short_two = with_mnq(position(mnq()).short_(2).average("21000"));
  for (auto* state : {&long_two, &short_two}) (void)apply(*state, quote(mnq()).last("21050").at(t0));
  EXPECT_EQ(open_profit(long_two), usd("200"));
  EXPECT_EQ(open_profit(short_two), usd("-200"));
}

TEST(Unrealized, KeepsAnAverageBetweenTicks) {
  auto state = with_mnq(position(mnq()).long_(3).average("21000.083333333"));
  (void)apply(state, quote(mnq()).last("21010").at(t0));
  EXPECT_EQ(open_profit(state), usd("59.5"));
}

TEST(Unrealized, IsUnknownWithoutAQuote) {
  EXPECT_EQ(open_profit(with_mnq(position(mnq()).long_(2).average("21000"))), std::nullopt);
}

TEST(Unrealized, IsUnknownWithoutTickData) {
  auto state = with_mnq(position(mnq()).long_(2).average("21000"));
  (void)apply(state, quote(mnq()).last("21050").at(t0));
  state.ticks.clear();
  EXPECT_EQ(open_profit(state), std::nullopt);
}

TEST(Unrealized, IsUnknownWithoutAnAverage) {
  auto state = with_mnq(position(mnq()).short_(2));
  (void)apply(state, quote(mnq()).last("21050").at(t0));
  EXPECT_EQ(open_profit(state), std::nullopt);
}

TEST(Unrealized, TheQuoteOfAnotherExpiryValuesNothing) {
  auto state = with_mnq(position(mnq()).long_(2).average("21000"));
  (void)apply(state, quote(contract("MNQ", "Z26")).last("21300").at(t0));
  EXPECT_EQ(open_profit(state), std::nullopt);
}

TEST(UnrealizedTotal, SumsWhatCanBeValuedAndCountsTheRest) {
  auto state = with_mnq(position(mnq()).long_(2).average("21000"));
  (void)apply(state, at(t0, learned(es(), "0.25", "12.5")));
  (void)apply(state, position(es()).short_(1).average("6000").at(t0));
  (void)apply(state, position(rty()).short_(1).average("2200").at(t0));
  (void)apply(state, quote(mnq()).last("20950").at(t0));
  (void)apply(state, quote(es()).bid("5999.75").ask("6000.25").at(t0));
  const auto total = unrealized_total(state);
  EXPECT_EQ(total.sum, usd("-200"));
  EXPECT_EQ(total.unvalued, 1u);
}

} // namespace
} // namespace bulkhead::model
