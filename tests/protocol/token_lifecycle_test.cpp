#include "protocol/token_lifecycle.hpp"

#include <gtest/gtest.h>

#include "protocol/jwt.hpp"

namespace bulkhead::protocol {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant t0 = Instant{1'800'000'000s};
// {"alg":"none"} . {"sub":"trader1","exp":1800036000} . signature: ends ten hours after t0.
const std::string ten_hour_jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0cmFkZXIxIiwiZXhwIjoxODAwMDM2MDAwfQ.c2ln";

TokenLifecycle logged_in(const std::string& token = "opaque", Instant now = t0) {
  TokenLifecycle life(1);
  EXPECT_EQ(life.start(now), TokenAction::login);
  life.on_login_ok(token, now);
  return life;
}

TEST(Jwt, ReadsTheExpClaimAndNothingFromRubbish) {
  EXPECT_EQ(jwt_expiry(ten_hour_jwt), t0 + 10h);
  EXPECT_EQ(jwt_expiry("a.eyJleHAiOjE4MDAwMDAwMDB9.b"), t0);     // {"exp":1800000000}
  EXPECT_EQ(jwt_expiry("a.eyJleHAiOiAxODAwMDAwMDAwfQ==.b"), t0); // padded
  for (const std::string_view bad :
       {"", ".", "..", "a.b", "opaque", "a.!!!.c", "a.e30.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOi01fQ.c",
        "a.eyJleHAiOjk5OTk5OTk5OTk5OTk5OTk5OX0.c", "a.WzFd.c"}) {
    EXPECT_EQ(jwt_expiry(bad), std::nullopt) << bad;
  }
}

TEST(TokenLifecycle, LogsInOnceAndServesTheToken) {
  TokenLifecycle life(1);
  EXPECT_EQ(life.token(t0), std::nullopt);
  EXPECT_EQ(life.start(t0), TokenAction::login);
  EXPECT_EQ(life.start(t0), TokenAction::none);
  EXPECT_EQ(life.state(), TokenState::logging_in);
  life.on_login_ok("opaque", t0);
  EXPECT_EQ(life.state(), TokenState::valid);
  EXPECT_EQ(life.token(t0), "opaque");
  EXPECT_EQ(life.generation(), 1u);
}

TEST(TokenLifecycle, TakesTwentyFourHoursWhenTheTokenSaysNothing) {
  const auto life = logged_in("opaque");
  EXPECT_EQ(life.expires_at(), t0 + 24h);
  EXPECT_EQ(life.next_timer(), t0 + 22h);
  EXPECT_EQ(life.token(t0 + 24h - 1us), "opaque");
  EXPECT_EQ(life.token(t0 + 24h), std::nullopt);
}

TEST(TokenLifecycle, PlansByTheExpClaim) {
  const auto life = logged_in(ten_hour_jwt);
  EXPECT_EQ(life.expires_at(), t0 + 10h);
  EXPECT_EQ(life.next_timer(), t0 + 8h);
}

TEST(TokenLifecycle, IgnoresAnEndInThePastOrBeyondADay) {
  EXPECT_EQ(logged_in(ten_hour_jwt, t0 + 11h).expires_at(), t0 + 35h);
  EXPECT_EQ(logged_in(ten_hour_jwt, t0 - 48h).expires_at(), t0 - 24h);
}

TEST(TokenLifecycle, RefreshesAShortTokenAtHalfItsLife) {
  EXPECT_EQ(logged_in(ten_hour_jwt, t0 + 9h).next_timer(), t0 + 9h + 30min);
}

TEST(TokenLifecycle, RenewsTwoHoursBeforeTheEnd) {
  auto life = logged_in();
  EXPECT_EQ(life.on_timer(t0 + 22h - 1us), TokenAction::none);
  EXPECT_EQ(life.on_timer(t0 + 22h), TokenAction::validate);
  EXPECT_EQ(life.on_timer(t0 + 22h), TokenAction::none); // one request in flight
  EXPECT_EQ(life.state(), TokenState::refreshing);
  EXPECT_EQ(life.token(t0 + 22h), "opaque");
  EXPECT_EQ(life.on_validated("newer", t0 + 22h), TokenAction::none);
  EXPECT_EQ(life.token(t0 + 22h), "newer");
  EXPECT_EQ(life.generation(), 2u);
  EXPECT_EQ(life.next_timer(), t0 + 44h);
}

TEST(TokenLifecycle, KeepsTheTokenThatValidateDidNotReplaceAndLogsInBeforeItEnds) {
  auto life = logged_in();
  (void)life.on_timer(t0 + 22h);
  EXPECT_EQ(life.on_validated("", t0 + 22h), TokenAction::none);
  EXPECT_EQ(life.token(t0 + 23h), "opaque");
  EXPECT_EQ(life.on_timer(t0 + 23h), TokenAction::none);
  EXPECT_EQ(life.on_timer(t0 + 24h - 10min), TokenAction::login);
  EXPECT_EQ(life.token(t0 + 24h - 10min), "opaque");
}

TEST(TokenLifecycle, RetriesAFailedRefreshFourTimesAndThenLogsIn) {
  auto life = logged_in();
  Instant now = t0 + 22h;
  for (const auto pause : {30s, 60s, 120s, 300s}) {
    EXPECT_EQ(life.on_timer(now), TokenAction::validate);
    EXPECT_EQ(life.on_validate_failed("HTTP 503", now), TokenAction::none);
    EXPECT_EQ(life.next_timer(), now + pause);
    EXPECT_EQ(life.reason(), "HTTP 503");
    now += pause;
  }
  EXPECT_EQ(life.on_timer(now), TokenAction::validate);
  EXPECT_EQ(life.on_validate_failed("HTTP 503", now), TokenAction::login);
  EXPECT_EQ(life.token(now), "opaque");
  life.on_login_ok("newer", now);
  EXPECT_EQ(life.token(now), "newer");
  EXPECT_EQ(life.reason(), "");
}

TEST(TokenLifecycle, LogsInWhenARefreshCouldNotBeRetriedBeforeTheEnd) {
  auto life = logged_in(ten_hour_jwt, t0 + 10h - 21min);
  const auto refresh = *life.next_timer();
  EXPECT_EQ(refresh, t0 + 10h - 10min - 30s);
  EXPECT_EQ(life.on_timer(refresh), TokenAction::validate);
  EXPECT_EQ(life.on_validate_failed("HTTP 503", refresh), TokenAction::login);
}

TEST(TokenLifecycle, BeginsAnewWithEachToken) {
  auto life = logged_in();
  (void)life.on_timer(t0 + 22h);
  (void)life.on_validate_failed("HTTP 503", t0 + 22h);
  (void)life.on_timer(t0 + 22h + 30s);
  (void)life.on_validated("", t0 + 22h + 30s);
  EXPECT_EQ(life.on_timer(t0 + 24h), TokenAction::login);
  life.on_login_rejected(3, "", t0 + 24h);
  EXPECT_EQ(life.on_timer(t0 + 25h), TokenAction::login);
  life.on_login_ok("newer", t0 + 25h);

  EXPECT_EQ(life.on_timer(t0 + 47h), TokenAction::validate);
  (void)life.on_validate_failed("HTTP 503", t0 + 47h);
  EXPECT_EQ(life.next_timer(), t0 + 47h + 30s);
  EXPECT_EQ(life.on_unauthorized(life.generation(), t0 + 47h), TokenAction::login);
  life.on_login_rejected(3, "", t0 + 47h);
  EXPECT_EQ(life.next_timer(), t0 + 47h + 60s);
}

TEST(TokenLifecycle, RetriesAFailedLoginSoonAndHonoursRetryAfter) {
  TokenLifecycle life(1);
  (void)life.start(t0);
  life.on_login_failed("no route to host", t0);
  EXPECT_EQ(life.state(), TokenState::failed);
  EXPECT_EQ(life.reason(), "no route to host");
  ASSERT_TRUE(life.next_timer());
  EXPECT_GE(*life.next_timer(), t0 + 1s);
  EXPECT_LE(*life.next_timer(), t0 + 3s);
  EXPECT_EQ(life.on_timer(*life.next_timer()), TokenAction::login);
  life.on_login_failed("HTTP 429", t0 + 5s, 45s);
  EXPECT_EQ(life.next_timer(), t0 + 50s);
}

TEST(TokenLifecycle, TreatsAnUnknownErrorOrAMissingTokenAsAFailure) {
  TokenLifecycle life(1);
  (void)life.start(t0);
  life.on_login_rejected(8, "", t0);
  EXPECT_EQ(life.state(), TokenState::failed);
  EXPECT_EQ(life.on_timer(t0 + 1h), TokenAction::login);
  life.on_login_ok("", t0 + 1h);
  EXPECT_EQ(life.state(), TokenState::failed);
  EXPECT_EQ(life.token(t0 + 1h), std::nullopt);
}

TEST(TokenLifecycle, RetriesRefusedCredentialsSlowlyAndSaysWhy) {
  TokenLifecycle life(1);
  Instant now = t0;
  EXPECT_EQ(life.start(now), TokenAction::login);
  for (const auto pause : {60s, 120s, 300s, 300s}) {
    life.on_login_rejected(3, "", now);
    EXPECT_EQ(life.state(), TokenState::refused);
    EXPECT_EQ(life.reason(), "login refused, code 3: user name or API key is wrong");
    EXPECT_EQ(life.next_timer(), now + pause);
    now += pause;
    EXPECT_EQ(life.on_timer(now), TokenAction::login);
  }
  life.on_login_rejected(7, "Please sign.", now);
  EXPECT_EQ(life.reason(),
            "login refused, code 7: agreements are not signed: sign them on the platform (Please sign.)");
}

TEST(TokenLifecycle, SharesOneNewLoginAmongAllWhoGotA401) {
  auto life = logged_in();
  const auto generation = life.generation();
  EXPECT_EQ(life.on_unauthorized(generation, t0 + 1h), TokenAction::login);
  EXPECT_EQ(life.on_unauthorized(generation, t0 + 1h), TokenAction::none);
  EXPECT_EQ(life.token(t0 + 1h), std::nullopt);
  life.on_login_ok("newer", t0 + 1h);
  EXPECT_EQ(life.on_unauthorized(generation, t0 + 1h), TokenAction::none); // a late answer to the old token
  EXPECT_EQ(life.token(t0 + 1h), "newer");
}

TEST(TokenLifecycle, A401DuringRefreshReplacesItByALogin) {
  auto life = logged_in();
  (void)life.on_timer(t0 + 22h);
  EXPECT_EQ(life.on_unauthorized(life.generation(), t0 + 22h), TokenAction::login);
  EXPECT_EQ(life.on_validated("late", t0 + 22h), TokenAction::none);
  EXPECT_EQ(life.token(t0 + 22h), std::nullopt);
}

TEST(TokenLifecycle, A401DuringALoginWaitsForThatLogin) {
  auto life = logged_in();
  (void)life.on_timer(t0 + 22h);
  (void)life.on_validated("", t0 + 22h);
  EXPECT_EQ(life.on_timer(t0 + 24h - 10min), TokenAction::login);
  EXPECT_EQ(life.on_unauthorized(life.generation(), t0 + 24h - 9min), TokenAction::none);
  EXPECT_EQ(life.token(t0 + 24h - 9min), std::nullopt);
}

TEST(TokenLifecycle, DoesNotHammerTheLoginWhenFreshTokensAreRefused) {
  auto life = logged_in();
  Instant now = t0;
  model::Duration last{0};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(life.on_unauthorized(life.generation(), now), TokenAction::none);
    EXPECT_EQ(life.state(), TokenState::failed);
    ASSERT_TRUE(life.next_timer());
    EXPECT_GT(*life.next_timer() - now, last);
    last = *life.next_timer() - now;
    now = *life.next_timer();
    EXPECT_EQ(life.on_timer(now), TokenAction::login);
    life.on_login_ok("again", now);
  }
  EXPECT_EQ(life.on_unauthorized(life.generation(), now + 2min), TokenAction::login);
}

TEST(TokenLifecycle, IgnoresAnswersItDidNotAskFor) {
  auto life = logged_in();
  life.on_login_ok("stray", t0);
  life.on_login_failed("stray", t0);
  life.on_login_rejected(3, "", t0);
  EXPECT_EQ(life.on_validated("stray", t0), TokenAction::none);
  EXPECT_EQ(life.on_validate_failed("stray", t0), TokenAction::none);
  EXPECT_EQ(life.token(t0), "opaque");
  EXPECT_EQ(life.state(), TokenState::valid);
}

} // namespace
} // namespace bulkhead::protocol
