// Scripted faults and the control interface over real sockets.
#include "tests/simulator/gateway_fixture.hpp"

#include <gmock/gmock.h>

namespace bulkhead::simulator {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const json close_mnq{{"accountId", 101}, {"contractId", mnq_id}};
const std::string close_path = "/api/Position/closeContract";

TEST(Faults, AReplyLostAfterTheEffectHadItsEffect) {
  RunningGateway at;
  at.hold(1);
  at.script("/sim/fault", {{"kind", "drop_after"}, {"endpoint", "closecontract"}});
  EXPECT_FALSE(at.rest.send("POST", close_path, close_mnq.dump()));
  EXPECT_TRUE(at.open_positions().empty());
  EXPECT_EQ(at.post(close_path, close_mnq).at("errorCode"), 2) << "once only";
}

TEST(Faults, ADropBeforeTheEffectHasNone) {
  RunningGateway at;
  at.hold(1);
  at.script("/sim/fault", {{"kind", "drop_before"}, {"endpoint", "closeContract"}, {"count", 2}});
  EXPECT_FALSE(at.rest.send("POST", close_path, close_mnq.dump()));
  EXPECT_FALSE(at.rest.send("POST", close_path, close_mnq.dump()));
  EXPECT_THAT(at.open_positions(), SizeIs(1));
  EXPECT_EQ(at.post(close_path, close_mnq).at("errorCode"), 0);
}

TEST(Faults, StatusesAndCodesReplaceTheAnswerForOneAccount) {
  RunningGateway at;
  at.hold(1, 101);
  at.hold(1, 102);
  at.script("/sim/fault",
            {{"kind", "status"}, {"status", 500}, {"body", "<html>oops</html>"}, {"accountId", 101}});
  at.script("/sim/fault", {{"kind", "code"}, {"endpoint", "closeContract"}, {"code", 7}, {"accountId", 101}});
  EXPECT_EQ(at.post(close_path, {{"accountId", 102}, {"contractId", mnq_id}}).at("errorCode"), 0);
  const auto broken = at.rest.post(close_path, close_mnq);
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.content_type, "text/html");
  at.script("/sim/fault", {{"kind", "code"}, {"endpoint", "closeContract"}, {"code", 7}});
  EXPECT_EQ(at.post(close_path, close_mnq).at("errorCode"), 7);
  EXPECT_THAT(at.open_positions(), SizeIs(1));
}

TEST(Faults, ADelayedRequestTakesEffectLate) {
  RunningGateway at;
  at.hold(1);
  at.script("/sim/fault", {{"kind", "delay_request"}, {"endpoint", "closeContract"}, {"ms", 20}});
  at.script("/sim/fault", {{"kind", "delay"}, {"endpoint", "searchOpen"}, {"ms", 20}});
  EXPECT_EQ(at.post(close_path, close_mnq).at("errorCode"), 0);
  EXPECT_TRUE(at.open_positions().empty());
}

TEST(Faults, PositionSearchesLagUntilCleared) {
  RunningGateway at;
  at.script("/sim/fault", {{"kind", "position_lag"}, {"ms", 3'600'000}});
  at.hold(2);
  EXPECT_THAT(at.open_positions(), IsEmpty());
  at.script("/sim/fault", {{"kind", "clear"}});
  EXPECT_THAT(at.open_positions(), SizeIs(1));
}

TEST(Faults, HubsDropWithOrWithoutAWord) {
  RunningGateway at;
  auto told = at.user_hub();
  at.script("/sim/fault", {{"kind", "hub_drop"}, {"allowReconnect", true}});
  EXPECT_EQ(told->next(),
            (json{{"type", 7}, {"error", "Connection closed with an error."}, {"allowReconnect", true}}));
  EXPECT_FALSE(told->next());
  auto untold = at.user_hub();
  at.script("/sim/fault", {{"kind", "hub_drop"}, {"close", false}});
  EXPECT_FALSE(untold->next());
}

TEST(Faults, EventsRepeatOrWait) {
  RunningGateway at;
  auto hub = at.user_hub();
  at.script("/sim/fault", {{"kind", "hub_duplicate"}, {"count", 2}});
  at.hold(1);
  EXPECT_THAT(hub->targets_so_far(), SizeIs(7));
  at.script("/sim/fault", {{"kind", "hub_withhold"}});
  at.hold(0);
  EXPECT_THAT(hub->targets_so_far(), IsEmpty());
  at.script("/sim/fault", {{"kind", "hub_release"}});
  EXPECT_THAT(hub->targets_so_far(), SizeIs(5));
}

TEST(Faults, WithheldEventsComeAfterTheirTime) {
  RunningGateway at;
  auto hub = at.user_hub();
  at.script("/sim/fault", {{"kind", "hub_withhold"}, {"ms", 5}});
  at.hold(1);
  EXPECT_EQ(hub->next_event().at("target"), "GatewayUserOrder");
}

TEST(Faults, ExpiredTokensMustBeRenewed) {
  RunningGateway at;
  at.script("/sim/fault", {{"kind", "expire_tokens"}});
  EXPECT_EQ(at.rest.post("/api/Position/searchOpen", {{"accountId", 101}}).status, 401);
  at.rest.login();
  EXPECT_THAT(at.open_positions(), IsEmpty());
}

TEST(Control, ScriptsAnExactLossAndShowsTheWholeTruth) {
  RunningGateway at;
  at.hold(2);
  at.script("/sim/fill", {{"accountId", 101},
                          {"contractId", mnq_id},
                          {"side", 1},
                          {"size", 2},
                          {"price", "20990.75"},
                          {"pnl", -500},
                          {"fees", "0"}});
  at.hold(1);
  at.post(close_path, close_mnq);
  const auto state = at.control.get("/sim/state").json();
  const auto& account = state.at("accounts").at(0);
  EXPECT_EQ(account.at("owner"), "trader1");
  EXPECT_TRUE(account.at("positions").empty());
  EXPECT_EQ(account.at("orders").size(), 4U);
  EXPECT_EQ(account["fills"][1].at("profitAndLoss"), -500);
  EXPECT_EQ(state["requests"].at(close_path), 1);
  ASSERT_EQ(state.at("trading").size(), 1U);
  EXPECT_EQ(state["trading"][0].at("accountId"), 101);
  EXPECT_GT(state["trading"][0].at("receivedNs"), 0);
  EXPECT_EQ(state["trading"][0].at("status"), 200);
}

TEST(Control, RefusesWhatItDoesNotUnderstand) {
  RunningGateway at;
  const std::pair<const char*, json> bad[] = {
      {"/sim/nothing", json::object()},
      {"/sim/position", {{"accountId", 101}, {"contractId", mnq_id}, {"type", 3}, {"size", 1}}},
      {"/sim/position", {{"accountId", 999}, {"contractId", mnq_id}, {"type", 1}, {"size", 1}}},
      {"/sim/quote", {{"contractId", mnq_id}, {"bid", "x"}}},
      {"/sim/quote", {{"contractId", mnq_id}, {"bid", 2}, {"ask", 1}}},
      {"/sim/fault", {{"kind", "earthquake"}}},
      {"/sim/cancel", {{"accountId", 101}, {"orderId", 1}}},
      {"/sim/account", json::array()},
  };
  for (const auto& [path, body] : bad) {
    const auto reply = at.control.post(path, body);
    EXPECT_EQ(reply.status, 400) << path;
    EXPECT_FALSE(reply.body.empty());
  }
}

TEST(Control, ResetGivesANewBookWithHigherIds) {
  RunningGateway at;
  at.hold(1);
  const auto before = at.gateway.snapshot(model::AccountId{101}).value().fills.at(0).id;
  at.script("/sim/reset", json::object());
  EXPECT_THAT(at.open_positions(), IsEmpty());
  at.hold(1);
  EXPECT_GT(at.gateway.snapshot(model::AccountId{101}).value().fills.at(0).id, before);
}

TEST(Control, TheFirmsLiquidationReachesTheStreams) {
  RunningGateway at;
  at.hold(1);
  auto hub = at.user_hub();
  at.script("/sim/liquidate", {{"accountId", 101}});
  EXPECT_THAT(hub->targets_so_far(), SizeIs(6));
  const json order{{"accountId", 101}, {"contractId", mnq_id}, {"type", 2}, {"side", 0}, {"size", 1}};
  EXPECT_EQ(at.post("/api/Order/place", order).at("errorCode"), 4);
}

} // namespace
} // namespace bulkhead::simulator
