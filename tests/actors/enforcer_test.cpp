// The enforcement state machine: what it sends, what it makes of answers and reads, and what it never claims.

#include "actors/enforcer.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using actors::Enforcer;
using protocol::projectx::Answer;
using namespace std::chrono_literals;

class Enforcing : public ::testing::Test {
public:
  Instant now = instant("2026-07-15T18:00:00Z");
  Enforcer enforcer{trader()};
  Enforcer::Actions out;

  static EnforcementIntent close(const ContractId& id, std::int32_t held, Epoch epoch = 1) {
    EnforcementIntent intent;
    intent.account = trader(), intent.contract = id, intent.held = held, intent.epoch = epoch;
    intent.source = Source::rule(1), intent.ordinal = 1;
    intent.id = make_intent_id(intent);
    return intent;
  }
  static EnforcementIntent reduce(const ContractId& id, std::int32_t held, std::int32_t target) {
    auto intent = close(id, held);
    intent.kind = EnforcementIntent::Kind::reduce_position, intent.target = target;
    intent.id = make_intent_id(intent);
    return intent;
  }
  static EnforcementIntent cancel(std::int64_t order) {
    auto intent = close(mnq(), 0, 0);
    intent.kind = EnforcementIntent::Kind::cancel_order, intent.order = OrderId{order};
    intent.id = make_intent_id(intent);
    return intent;
  }

  void order(std::vector<EnforcementIntent> intents) {
    out = enforcer.on_intents({std::move(intents), {}}, now);
  }
  void answer(std::uint64_t tag, Answer what, std::optional<std::chrono::seconds> retry_after = {}) {
    now += 1ms;
    out = enforcer.on_answer(tag, {what, 0, "text"}, {"request", "result", 1, 2}, retry_after, now);
  }
  void book(const Reconciled& read) { out = enforcer.on_book(read, 3, now); }
  void book_now(ReadBuilder read_of_now = read(Instant{})) {
    Reconciled rows = read_of_now;
    rows.requested_at = now;
    now += 1ms;
    book(rows);
  }
  /// Lets time pass to the next timer and fires it.
  bool wait() {
    const auto at = enforcer.next_timer();
    if (!at) return false;
    now = std::max(now, *at);
    out = enforcer.on_timer(now);
    return true;
  }
  template <class T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& action : out) {
      if (const auto* one = std::get_if<T>(&action)) found.push_back(*one);
    }
    return found;
  }
  [[nodiscard]] std::vector<Enforcer::Send> sends() const { return all<Enforcer::Send>(); }
  [[nodiscard]] bool reads() const { return !all<Enforcer::ReadBook>().empty(); }
  [[nodiscard]] std::vector<IntentOutcome> outcomes() const {
    std::vector<IntentOutcome> found;
    for (const auto& report : all<Enforcer::Report>()) found.push_back(report.report.outcome);
    return found;
  }
};

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
  ASSERT_EQ(all<actors::Certificate>().size(), 1U);
  EXPECT_TRUE(all<actors::Certificate>()[0].achieved);
  EXPECT_TRUE(enforcer.idle());
}

TEST_F(Enforcing, ClosesAgainWhatAYoungReadStillShowsOpen) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  book_now(read(now).has(position(mnq()).long_(2)));
  EXPECT_TRUE(sends().empty()); // the venue's reads lag: look again first
  ASSERT_TRUE(wait());
  EXPECT_TRUE(reads());
  book_now(read(now).has(position(mnq()).long_(2)));
  ASSERT_TRUE(wait() || !sends().empty());
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
  if (sends().empty()) wait();
  ASSERT_EQ(sends().size(), 1U);
  EXPECT_EQ(sends()[0].size, 2); // recomputed from what was read
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

TEST_F(Enforcing, AnUnknownEffectIsReadBeforeAnythingIsRepeated) {
  for (const auto what : {Answer::transient, Answer::malformed, Answer::unknown_error, Answer::rejected}) {
    Enforcer machine{trader()};
    auto actions = machine.on_intents({{reduce(mnq(), 8, 5)}, {}}, now);
    const auto tag = std::get<Enforcer::Send>(actions[0]).tag;
    actions = machine.on_answer(tag, {what, 0, ""}, {}, std::nullopt, now + 1ms);
    for (const auto& action : actions) EXPECT_FALSE(std::holds_alternative<Enforcer::Send>(action));
  }
}

TEST_F(Enforcing, NotFoundCountsOnceAReadAgrees) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::not_found);
  EXPECT_TRUE(outcomes().empty());
  EXPECT_TRUE(reads());
  book_now();
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::achieved});
}

TEST_F(Enforcing, WaitsAsLongAsTheGatewaySaysWhenItLimitsTheRate) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::rate_limited, 7s);
  EXPECT_EQ(enforcer.next_timer(), now + 7s);
  ASSERT_TRUE(wait());
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, HeldBackByTheBudgetItIsSentWhenTheBudgetAllows) {
  order({close(mnq(), 2)});
  (void)enforcer.on_held_back(sends()[0].tag, now + 3s);
  EXPECT_EQ(enforcer.next_timer(), now + 3s);
  ASSERT_TRUE(wait());
  EXPECT_EQ(sends().size(), 1U);
}

TEST_F(Enforcing, AClosedMarketDefersWithAnAlarm) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::market_closed);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::deferred});
  EXPECT_EQ(all<Alert>().size(), 1U);
  ASSERT_EQ(all<actors::Certificate>().size(), 1U);
  EXPECT_FALSE(all<actors::Certificate>()[0].achieved);
}

TEST_F(Enforcing, AWrongRequestOfOursIsNotRepeated) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::fatal);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::failed});
  EXPECT_TRUE(enforcer.idle());
}

TEST_F(Enforcing, ARefusedAccountIsTriedSlowlyTenTimesAndThenReported) {
  order({close(mnq(), 2)});
  int tries = 1;
  for (answer(sends()[0].tag, Answer::account_refused); outcomes().empty(); ++tries) {
    const auto refused = now;
    ASSERT_TRUE(wait());
    EXPECT_GE(now - refused, 30s);
    answer(sends().at(0).tag, Answer::account_refused);
  }
  EXPECT_EQ(tries, 10);
  EXPECT_EQ(outcomes(), std::vector{IntentOutcome::failed});
}

TEST_F(Enforcing, GoesOnForEverAndAlarmsAfterFiveSweeps) {
  order({close(mnq(), 2)});
  int alarms = 0;
  int closes = 0;
  for (int step = 0; step < 200; ++step) {
    alarms += static_cast<int>(all<Alert>().size());
    if (!sends().empty()) {
      ++closes;
      answer(sends()[0].tag, Answer::accepted);
    } else if (reads()) {
      book_now(read(now).has(position(mnq()).long_(2)));
    } else {
      ASSERT_TRUE(wait());
    }
  }
  EXPECT_EQ(alarms, 1);
  EXPECT_GT(closes, 10);
}

TEST_F(Enforcing, AFailedReadIsRepeated) {
  order({close(mnq(), 2)});
  answer(sends()[0].tag, Answer::accepted);
  (void)enforcer.on_read_failed(now);
  ASSERT_TRUE(wait());
  EXPECT_TRUE(reads());
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

} // namespace
} // namespace bulkhead::testing
