// The outcome table of enforcement and what traders and markets do meanwhile, on the real actor graph in
// virtual time: whatever the gateway answers, the account ends flat by exactly one effect for each thing that
// was open.

#include "tests/support/graph.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

struct Outcome {
  const char* name;
  ModelGateway::Fault fault; // of the first closes
  std::size_t times;
  Duration flat_within;
  std::size_t closes; // requests altogether
  const char* alert;  // empty: people need not be told
};
void PrintTo(const Outcome& row, std::ostream* out) { *out << row.name; }

class OutcomeTable : public ::testing::TestWithParam<Outcome> {};

TEST_P(OutcomeTable, EndsFlatByOneEffect) {
  const auto& row = GetParam();
  Graph graph({max_5()});
  graph.gateway.fault = first(row.times, "closeContract", row.fault);
  graph.gateway.trade(one, mnq(), 6);
  EXPECT_TRUE(graph.run_until(
      [&] { return !graph.certificates(one).empty() && graph.certificates(one).back().achieved; },
      row.flat_within));
  EXPECT_TRUE(graph.gateway.flat(one));
  EXPECT_EQ(graph.gateway.effects.size(), 1U);
  EXPECT_EQ(graph.gateway.count("closeContract"), row.closes);
  EXPECT_TRUE(row.alert[0] == '\0' || graph.alerted(one, row.alert));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, OutcomeTable,
    ::testing::Values(
        Outcome{"Accepted", {}, 1, 1s, 1, ""},
        Outcome{"NotFoundThatAReadContradicts", {.code = 2}, 1, 3s, 2, ""},
        Outcome{"PendingIsReadAfterHalfASecond", {.code = 6}, 1, 3s, 2, ""},
        Outcome{"ContractNotActiveProbesAMinuteLater", {.code = 4}, 1, 65s, 2, "enforcement-deferred"},
        Outcome{"ContractNotFoundProbesAMinuteLater", {.code = 3}, 1, 65s, 2, "enforcement-deferred"},
        Outcome{"AccountNotFoundIsTriedEveryHalfMinute", {.code = 1}, 2, 65s, 3, "account-refused"},
        Outcome{"NotInAnActiveTradingStatus",
                {.code = 5, .message = "Contract is not in an active trading status"},
                1,
                65s,
                2,
                "enforcement-deferred"},
        Outcome{"RejectedOtherwise", {.code = 5, .message = "no"}, 1, 3s, 2, ""},
        Outcome{"UnknownError", {.code = 7}, 1, 3s, 2, ""},
        Outcome{"UnknownCode", {.code = 99}, 1, 3s, 2, ""},
        Outcome{"UnauthorizedIsRepeatedWithTheNewToken", {.status = 401}, 1, 2s, 2, ""},
        Outcome{"UnauthorizedTwice", {.status = 401}, 2, 5s, 3, "token-refused"},
        Outcome{"TooManyRequestsWithoutASaying", {.status = 429}, 2, 5s, 3, ""},
        Outcome{"TooManyRequestsWithRetryAfter",
                {.status = 429, .retry_after = std::chrono::seconds{7}},
                1,
                9s,
                2,
                ""},
        Outcome{"RequestTimeout", {.status = 408}, 1, 3s, 2, ""},
        Outcome{"ServerErrors", {.status = 503}, 2, 4s, 3, ""},
        Outcome{"ConnectionRefused", {.never_arrives = true}, 2, 3s, 1, ""},
        Outcome{"ConnectionResetOnTheWayThere", {.lost_before = true}, 1, 3s, 1, ""},
        Outcome{"ConnectionResetAfterTheEffect", {.lost_after = true}, 1, 3s, 1, ""},
        Outcome{"NoReplyInTime", {.no_effect = true, .reply_delay = 60s}, 1, 10s, 2, ""},
        Outcome{"NoReplyInTimeAfterTheEffect", {.reply_delay = 60s}, 1, 10s, 1, ""},
        Outcome{"Html", {.body = "<html>maintenance</html>", .no_effect = true}, 1, 3s, 2, ""},
        Outcome{"SuccessWithoutEffect", {.no_effect = true}, 1, 3s, 2, ""}),
    [](const auto& row) { return std::string(row.param.name); });

class Meanwhile : public ::testing::Test {
public:
  void expect_flat() {
    graph.run_for(30s);
    EXPECT_TRUE(graph.gateway.flat(one));
    EXPECT_TRUE(graph.gateway.orders[one].empty());
    ASSERT_FALSE(graph.certificates(one).empty());
    EXPECT_TRUE(graph.certificates(one).back().achieved);
    EXPECT_EQ(graph.view(one).enforcing, 0U);
  }
  void hold_back_closes(Duration delay) {
    graph.gateway.fault = first(1, "closeContract", {.reply_delay = delay, .effect_delay = delay});
  }
  /// Locked from its breach on, so that whatever is opened then has to go.
  Graph graph{
      {block("max_contracts", {{"limit", "5"}, {"close_all", "true"}, {"lockout_on_breach", "true"}})}};
};

TEST_F(Meanwhile, AWrongRequestIsNotRepeatedBlindly) {
  graph.gateway.fault = first(1000, "closeContract", {.status = 400});
  graph.gateway.trade(one, mnq(), 6);
  graph.run_for(10s);
  EXPECT_TRUE(graph.alerted(one, "enforcement-failed"));
  EXPECT_LE(graph.gateway.count("closeContract"), 3U);
}

TEST_F(Meanwhile, AFillDuringTheCloseIsClosed) {
  hold_back_closes(200ms);
  graph.gateway.trade(one, mnq(), 6);
  graph.gateway.later(100ms, [&] { graph.gateway.trade(one, mnq(), 8); });
  graph.gateway.later(400ms, [&] { graph.gateway.trade(one, mnq(), 1); });
  expect_flat();
}

TEST_F(Meanwhile, AFlipDuringTheCloseIsClosed) {
  hold_back_closes(200ms);
  graph.gateway.trade(one, mnq(), 6);
  graph.gateway.later(100ms, [&] { graph.gateway.trade(one, mnq(), -4); });
  expect_flat();
}

TEST_F(Meanwhile, ARestingStopThatReversesThePositionIsClosed) {
  graph.gateway.place(
      order(50).sell(6).stop("20900").updated(graph.now()).with([](Order& o) { o.account = one; }));
  graph.run_for(1s);
  graph.gateway.trade(one, mnq(), 6);
  // The stop fills beside the close: first flat, then six short.
  graph.gateway.later(60ms, [&] { graph.gateway.trade(one, mnq(), -6); });
  expect_flat();
}

TEST_F(Meanwhile, AnOrderPlacedDuringTheSweepIsCancelled) {
  hold_back_closes(300ms);
  graph.gateway.trade(one, mnq(), 6);
  graph.gateway.later(200ms, [&] {
    graph.gateway.place(
        order(51).buy(1).limit("20000").updated(graph.now()).with([](Order& o) { o.account = one; }));
  });
  expect_flat();
  EXPECT_GE(graph.gateway.count("cancel"), 1U);
}

TEST_F(Meanwhile, PositionEventsThatComeThriceChangeNothing) {
  graph.gateway.event_copies = 3;
  graph.gateway.trade(one, mnq(), 6);
  expect_flat();
  EXPECT_EQ(graph.gateway.effects.size(), 1U);
}

} // namespace
} // namespace bulkhead::testing
