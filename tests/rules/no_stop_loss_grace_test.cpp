// RULE-008: what protects, when the deadline runs, and the read before closing.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

class Grace {
public:
  explicit Grace(Settings settings = Settings{{"verify_before_close", "false"}})
      : engine({block("no_stop_loss_grace", settings)}) {}
  /// `builder` at `seconds`, after everything that time brings by itself.
  template <class B>
  Decision at(std::chrono::seconds when, const B& builder) {
    engine.wait(start + when - engine.now - 1ms);
    return engine.on(builder);
  }
  Decision until(std::chrono::seconds when) { return engine.wait(start + when - engine.now); }
  TestEngine engine;
  Instant start = engine.now;
};

OrderBuilder stop(std::int32_t size) { return order(7).on(mnq()).sell(size).stop("20950"); }
PositionBuilder long_one() { return position(mnq()).long_(1).average("21000"); }

TEST(NoStopLossGrace, ClosesAtTheDeadlineAndNotBefore) {
  Grace g;
  g.at(0s, long_one());
  EXPECT_TRUE(g.until(29s).empty());
  EXPECT_EQ(asked(g.until(30s)), "close MNQ");
}

TEST(NoStopLossGrace, AStopOnTheClosingSideProtectsWhereverItLies) {
  Grace g;
  g.at(0s, long_one());
  g.at(10s, order(7).on(mnq()).sell(1).stop("21010"));
  EXPECT_TRUE(g.until(100s).empty());
}

TEST(NoStopLossGrace, WhatDoesNotProtect) {
  const auto closed = [](const OrderBuilder& built) {
    Grace g;
    g.at(0s, long_one());
    g.at(10s, built);
    return asked(g.until(30s)).starts_with("close MNQ");
  };
  EXPECT_TRUE(closed(order(7).on(mnq()).sell(1).limit("21050")));
  EXPECT_TRUE(closed(order(7).on(mnq()).buy(1).stop("21050")));
  EXPECT_TRUE(closed(order(7).on(es()).sell(1).stop("5000")));
  EXPECT_TRUE(closed(stop(1).status(OrderStatus::suspended)));
  EXPECT_TRUE(closed(stop(1).filled(1)));
  EXPECT_FALSE(closed(stop(1).status(OrderStatus::pending)));
}

TEST(NoStopLossGrace, TheStopsMustCoverTheWholeSize) {
  Grace whole;
  Grace reducing(Settings{{"verify_before_close", "false"}, {"action", "REDUCE_TO_COVERED"}});
  for (auto* g : {&whole, &reducing}) {
    g->at(0s, position(mnq()).long_(2).average("21000"));
    g->at(10s, stop(1));
  }
  EXPECT_EQ(asked(whole.until(30s)), "close MNQ");
  EXPECT_EQ(asked(reducing.until(30s)), "reduce MNQ to 1");
}

TEST(NoStopLossGrace, LosingTheStopStartsARegrace) {
  Grace g(Settings{{"verify_before_close", "false"}, {"regrace_seconds", "15"}});
  g.at(0s, long_one());
  g.at(10s, stop(1));
  g.at(100s, stop(1).status(OrderStatus::cancelled));
  EXPECT_TRUE(g.until(114s).empty());
  EXPECT_EQ(asked(g.until(115s)), "close MNQ");
}

TEST(NoStopLossGrace, SizeChangesDoNotMoveTheDeadlineAndAFlipDoes) {
  Grace g;
  g.at(0s, long_one());
  g.at(20s, position(mnq()).long_(2));
  EXPECT_EQ(asked(g.until(30s)), "close MNQ");
  Grace flipped;
  flipped.at(0s, long_one());
  flipped.at(20s, position(mnq()).short_(1));
  EXPECT_TRUE(flipped.until(49s).empty());
  EXPECT_EQ(asked(flipped.until(50s)), "close MNQ");
}

TEST(NoStopLossGrace, AsksForAReadBeforeItCloses) {
  Grace g(Settings{});
  g.at(0s, long_one());
  const auto decision = g.until(30s);
  EXPECT_EQ(asked(decision), "");
  ASSERT_EQ(decision.reads.size(), 1u);
  const auto row = PositionUpdate(long_one());
  Grace other = std::move(g);
  EXPECT_EQ(asked(other.engine.on(read(other.engine.now).has(row))), "close MNQ");
}

TEST(NoStopLossGrace, AStopThatOnlyTheReadShowsProtects) {
  Grace g(Settings{});
  g.at(0s, long_one());
  g.until(30s);
  const auto row = PositionUpdate(long_one());
  EXPECT_TRUE(g.engine.on(read(g.engine.now).has(row).has(Order(stop(1).updated(g.engine.now)))).empty());
  EXPECT_TRUE(g.until(100s).empty());
}

TEST(NoStopLossGrace, WithoutAnAnswerItClosesAllTheSame) {
  Grace g(Settings{});
  g.at(0s, long_one());
  g.until(30s);
  EXPECT_TRUE(g.until(34s).empty());
  EXPECT_EQ(asked(g.until(35s)), "close MNQ");
}

TEST(NoStopLossGrace, AfterAStartTheTraderHasTenSecondsMore) {
  Grace g;
  g.at(0s, long_one());
  g.engine.now = g.start + 60s;
  g.engine.happen(Restarted{});
  EXPECT_TRUE(g.engine.happen(TimeReached{}).intents.empty()) << "nothing before the book was read";
  const Instant asked_at = g.engine.now;
  EXPECT_EQ(asked(g.engine.on(read(asked_at).has(PositionUpdate(long_one())))), "");
  EXPECT_TRUE(g.until(69s).empty());
  EXPECT_EQ(asked(g.until(71s)), "close MNQ");
}

TEST(NoStopLossGrace, AfterAStartItAsksForAReadOfItsOwn) {
  Grace g(Settings{});
  g.at(0s, long_one());
  EXPECT_EQ(g.until(30s).reads.size(), 1u);
  g.engine.now = g.start + 60s; // it ended before it was answered
  g.engine.happen(Restarted{});
  g.engine.on(read(g.engine.now).has(PositionUpdate(long_one())));
  const auto due = g.until(71s);
  EXPECT_EQ(asked(due), "");
  EXPECT_EQ(due.reads.size(), 1u);
  EXPECT_EQ(asked(g.engine.on(read(g.engine.now).has(PositionUpdate(long_one())))), "close MNQ");
}

TEST(NoStopLossGrace, AStopTooFarAwayDoesNotCount) {
  Grace g(Settings{{"verify_before_close", "false"}, {"max_stop_distance_ticks", "100"}});
  g.at(0s, long_one());
  g.at(10s, stop(1)); // 200 ticks
  EXPECT_EQ(asked(g.until(30s)), "close MNQ");
}

TEST(NoStopLossGrace, AStopExactlyAtTheGreatestDistanceCounts) {
  for (const bool beyond : {false, true}) {
    Grace g(Settings{{"verify_before_close", "false"}, {"max_stop_distance_ticks", "200"}});
    g.at(0s, position(mnq()).long_(1).average(beyond ? "21000.01" : "21000"));
    g.at(10s, stop(1)); // 200 ticks, or a hair more
    EXPECT_EQ(asked(g.until(30s)), beyond ? "close MNQ" : "");
  }
}

} // namespace
} // namespace bulkhead::testing
