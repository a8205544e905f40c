#include "actors/clock.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
using actors::TrustedClock;

/// Hands of a clock that the test moves.
struct Hands {
  Instant wall = instant("2026-07-15T19:00:00Z");
  std::chrono::nanoseconds boot = 100s;
  std::vector<std::string> corrections;
};

class TrustedTime : public ::testing::Test {
protected:
  TrustedTime() {
    clock_.on_corrected([this](std::string text) { hands_.corrections.push_back(std::move(text)); });
  }
  void pass(Duration time) { hands_.boot += time, hands_.wall += time; }

  Hands hands_;
  TrustedClock clock_{{[this] { return hands_.wall; }, [this] { return hands_.boot; }}};
  const Instant stored_ = instant("2026-07-15T18:00:00Z");
};

TEST_F(TrustedTime, IsTheWallClocksOnAFirstStart) { EXPECT_EQ(clock_.now(), hands_.wall); }

TEST_F(TrustedTime, IgnoresAWallClockThatIsMovedWhileRunning) {
  clock_.heard_from_gateway(hands_.wall);
  const auto before = clock_.now();
  pass(10s);
  hands_.wall += 24h;
  EXPECT_EQ(clock_.now(), before + 10s);
  hands_.wall -= 48h;
  EXPECT_EQ(clock_.now(), before + 10s);
}

TEST_F(TrustedTime, CountsWhileTheMachineSleeps) {
  hands_.boot += 3h; // the boot clock counts suspended time
  EXPECT_EQ(clock_.now(), instant("2026-07-15T22:00:00Z"));
}

TEST_F(TrustedTime, StandsAtTheLastStoredInstantUntilTheGatewayAnswers) {
  clock_.stand_at(stored_);
  EXPECT_EQ(clock_.now(), stored_);
  pass(1s);
  EXPECT_EQ(clock_.now(), stored_ + 1s);
  clock_.heard_from_gateway(instant("2026-07-15T19:00:01Z"));
  EXPECT_EQ(clock_.now(), hands_.wall);
  EXPECT_TRUE(hands_.corrections.empty());
}

TEST_F(TrustedTime, EndsNoLockoutWhenTheWallClockWasMovedForwardBeforeTheStart) {
  hands_.wall += 24h;
  clock_.stand_at(stored_);
  clock_.heard_from_gateway(instant("2026-07-15T19:00:00Z"));
  EXPECT_EQ(clock_.now(), instant("2026-07-15T19:00:00Z"));
  EXPECT_EQ(hands_.corrections.size(), 1U);
}

TEST_F(TrustedTime, LengthensNoLockoutWhenTheWallClockWasMovedBackBeforeTheStart) {
  hands_.wall -= 24h;
  clock_.stand_at(stored_);
  clock_.heard_from_gateway(instant("2026-07-15T19:00:00Z"));
  EXPECT_EQ(clock_.now(), instant("2026-07-15T19:00:00Z"));
}

TEST_F(TrustedTime, IsSetBackByTheFirstAnswerOnlyWhileNothingWasStored) {
  hands_.wall += 24h;
  EXPECT_FALSE(clock_.settled());
  clock_.heard_from_gateway(instant("2026-07-15T19:00:00Z"));
  EXPECT_TRUE(clock_.settled());
  EXPECT_EQ(clock_.now(), instant("2026-07-15T19:00:00Z"));
}

TEST_F(TrustedTime, NeverRunsBackwardsOnceSettled) {
  clock_.stand_at(instant("2026-07-16T00:00:00Z"));
  clock_.heard_from_gateway(instant("2026-07-15T19:00:00Z"));
  EXPECT_EQ(clock_.now(), instant("2026-07-16T00:00:00Z"));
  clock_.heard_from_gateway(instant("2020-01-01T00:00:00Z"));
  EXPECT_EQ(clock_.now(), instant("2026-07-16T00:00:00Z"));
  EXPECT_EQ(hands_.corrections.size(), 1U);
}

TEST_F(TrustedTime, CatchesUpWithTheGatewayWhenItFellBehind) {
  clock_.heard_from_gateway(hands_.wall);
  pass(60s);
  clock_.heard_from_gateway(hands_.wall + 90s);
  EXPECT_EQ(clock_.now(), hands_.wall + 90s);
}

TEST_F(TrustedTime, BelievesTheWallClockWhenTheGatewayNamesNoTime) {
  clock_.stand_at(stored_);
  clock_.heard_from_gateway(std::nullopt);
  EXPECT_EQ(clock_.now(), hands_.wall);
}

} // namespace
} // namespace bulkhead::testing
