// What traders and venues do while an enforcement is under way, and accounts that cannot be enforced.

#include "tests/support/enforcing.hpp"

namespace bulkhead::testing {
namespace {

TEST_F(Enforcing, AFillDuringTheCloseIsClosedByTheSweep) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  now += 600ms;
  book_now(read(now).has(position(mnq()).long_(1)));
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].kind, Enforcer::Kind::close_position);
}

TEST_F(Enforcing, AFlipDuringTheCloseIsClosedToo) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  now += 600ms;
  book_now(read(now).has(position(mnq()).short_(2))); // a resting stop reversed it
  ASSERT_EQ(sends().size(), 1U);
  answer(sends()[0].tag, Answer::accepted);
  book_now();
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
}

TEST_F(Enforcing, ANewEpochIsANewTaskAndClosesAtOnce) {
  order({close(mnq(), 2, 1)});
  const auto first = sends()[0];
  order({close(mnq(), -2, 2)});
  ASSERT_EQ(sends().size(), 1U);
  answer(first.tag, Answer::accepted); // the reply to the superseded request says nothing
  EXPECT_FALSE(reads());
}

TEST_F(Enforcing, AnOrderThatAppearsDuringTheSweepJoins) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  order({cancel(9)});
  ASSERT_EQ(sends().size(), 1U);
  book_now(); // asked for before the cancel was answered
  EXPECT_EQ(outcomes().size(), 1U);
  EXPECT_FALSE(enforcer.idle());
}

TEST_F(Enforcing, CloseContractThatKeepsFailingGivesWayToAPartialCloseOfWhatWasRead) {
  order({close(mnq(), 3)});
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(sends().at(0).kind, Enforcer::Kind::close_position);
    answer(sends()[0].tag, Answer::rejected, 5);
    ASSERT_TRUE(wait_for_action());
    book_now(read(now).has(position(mnq()).short_(2)));
  }
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].kind, Enforcer::Kind::reduce_position);
  EXPECT_EQ(sends()[0].size, 2);
}

TEST_F(Enforcing, TheTwoWaysOfClosingTakeTurns) {
  order({close(mnq(), 2)});
  std::vector<Enforcer::Kind> kinds;
  for (int i = 0; i < 9; ++i) {
    kinds.push_back(sends().at(0).kind);
    answer(sends()[0].tag, Answer::rejected, 5);
    while (sends().empty()) {
      ASSERT_TRUE(wait_for_action());
      if (reads()) book_now(read(now).has(position(mnq()).long_(2)));
    }
  }
  using enum EnforcementIntent::Kind;
  EXPECT_EQ(kinds,
            (std::vector{close_position, close_position, close_position, reduce_position, reduce_position,
                         reduce_position, close_position, close_position, close_position}));
}

TEST_F(Enforcing, APositionEventBeforeTheReplyIsStampedAndNeedsAReadAllTheSame) {
  order({close(mnq(), 2)});
  event({});
  EXPECT_TRUE(outcomes().empty());
  answer(sends().empty() ? 1 : sends()[0].tag, Answer::accepted);
  EXPECT_TRUE(reads());
  book_now();
  ASSERT_EQ(certificates.size(), 1U);
  ASSERT_EQ(certificates[0].zeros.size(), 1U);
  EXPECT_EQ(certificates[0].zeros[0].received, 2'000'000);
}

TEST_F(Enforcing, APositionEventAfterTheReplyBringsTheProofForward) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  book_now(read(now).has(position(mnq()).long_(2))); // too early
  EXPECT_FALSE(reads());
  event({});
  EXPECT_TRUE(reads());
}

TEST_F(Enforcing, DuplicatePositionEventsChangeNothing) {
  order({close(mnq(), 2)});
  const auto tag = sends()[0].tag;
  event({});
  event({});
  answer(tag, Answer::accepted);
  book_now();
  ASSERT_EQ(certificates.size(), 1U);
  EXPECT_EQ(certificates[0].zeros.size(), 1U);
}

TEST_F(Enforcing, AReadThatLagsBehindALiveEventIsNotBelievedForTwoSeconds) {
  order({reduce(mnq(), 8, 5)});
  answer(sends()[0].tag, Answer::accepted);
  book_now(read(now).has(position(mnq()).long_(8)));
  event({{mnq(), 5}});
  const auto seen = now;
  while (now < seen + 1900ms) {
    if (reads()) book_now(read(now).has(position(mnq()).long_(8)));
    EXPECT_TRUE(sends().empty());
    ASSERT_TRUE(wait());
  }
}

TEST_F(Enforcing, LiveAndFollowerAccountsAreNamedOnTheFirstRefusal) {
  struct Case {
    EnforcementIntent intent;
    std::int64_t code;
  };
  for (const auto& [intent, code] :
       {Case{close(mnq(), 2), 8}, Case{reduce(mnq(), 8, 5), 9}, Case{cancel(7), 6}}) {
    enforcer = Enforcer(trader());
    alerts.clear();
    order({intent});
    answer(sends()[0].tag, Answer::account_refused, code);
    ASSERT_EQ(all<Enforcer::Refusal>().size(), 1U);
    EXPECT_EQ(all<Enforcer::Refusal>()[0].why, "text");
    EXPECT_TRUE(alerted("not-enforceable"));
    EXPECT_EQ(enforcer.status().refusal, "text");
    EXPECT_TRUE(certificates.empty());
  }
}

TEST_F(Enforcing, AnAccountThatIsTakenAgainIsEnforceableAgain) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::account_refused, 8);
  ASSERT_TRUE(wait());
  answer(sends().at(0).tag, Answer::accepted);
  ASSERT_EQ(all<Enforcer::Refusal>().size(), 1U);
  EXPECT_TRUE(all<Enforcer::Refusal>()[0].why.empty());
  EXPECT_TRUE(enforcer.status().refusal.empty());
}

TEST_F(Enforcing, TheCertificateSaysWhatWasClosedAtWhatPriceAndWhatSlipped) {
  actors::Enforce message;
  message.intents = {close(mnq(), 2), cancel(7)};
  message.marks = {{mnq(), px("21000"), tick("0.25", "0.50")}};
  message.stamps = {100, 200, 300};
  order(message);
  const auto requests = sends();
  event({}, fill(1).sell(1).price("20999").pnl("-10"));
  event({}, fill(2).sell(1).price("20998").pnl("-12"));
  event({}, fill(2).sell(1).price("20998").pnl("-12")); // told twice
  for (const auto& request : requests) answer(request.tag, Answer::accepted);
  book_now();
  ASSERT_EQ(certificates.size(), 1U);
  const auto& c = certificates[0];
  EXPECT_EQ(c.closes.total_positions, 1U);
  EXPECT_EQ(c.closes.successful_closes, 1U);
  EXPECT_EQ(c.closes.total_pnl, usd("-22"));
  EXPECT_EQ(c.slipped, usd("-6")); // one and two points of two dollars
  ASSERT_EQ(c.closes.results.size(), 2U);
  EXPECT_EQ(c.closes.results[0].closed_size, 2);
  EXPECT_EQ(c.closes.results[0].closed_price, px("20998.5"));
  EXPECT_EQ(c.closes.results[0].attempts, 1U);
  EXPECT_EQ(c.closes.results[0].rule_id, "RULE-001");
  EXPECT_EQ(c.stamps.journaled, 300);
}

TEST_F(Enforcing, TheReportOfAnIntentCarriesItsCloseResult) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  book_now();
  const auto reports = all<Enforcer::Report>();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_NE(reports[0].report.detail.find(R"("status":"closed")"), std::string::npos);
  EXPECT_NE(reports[0].report.detail.find(R"("requested_size":2)"), std::string::npos);
}

} // namespace
} // namespace bulkhead::testing
