// The enforcement state machine: what it sends, when it reads, and what it never claims.

#include "tests/support/enforcing.hpp"

namespace bulkhead::testing {
namespace {

TEST_F(Enforcing, SendsEverythingAtOnceClosesFirstAndReadsNothingBefore) {
  order({cancel(7), close(mnq(), 2), close(es(), -1)});
  ASSERT_EQ(sends().size(), 3U);
  EXPECT_EQ(out.size(), 3U);
  EXPECT_EQ(sends()[2].kind, Enforcer::Kind::cancel_order);
}

TEST_F(Enforcing, ReadsWhenAllRepliesAreInAndClaimsOnlyWhatTheReadShows) {
  order({close(mnq(), 2), close(es(), 1)});
  const auto requests = sends();
  answer(requests[0].tag, Answer::accepted);
  EXPECT_FALSE(reads());
  answer(requests[1].tag, Answer::accepted);
  EXPECT_TRUE(reads());
  EXPECT_TRUE(outcomes().empty());
  book_now();
  EXPECT_EQ(outcomes().size(), 2U);
  ASSERT_EQ(certificates.size(), 1U);
  EXPECT_TRUE(certificates[0].achieved);
  EXPECT_TRUE(enforcer.idle());
}

TEST_F(Enforcing, AReplyThatDoesNotComeHoldsUpTheProofOfTheOthersForASecond) {
  order({close(mnq(), 2), close(es(), 1)});
  answer(sends()[0].tag, Answer::accepted);
  EXPECT_FALSE(reads());
  const auto answered = now;
  ASSERT_TRUE(wait_for_action());
  EXPECT_TRUE(reads());
  EXPECT_EQ(now, answered + 1s);
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
  EXPECT_FALSE(enforcer.idle());
}

TEST_F(Enforcing, ClosesAgainWhatAYoungReadStillShowsOpen) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_TRUE(sends().empty()); // the venue's reads lag: look again first
  ASSERT_TRUE(wait());
  EXPECT_TRUE(reads());
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, APartialCloseIsNeverRepeatedBeforeItsEffectHadASecondToShow) {
  order({reduce(mnq(), 8, 5)});
  ASSERT_EQ(sends()[0].size, 3);
  answer(sends()[0].tag, Answer::accepted);
  const auto answered = now;
  while (now < answered + 1s) {
    book_now(read(now).has(position(mnq()).long_(8)));
    EXPECT_TRUE(sends().empty());
    ASSERT_TRUE(wait());
    EXPECT_TRUE(sends().empty());
  }
  book_now(read(now).has(position(mnq()).long_(7))); // one of the three took effect
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].size, 2); // recomputed from what was read
}

TEST_F(Enforcing, AnUnansweredPartialCloseGetsItsSecondToo) {
  order({reduce(mnq(), 8, 5)});
  answer(sends()[0].tag, Answer::transient);
  const auto failed = now;
  while (sends().empty()) {
    ASSERT_TRUE(wait_for_action());
    if (reads()) book_now(read(now).has(position(mnq()).long_(8)));
  }
  EXPECT_GE(now, failed + 1s);
}

TEST_F(Enforcing, AStricterReductionWaitsForTheOneUnderWay) {
  order({reduce(mnq(), 8, 5)});
  const auto first = sends()[0];
  order({reduce(mnq(), 8, 4)});
  EXPECT_TRUE(sends().empty()); // 3 and 4 together would leave 1
  answer(first.tag, Answer::accepted);
  book_now(read(now).has(position(mnq()).long_(5)));
  while (sends().empty()) {
    ASSERT_TRUE(wait_for_action());
    if (reads()) book_now(read(now).has(position(mnq()).long_(5)));
  }
  EXPECT_EQ(sends()[0].size, 1);
}

TEST_F(Enforcing, AfterARestartAPartialCloseWaitsForWhatTheOldProcessMayHaveSent) {
  Enforcer fresh(trader(), now);
  actors::Enforce message;
  message.intents = {reduce(mnq(), 8, 5)};
  const auto actions = fresh.on_intents(message, now + 100ms);
  EXPECT_TRUE(actions.empty());
  EXPECT_EQ(fresh.next_timer(), now + 1s);
}

TEST_F(Enforcing, AReadAskedForBeforeTheAnswerProvesNothing) {
  order({close(mnq(), 2)});
  const auto asked = now;
  now += 10ms;
  answer(sends()[0].tag, Answer::accepted);
  book(read(asked));
  EXPECT_TRUE(outcomes().empty());
  EXPECT_FALSE(enforcer.idle());
}

TEST_F(Enforcing, HeldBackByTheBudgetItIsSentWhenTheBudgetAllowsAndKeepsItsPlace) {
  order({close(mnq(), 2)});
  const auto first = sends()[0];
  (void)enforcer.on_held_back(first.tag, now + 3s);
  EXPECT_EQ(enforcer.next_timer(), now + 3s);
  ASSERT_TRUE(wait());
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].ticket, first.ticket);
  EXPECT_FALSE(sends()[0].repeat); // it never left
}

TEST_F(Enforcing, AFailedReadIsRepeatedAndTenInARowAlarm) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  bool alarmed = false;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(alarmed);
    for (const auto& action : enforcer.on_read_failed(now)) {
      alarmed = alarmed || std::holds_alternative<Alert>(action);
    }
    ASSERT_TRUE(wait());
    EXPECT_TRUE(reads());
  }
  EXPECT_TRUE(alarmed);
}

TEST_F(Enforcing, ASmallerTargetReplacesALargerOne) {
  order({reduce(mnq(), 8, 5)});
  order({close(mnq(), 8)});
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].kind, Enforcer::Kind::close_position);
}

TEST_F(Enforcing, TheSameWishTwiceIsSentOnce) {
  order({close(mnq(), 2)});
  order({close(mnq(), 2)});
  EXPECT_TRUE(sends().empty());
}

TEST_F(Enforcing, TheMoneyAtStakeGoesWithEveryRequest) {
  actors::Enforce message;
  message.intents = {close(mnq(), -2), cancel(7)};
  message.marks = {{mnq(), px("21000"), tick("0.25", "0.50")}};
  order(message);
  EXPECT_EQ(sends().at(0).risk, usd("84000").micros);
  EXPECT_EQ(sends().at(1).risk, usd("84000").micros);
}

} // namespace
} // namespace bulkhead::testing
