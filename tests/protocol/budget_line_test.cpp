#include "protocol/budget_line.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant t0 = Instant{std::chrono::seconds{1'800'000'000}};

BudgetClaim claim(RequestClass urgency, std::int64_t lane, std::int64_t risk = 0, bool repeat = false) {
  return {urgency, repeat, risk, lane, 1};
}

/// A line of two requests a minute, both used up.
BudgetLine used_up() {
  BudgetLine line({2, 60s, 1});
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 90), t0).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 91), t0 + 1s).granted);
  return line;
}

TEST(BudgetLine, GoesByUrgencyThenRiskWhoeverAsksFirst) {
  auto line = used_up();
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 1), t0 + 2s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 2, 10), t0 + 2s).granted);
  const auto largest = line.ask(claim(RequestClass::close_or_reduce, 3, 99), t0 + 2s);
  EXPECT_EQ(largest.earliest, t0 + 60s);
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 1), t0 + 60s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 2, 10), t0 + 60s).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 3, 99), t0 + 60s).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 2, 10), t0 + 61s).granted);
}

TEST(BudgetLine, RepetitionsComeAfterFirstAttemptsOfTheSameKind) {
  auto line = used_up();
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 1, 99, true), t0 + 2s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 2, 1), t0 + 3s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 1, 99, true), t0 + 60s).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 2, 1), t0 + 60s).granted);
}

TEST(BudgetLine, EqualsGoByArrivalAndKeepTheirPlace) {
  auto line = used_up();
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 1), t0 + 2s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 2), t0 + 3s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 1), t0 + 4s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::cancel, 2), t0 + 60s).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::cancel, 1), t0 + 60s).granted);
}

TEST(BudgetLine, WhoDoesNotComeBackOrLeavesHoldsNobodyUp) {
  auto line = used_up();
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 1, 99), t0 + 2s).granted);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 2, 98), t0 + 2s).granted);
  line.leave(2);
  EXPECT_EQ(line.waiting(), 1U);
  EXPECT_FALSE(line.ask(claim(RequestClass::close_or_reduce, 3, 1), t0 + 60s).granted);
  EXPECT_TRUE(line.ask(claim(RequestClass::close_or_reduce, 3, 1), t0 + 63s).granted);
  EXPECT_EQ(line.waiting(), 0U);
}

TEST(BudgetLine, WithoutATicketNobodyTakesAPlaceButWaitsBehindTheOthers) {
  auto line = used_up();
  BudgetClaim read = claim(RequestClass::verification_read, 1);
  read.ticket = 0;
  EXPECT_FALSE(line.ask(read, t0 + 2s).granted);
  EXPECT_EQ(line.waiting(), 0U);
}

} // namespace
} // namespace bulkhead::protocol
