// The outcome table of rules.md 3.1, row by row.

#include "tests/support/enforcing.hpp"

namespace bulkhead::testing {
namespace {

TEST_F(Enforcing, AcceptedIsNotExecuted) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  EXPECT_TRUE(outcomes().empty());
  EXPECT_TRUE(reads());
}

TEST_F(Enforcing, NotFoundCountsOnceAReadAgrees) {
  order({close(mnq(), 2), cancel(7)});
  const auto requests = sends();
  answer(requests[0].tag, Answer::not_found, 2);
  answer(requests[1].tag, Answer::not_found, 2);
  EXPECT_TRUE(outcomes().empty());
  EXPECT_TRUE(reads());
  book_now();
  EXPECT_EQ(outcomes().size(), 2U);
}

TEST_F(Enforcing, NotFoundThatAReadContradictsIsClosedAgain) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::not_found, 2);
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, PendingIsNotResentButReadAfterHalfASecond) {
  for (const auto code : {6, 7, 4}) {
    Enforcer machine(trader());
    enforcer = machine;
    order({close(mnq(), 2)});
    answer(sends()[0].tag, Answer::pending, code);
    EXPECT_TRUE(sends().empty());
    EXPECT_FALSE(reads());
    EXPECT_EQ(enforcer.next_timer(), now + 500ms);
    ASSERT_TRUE(wait());
    EXPECT_TRUE(reads());
    EXPECT_TRUE(sends().empty());
  }
}

TEST_F(Enforcing, AClosedMarketDefersWithOneAlarmAndOneProbeAMinute) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::market_closed, 4);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::deferred});
  EXPECT_TRUE(alerted("enforcement-deferred"));
  ASSERT_EQ(certificates.size(), 1U);
  EXPECT_FALSE(certificates[0].achieved);
  EXPECT_EQ(certificates[0].closes.deferred, 1U);
  EXPECT_EQ(enforcer.status().deferred, 1U);
  for (int probe = 0; probe < 3; ++probe) {
    const auto refused = now;
    ASSERT_TRUE(wait());
    ASSERT_EQ(sends().size(), 1U);
    EXPECT_EQ(now - refused, 60s);
    answer(sends()[0].tag, Answer::market_closed, 4);
  }
  EXPECT_EQ(alerts.size(), 1U);
  ASSERT_TRUE(wait());
  answer(sends()[0].tag, Answer::accepted);
  book_now();
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_TRUE(certificates[1].achieved);
}

TEST_F(Enforcing, APutOffPartialCloseIsMadeForThePositionOfThen) {
  order({reduce(mnq(), 5, 1)});
  EXPECT_EQ(sends().at(0).size, 4);
  answer(sends()[0].tag, Answer::market_closed, 4);
  event({{mnq(), 3}}); // the trader's own order was filled
  ASSERT_TRUE(wait());
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].size, 2) << "4 would have turned it around";
  answer(sends()[0].tag, Answer::market_closed, 4);
  event({{mnq(), 1}});
  EXPECT_TRUE(reads()) << "nothing is left to do: a read proves it";
  EXPECT_TRUE(sends().empty());
  book_now(read(now).has(position(mnq()).long_(1)));
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
  EXPECT_FALSE(wait_for_action()) << "and nothing is sent when the market opens";
}

TEST_F(Enforcing, APositionThatShrankWhileTheMarketAnsweredIsNotClosedBeyondTheTarget) {
  order({reduce(mnq(), 2, 1)});
  const auto tag = sends().at(0).tag;
  event({{mnq(), 1}}); // the trader's own order was filled
  answer(tag, Answer::market_closed, 4);
  EXPECT_TRUE(reads());
  book_now(read(now).has(position(mnq()).long_(1)));
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
  EXPECT_FALSE(wait_for_action());
}

TEST_F(Enforcing, AskedAgainWhileDeferredItDoesNotProbeFaster) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::market_closed, 4);
  const auto at = enforcer.next_timer();
  order({close(mnq(), 2)});
  EXPECT_TRUE(sends().empty());
  EXPECT_EQ(enforcer.next_timer(), at);
}

TEST_F(Enforcing, ARejectionWhileTheCalendarSaysClosedWaitsForTheOpen) {
  now = instant("2026-07-15T21:59:30Z"); // 16:59:30 in Chicago; opens at 17:00
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::rejected, 5);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::deferred});
  EXPECT_EQ(enforcer.next_timer(), instant("2026-07-15T22:00:00Z"));
}

TEST_F(Enforcing, ARejectionInAnOpenMarketIsReadThenRetried) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::rejected, 5);
  EXPECT_TRUE(outcomes().empty());
  ASSERT_TRUE(wait_for_action());
  EXPECT_TRUE(reads());
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, ARefusedAccountIsTriedSlowlyTenTimesAndThenReported) {
  order({close(mnq(), 2)});
  int tries = 1;
  for (answer(sends()[0].tag, Answer::account_refused, 1); outcomes().empty(); ++tries) {
    const auto refused = now;
    ASSERT_TRUE(wait());
    EXPECT_GE(now - refused, 30s);
    answer(sends().at(0).tag, Answer::account_refused, 1);
  }
  EXPECT_EQ(tries, 10);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::failed});
  EXPECT_TRUE(alerted("account-refused"));
  EXPECT_TRUE(enforcer.status().refusal.empty()); // not found is not "may not"
}

TEST_F(Enforcing, InvalidSizesAreRecomputedThreeTimesAndThenTheWholePositionGoes) {
  order({reduce(mnq(), 8, 5)});
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(sends().at(0).kind, Enforcer::Kind::reduce_position);
    answer(sends()[0].tag, Answer::invalid_size, 5);
    EXPECT_TRUE(reads());
    book_now(read(now).has(position(mnq()).long_(7)));
    if (i == 2) break;
    EXPECT_EQ(sends().at(0).size, 2);
  }
  EXPECT_EQ(sends().at(0).kind, Enforcer::Kind::close_position);
}

TEST_F(Enforcing, AnUnknownEffectIsReadBeforeAnythingIsRepeated) {
  for (const auto what : {Answer::transient, Answer::malformed, Answer::unknown_error}) {
    enforcer = Enforcer(trader());
    order({close(mnq(), 2)});
    answer(sends()[0].tag, what);
    EXPECT_TRUE(sends().empty());
    ASSERT_TRUE(wait_for_action());
    EXPECT_TRUE(sends().empty());
    EXPECT_TRUE(reads());
    book_now(); // it had worked
    EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
  }
}

TEST_F(Enforcing, FailuresAreRepeatedAtGrowingPausesThenEveryFiveSeconds) {
  order({close(mnq(), 2)});
  std::vector<Duration> pauses;
  auto failed = now;
  for (int i = 0; i < 8; ++i) {
    answer(sends().at(0).tag, Answer::transient);
    failed = now;
    ASSERT_TRUE(wait_for_action());
    pauses.push_back(now - failed);
    while (sends().empty()) { // a partial close waits a little longer
      if (reads()) book_now(read(now).has(position(mnq()).long_(2)));
      ASSERT_TRUE(!sends().empty() || wait());
    }
  }
  const std::vector<Duration> expected = {250ms, 500ms, 1s, 2s, 4s, 5s, 5s, 5s};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_GE(pauses[i], expected[i] * 8 / 10) << i;
    EXPECT_LE(pauses[i], expected[i] * 12 / 10) << i;
  }
}

TEST_F(Enforcing, ARequestThatNeverLeftIsRepeatedWithoutARead) {
  order({reduce(mnq(), 8, 5)});
  reply.left = false;
  answer(sends()[0].tag, Answer::transient);
  ASSERT_TRUE(wait_for_action(1s));
  EXPECT_FALSE(reads());
  EXPECT_EQ(sends().at(0).size, 3);
}

TEST_F(Enforcing, A401IsRepeatedAtOnceAndTheSecondAlarms) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::unauthorized);
  EXPECT_EQ(enforcer.next_timer(), now);
  ASSERT_TRUE(wait());
  EXPECT_FALSE(alerted("token-refused"));
  answer(sends().at(0).tag, Answer::unauthorized);
  EXPECT_TRUE(alerted("token-refused"));
  EXPECT_GT(*enforcer.next_timer(), now);
  EXPECT_EQ(reads(), false); // it had no effect
}

TEST_F(Enforcing, A429WaitsAsLongAsTheGatewaySays) {
  order({close(mnq(), 2)});
  reply.retry_after = 7s;
  answer(sends()[0].tag, Answer::rate_limited);
  EXPECT_EQ(enforcer.next_timer(), now + 7s);
  ASSERT_TRUE(wait());
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, A429WithoutASayingWaitsLongerEachTimeUpToHalfAMinute) {
  order({close(mnq(), 2)});
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
    answer(sends().at(0).tag, Answer::rate_limited);
    EXPECT_EQ(*enforcer.next_timer(), now + pause);
    ASSERT_TRUE(wait());
  }
}

TEST_F(Enforcing, AWrongRequestOfOursIsNotRepeated) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::fatal);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::failed});
  EXPECT_TRUE(alerted("enforcement-failed"));
  EXPECT_TRUE(enforcer.idle());
  ASSERT_EQ(certificates.size(), 1U);
  EXPECT_FALSE(certificates[0].achieved);
  EXPECT_EQ(certificates[0].closes.failed_closes, 1U);
}

TEST_F(Enforcing, SuccessWithoutEffectGoesOnForEverAndAlarmsAfterFiveSweeps) {
  order({close(mnq(), 2)});
  int closes = 0;
  const auto begun = now;
  while (now < begun + 4min) {
    if (!sends().empty()) {
      ++closes;
      answer(sends()[0].tag, Answer::accepted);
    } else if (reads()) {
      book_now(read(now).has(position(mnq()).long_(2)));
    } else {
      ASSERT_TRUE(wait());
    }
  }
  EXPECT_EQ(alerts.size(), 1U);
  EXPECT_FALSE(enforcer.status().alarm.empty());
  EXPECT_GT(closes, 30);
  EXPECT_LT(closes, 60); // every five seconds, not faster
  EXPECT_TRUE(outcomes().empty());
  while (sends().empty() && !reads()) ASSERT_TRUE(wait());
  if (!sends().empty()) answer(sends()[0].tag, Answer::accepted);
  book_now();
  EXPECT_TRUE(alerted("enforcement-alarm-over"));
  EXPECT_TRUE(enforcer.status().alarm.empty());
}

TEST_F(Enforcing, AGatewayThatCannotBeReachedAlarmsToo) {
  order({close(mnq(), 2)});
  reply.left = false;
  for (int i = 0; i < 5; ++i) {
    answer(sends().at(0).tag, Answer::transient);
    ASSERT_TRUE(wait());
  }
  EXPECT_TRUE(alerted("enforcement-not-flat"));
}

} // namespace
} // namespace bulkhead::testing
