#include "protocol/backoff.hpp"

#include <gtest/gtest.h>

#include "model/error.hpp"

namespace bulkhead::protocol {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, WalksTheListAndRepeatsTheLastDelayForEver) {
  Backoff backoff({0s, 2s, 10s}, 1, 0);
  EXPECT_EQ(backoff.next(), 0s);
  EXPECT_EQ(backoff.next(), 2s);
  EXPECT_FALSE(backoff.exhausted());
  EXPECT_EQ(backoff.next(), 10s);
  EXPECT_TRUE(backoff.exhausted());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(backoff.next(), 10s);
}

TEST(Backoff, StartsAgainAfterReset) {
  Backoff backoff({1s, 2s}, 1, 0);
  (void)backoff.next();
  (void)backoff.next();
  EXPECT_EQ(backoff.attempts(), 2u);
  backoff.reset();
  EXPECT_EQ(backoff.attempts(), 0u);
  EXPECT_EQ(backoff.next(), 1s);
}

TEST(Backoff, JitterStaysWithinItsShareAndUsesBothSides) {
  Backoff backoff({10s}, 42);
  bool below = false;
  bool above = false;
  for (int i = 0; i < 1000; ++i) {
    const auto pause = backoff.next();
    EXPECT_GE(pause, 8s);
    EXPECT_LE(pause, 12s);
    below = below || pause < 9s;
    above = above || pause > 11s;
  }
  EXPECT_TRUE(below && above);
}

TEST(Backoff, IsDecidedByTheSeed) {
  Backoff one({60s}, 7);
  Backoff same({60s}, 7);
  Backoff other({60s}, 8);
  const auto first = one.next();
  EXPECT_EQ(first, same.next());
  EXPECT_NE(first, other.next());
}

TEST(Backoff, RefusesAnEmptyListAndNegativeDelays) {
  EXPECT_THROW(Backoff({}, 1), model::InvariantViolation);
  EXPECT_THROW(Backoff({-1s}, 1), model::InvariantViolation);
  EXPECT_THROW(Backoff({1s}, 1, 101), model::InvariantViolation);
}

} // namespace
} // namespace bulkhead::protocol
