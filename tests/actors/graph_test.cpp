// The main cases of enforcement on the real actor graph, in virtual time.

#include "tests/support/graph.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

/// One account with `quantity` MNQ, its book known; then a sixth contract too many.
void breach(Graph& graph, std::int32_t quantity = 6) { graph.gateway.trade(one, mnq(), quantity); }

class GraphOf : public ::testing::Test {
public:
  explicit GraphOf(RuleBlock rule = max_5()) : graph({std::move(rule)}) {}
  void expect_flat_and_proven(Duration within) {
    EXPECT_TRUE(graph.run_until([&] { return !graph.certificates(one).empty(); }, within));
    EXPECT_TRUE(graph.gateway.flat(one));
    ASSERT_FALSE(graph.certificates(one).empty());
    EXPECT_TRUE(graph.certificates(one).back().achieved);
  }
  Graph graph;
};
class GraphReducing : public GraphOf {
public:
  GraphReducing() : GraphOf(reduce_to_5()) {}
  void expect_five(std::size_t market_effects = 1) {
    graph.run_for(30s);
    EXPECT_EQ(graph.gateway.positions[one][mnq()], 5);
    EXPECT_EQ(graph.gateway.effects.size(), market_effects);
  }
};

TEST_F(GraphOf, ClosesFromTheBookProvesByReadsAndStampsTheWay) {
  breach(graph);
  expect_flat_and_proven(1s);
  ASSERT_GE(graph.gateway.requests.size(), 3U);
  EXPECT_EQ(graph.gateway.requests[0].what, "closeContract"); // no search before it
  const auto c = graph.certificates(one)[0];
  EXPECT_GT(c.stamps.received, 0);
  EXPECT_GE(c.requests.at(0).written, c.stamps.journaled);
  ASSERT_EQ(c.zeros.size(), 1U);
  EXPECT_GT(c.zeros[0].received, c.requests[0].written);
  EXPECT_GE(c.verified, c.zeros[0].received);
  const auto view = graph.view(one);
  EXPECT_EQ(view.enforcing, 0U);
  ASSERT_FALSE(view.stages.empty());
  EXPECT_EQ(view.stages.back().stage, "verified");
}

TEST_F(GraphOf, ALateReplyOnlyDelaysTheProof) {
  graph.gateway.fault = first(1, "closeContract", {.reply_delay = 4s});
  breach(graph);
  expect_flat_and_proven(6s);
  EXPECT_EQ(graph.gateway.count("closeContract"), 1U);
}

TEST_F(GraphOf, ALostReplyAfterTheEffectIsFoundOutByReading) {
  graph.gateway.fault = first(1, "closeContract", {.lost_after = true});
  breach(graph);
  expect_flat_and_proven(3s);
  EXPECT_EQ(graph.gateway.count("closeContract"), 1U);
}

TEST_F(GraphOf, ALostRequestIsRepeatedAfterARead) {
  graph.gateway.fault = first(1, "closeContract", {.lost_before = true});
  breach(graph);
  expect_flat_and_proven(3s);
  EXPECT_EQ(graph.gateway.effects.size(), 1U);
}

TEST_F(GraphOf, ASilentGatewayIsGivenFiveSeconds) {
  graph.gateway.fault = first(1, "closeContract", {.no_effect = true, .reply_delay = 60s});
  breach(graph);
  expect_flat_and_proven(10s);
}

TEST_F(GraphOf, HtmlServerErrorsAndUnknownCodesAreReadAndRepeated) {
  for (const auto& fault : {ModelGateway::Fault{.body = "<html>maintenance</html>", .no_effect = true},
                            ModelGateway::Fault{.status = 502}, ModelGateway::Fault{.status = 408},
                            ModelGateway::Fault{.code = 77}, ModelGateway::Fault{.code = 7},
                            ModelGateway::Fault{.status = 429}, ModelGateway::Fault{.code = 6}}) {
    Graph fresh({max_5()});
    fresh.gateway.fault = first(1, "closeContract", fault);
    breach(fresh);
    fresh.run_for(5s);
    EXPECT_TRUE(fresh.gateway.flat(one)) << fault.status << " " << fault.code;
    EXPECT_EQ(fresh.gateway.effects.size(), 1U) << fault.status << " " << fault.code;
  }
}

TEST_F(GraphOf, SuccessWithoutEffectIsNotBelieved) {
  graph.gateway.fault = first(2, "closeContract", {.no_effect = true});
  breach(graph);
  expect_flat_and_proven(5s);
  EXPECT_EQ(graph.gateway.count("closeContract"), 3U);
}

TEST_F(GraphOf, AnAccountThatNeverGetsFlatAlarmsAndGoesOn) {
  graph.gateway.fault = first(1000, "closeContract", {.no_effect = true});
  graph.gateway.fault = [](const auto& request) {
    return request.trades() ? ModelGateway::Fault{.no_effect = true} : ModelGateway::Fault{};
  };
  breach(graph);
  graph.run_for(60s);
  EXPECT_TRUE(graph.alerted(one, "enforcement-not-flat"));
  EXPECT_FALSE(graph.view(one).alarm.empty());
  graph.gateway.fault = [](const auto&) { return ModelGateway::Fault{}; };
  expect_flat_and_proven(10s);
  EXPECT_TRUE(graph.view(one).alarm.empty());
}

TEST_F(GraphOf, AClosedMarketDefersAndTheOpenEndsIt) {
  graph.gateway.fault = [](const auto& request) {
    return request.trades()
               ? ModelGateway::Fault{.code = 5, .message = "Contract is not in an active trading status"}
               : ModelGateway::Fault{};
  };
  breach(graph);
  graph.run_for(10min);
  EXPECT_TRUE(graph.alerted(one, "enforcement-deferred"));
  EXPECT_EQ(graph.view(one).deferred, 1U);
  EXPECT_LE(graph.gateway.count("closeContract"), 11U); // a probe a minute
  graph.gateway.fault = [](const auto&) { return ModelGateway::Fault{}; };
  graph.run_for(61s);
  EXPECT_TRUE(graph.gateway.flat(one));
}

TEST_F(GraphOf, AFollowerIsShownAsNotEnforceable) {
  graph.gateway.fault = [](const auto& request) {
    return request.trades() ? ModelGateway::Fault{.code = 8, .message = "Live accounts not supported"}
                            : ModelGateway::Fault{};
  };
  EXPECT_TRUE(graph.view(one).enforceable);
  breach(graph);
  graph.run_for(1s);
  EXPECT_FALSE(graph.view(one).enforceable);
  EXPECT_EQ(graph.view(one).refusal, "Live accounts not supported");
  EXPECT_TRUE(graph.alerted(one, "not-enforceable"));
  graph.run_for(10min);
  for (const auto& certificate : graph.certificates(one)) EXPECT_FALSE(certificate.achieved);
}

TEST_F(GraphOf, ALiveAccountIsShownAsNotEnforceableBeforeAnythingHappens) {
  graph.happen(one, testing::account().with([](Account& a) { a.id = one; }).simulated(false).build());
  graph.run_for(1s);
  EXPECT_FALSE(graph.view(one).enforceable);
  EXPECT_TRUE(graph.alerted(one, "not-enforceable"));
}

TEST_F(GraphReducing, ReducesOnceWhateverHappensToTheReply) {
  breach(graph, 8);
  expect_five();
}
TEST_F(GraphReducing, ReducesOnceWhenTheReplyIsLost) {
  graph.gateway.fault = first(1, "partialCloseContract", {.lost_after = true});
  breach(graph, 8);
  expect_five();
}
TEST_F(GraphReducing, ReducesOnceWhenTheEffectIsLate) {
  graph.gateway.fault = first(1, "partialCloseContract", {.effect_delay = 700ms});
  breach(graph, 8);
  expect_five();
}
TEST_F(GraphReducing, ReducesOnceWhenTheReplyIsLate) {
  graph.gateway.fault = first(1, "partialCloseContract", {.reply_delay = 30s});
  breach(graph, 8);
  expect_five();
}
TEST_F(GraphReducing, ReducesOnceWhenPositionEventsComeTwiceAndBeforeTheReply) {
  graph.gateway.event_copies = 2;
  graph.gateway.fault = first(1, "partialCloseContract", {.reply_delay = 2s});
  breach(graph, 8);
  expect_five();
}
TEST_F(GraphReducing, ReducesWhatWasAddedMeanwhileAsWell) {
  graph.gateway.fault = first(1, "partialCloseContract", {.reply_delay = 300ms});
  breach(graph, 8);
  graph.gateway.later(100ms, [&] { graph.gateway.trade(one, mnq(), 9); });
  expect_five(2);
}

} // namespace
} // namespace bulkhead::testing
