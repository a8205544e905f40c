#include "protocol/rate_budget.hpp"

#include <gtest/gtest.h>

#include "model/error.hpp"

#include <deque>
#include <random>

namespace bulkhead::protocol {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant t0 = Instant{std::chrono::seconds{1'800'000'000}};

int take_all(RateBudget& budget, RequestClass c, Instant now) {
  int granted = 0;
  while (budget.try_take(c, now).granted) ++granted;
  return granted;
}

TEST(RateBudget, GrantsReadsUpToTheReserveAndProtectiveRequestsBeyond) {
  RateBudget budget;
  EXPECT_EQ(take_all(budget, RequestClass::history, t0), 160);
  EXPECT_EQ(budget.available(RequestClass::verification_read, t0), 0u);
  EXPECT_EQ(budget.available(RequestClass::cancel, t0), 40u);
  EXPECT_EQ(take_all(budget, RequestClass::close_or_reduce, t0), 40);
  EXPECT_FALSE(budget.try_take(RequestClass::cancel, t0).granted);
}

TEST(RateBudget, ProtectiveRequestsMayUseTheWholeWindow) {
  RateBudget budget;
  EXPECT_EQ(take_all(budget, RequestClass::cancel, t0), 200);
}

TEST(RateBudget, NamesTheInstantAtWhichARefusedRequestIsGranted) {
  RateBudget budget({3, 60s, 1});
  EXPECT_TRUE(budget.try_take(RequestClass::cancel, t0).granted);
  EXPECT_TRUE(budget.try_take(RequestClass::cancel, t0 + 10s).granted);
  EXPECT_TRUE(budget.try_take(RequestClass::cancel, t0 + 20s).granted);

  // A protective request needs one to leave, a read needs two because the reserve is filled first.
  EXPECT_EQ(budget.try_take(RequestClass::cancel, t0 + 30s).earliest, t0 + 60s);
  EXPECT_EQ(budget.try_take(RequestClass::automation, t0 + 30s).earliest, t0 + 70s);
  EXPECT_FALSE(budget.try_take(RequestClass::automation, t0 + 70s - 1us).granted);
  EXPECT_TRUE(budget.try_take(RequestClass::automation, t0 + 70s).granted);
}

TEST(RateBudget, HasASeparateSmallerBudgetForBars) {
  RateBudget bars(RateLimit::retrieve_bars());
  EXPECT_EQ(take_all(bars, RequestClass::history, t0), 50);
  EXPECT_EQ(bars.try_take(RequestClass::history, t0 + 1s).earliest, t0 + 30s);
  EXPECT_EQ(take_all(bars, RequestClass::history, t0 + 30s), 50);
}

TEST(RateBudget, PausesEverythingButClosesAfterA429) {
  RateBudget budget;
  budget.on_rate_limited(t0, std::nullopt);
  EXPECT_TRUE(budget.try_take(RequestClass::close_or_reduce, t0).granted);
  EXPECT_EQ(budget.available(RequestClass::cancel, t0), 0u);
  const auto refused = budget.try_take(RequestClass::cancel, t0);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.earliest, t0 + 1s);
  EXPECT_EQ(budget.paused_until(t0), t0 + 1s);
  EXPECT_EQ(budget.paused_until(t0 + 1s), std::nullopt);
  EXPECT_TRUE(budget.try_take(RequestClass::history, t0 + 1s).granted);
}

TEST(RateBudget, DoublesThePauseUpToThirtySecondsAndForgivesAfterAQuietWindow) {
  RateBudget budget;
  Instant now = t0;
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    budget.on_rate_limited(now, std::nullopt);
    EXPECT_EQ(budget.paused_until(now), now + pause);
    now += pause;
  }
  now += 60s;
  budget.on_rate_limited(now, std::nullopt);
  EXPECT_EQ(budget.paused_until(now), now + 1s);
}

TEST(RateBudget, CountsABurstOf429sOnce) {
  RateBudget budget;
  for (int i = 0; i < 10; ++i) budget.on_rate_limited(t0 + i * 10ms, std::nullopt);
  EXPECT_EQ(budget.paused_until(t0 + 1ms), t0 + 1s);
}

TEST(RateBudget, HonoursRetryAfterWithinAMinute) {
  RateBudget budget;
  budget.on_rate_limited(t0, 7s);
  EXPECT_EQ(budget.paused_until(t0), t0 + 7s);
  budget.on_rate_limited(t0 + 1s, 3s); // an earlier end does not shorten the pause
  EXPECT_EQ(budget.paused_until(t0 + 1s), t0 + 7s);
  budget.on_rate_limited(t0 + 2s, 86400s);
  EXPECT_EQ(budget.paused_until(t0 + 2s), t0 + 62s);

  RateBudget other;
  other.on_rate_limited(t0, 0s);
  EXPECT_EQ(other.paused_until(t0), t0 + 1s);
}

TEST(RateBudget, NeverExceedsTheLimitInAnyWindowUnderRandomLoad) {
  std::mt19937_64 random(20260715);
  RateBudget budget({20, 5s, 4});
  std::deque<Instant> granted;
  Instant now = t0;
  for (int i = 0; i < 20000; ++i) {
    now += std::chrono::milliseconds(random() % 300);
    const auto c = static_cast<RequestClass>(random() % 5);
    const auto room = budget.available(c, now);
    const auto answer = budget.try_take(c, now);
    EXPECT_EQ(answer.granted, room > 0);
    while (!granted.empty() && granted.front() + 5s <= now) granted.pop_front();
    if (answer.granted) granted.push_back(now);
    ASSERT_LE(granted.size(), 20u);
    const bool protective = c <= RequestClass::cancel;
    ASSERT_TRUE(protective || !answer.granted || granted.size() <= 16u);
  }
}

TEST(RateBudget, RefusesAReserveThatLeavesNothing) {
  EXPECT_THROW(RateBudget({10, 1s, 10}), model::InvariantViolation);
  EXPECT_THROW(RateBudget({10, 0s, 1}), model::InvariantViolation);
}

} // namespace
} // namespace bulkhead::protocol
