// Both hubs over real sockets: admission, subscriptions, events and their shapes.
#include "tests/simulator/gateway_fixture.hpp"

#include <gmock/gmock.h>

namespace bulkhead::simulator {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> of_one_fill() {
  return {"GatewayUserOrder", "GatewayUserOrder", "GatewayUserTrade", "GatewayUserPosition",
          "GatewayUserAccount"};
}

TEST(Hub, AdmitsByTokenAndNegotiatedId) {
  RunningGateway at;
  const auto token = "access_token=" + at.rest.token();
  EXPECT_EQ(testing::HubClient(at.ports.port, "/hubs/user").status(), 401);
  EXPECT_EQ(testing::HubClient(at.ports.port, "/hubs/user?access_token=x").status(), 401);
  EXPECT_EQ(testing::HubClient(at.ports.port, "/hubs/user?id=unknown&" + token).status(), 404);
  EXPECT_EQ(testing::HubClient(at.ports.port, "/hubs/other?" + token).status(), 404);
  const auto v1 = at.post("/hubs/user/negotiate?negotiateVersion=1&" + token, "");
  EXPECT_EQ(v1.at("negotiateVersion"), 1);
  EXPECT_NE(v1.at("connectionToken"), v1.at("connectionId"));
  const auto target = "/hubs/user?id=" + v1.at("connectionToken").get<std::string>() + "&" + token;
  testing::HubClient first(at.ports.port, target);
  EXPECT_EQ(first.status(), 101);
  EXPECT_EQ(testing::HubClient(at.ports.port, target).status(), 409);
  const auto v0 = at.post("/hubs/market/negotiate?" + token, "");
  EXPECT_FALSE(v0.contains("connectionToken"));
  testing::HubClient market(at.ports.port,
                            "/hubs/market?id=" + v0.at("connectionId").get<std::string>() + "&" + token);
  EXPECT_EQ(market.status(), 101);
  at.rest.use_token("");
  EXPECT_EQ(at.rest.post("/hubs/user/negotiate?negotiateVersion=1", "").status, 401);
}

TEST(Hub, RefusesAnotherProtocol) {
  RunningGateway at;
  testing::HubClient hub(at.ports.port, "/hubs/user?access_token=" + at.rest.token());
  hub.send({{"protocol", "messagepack"}, {"version", 1}});
  EXPECT_EQ(hub.next(), (json{{"error", "The protocol 'messagepack' is not supported."}}));
  EXPECT_FALSE(hub.next());
}

TEST(Hub, CompletesCallsWithTheServersWords) {
  RunningGateway at;
  auto hub = at.user_hub();
  EXPECT_EQ(hub->call("Foo", json::array()).at("error"), "Unknown hub method 'Foo'");
  const auto binding = "Failed to invoke 'SubscribeOrders' due to an error on the server.";
  EXPECT_EQ(hub->call("SubscribeOrders", json::array({json::array({101})})).at("error"), binding)
      << "a nested array";
  EXPECT_EQ(hub->call("SubscribeOrders", {"101"}).at("error"), binding) << "a string";
  EXPECT_EQ(hub->call("SubscribeOrders", {101, 102}).at("error"), binding);
  EXPECT_EQ(hub->call("SubscribeContractQuotes", {mnq_id}).at("error"),
            "Unknown hub method 'SubscribeContractQuotes'");
  EXPECT_FALSE(hub->call("subscribeorders", {102}).contains("error")) << "names are case-insensitive";
  EXPECT_FALSE(hub->call("SubscribeOrders", {201}).contains("error")) << "a stranger's account is silent";
}

TEST(Hub, TellsOfAFillInOrderAndAsSeenOnTheWire) {
  RunningGateway at;
  auto hub = at.user_hub();
  at.hold(-1);
  const auto pending = hub->next_event();
  EXPECT_EQ(pending.at("target"), "GatewayUserOrder");
  EXPECT_FALSE(pending.contains("invocationId"));
  EXPECT_EQ(data_of(pending).at("status"), 6);
  EXPECT_FALSE(data_of(pending).contains("limitPrice")) << "streams leave nulls out";
  EXPECT_EQ(data_of(pending).at("creationTimestamp").get<std::string>().size(), 33U)
      << "seven digits and an offset";
  EXPECT_EQ(data_of(hub->next_event()).at("filledPrice"), 21000.25);
  const auto fill = hub->next_event();
  EXPECT_EQ(fill.at("target"), "GatewayUserTrade");
  EXPECT_EQ(fill["arguments"][0].at("action"), 0);
  EXPECT_FALSE(data_of(fill).contains("profitAndLoss"));
  const auto position = hub->next_event();
  EXPECT_EQ(position["arguments"][0].at("action"), 1);
  EXPECT_EQ(data_of(position).at("type"), 2);
  EXPECT_EQ(data_of(position).at("size"), 1);
  EXPECT_EQ(data_of(hub->next_event()).at("balance"), 49999.63);

  at.post("/api/Position/closeContract", {{"accountId", 101}, {"contractId", mnq_id}});
  hub->next_event();
  hub->next_event();
  EXPECT_EQ(data_of(hub->next_event()).at("profitAndLoss"), -0.5);
  const auto closed = hub->next_event();
  EXPECT_EQ(closed["arguments"][0].at("action"), 2);
  EXPECT_EQ(data_of(closed).at("type"), 0);
  EXPECT_EQ(data_of(closed).at("size"), 0);
  EXPECT_EQ(data_of(closed).at("averagePrice"), 21000.25);
}

TEST(Hub, SendsOnlyWhatWasSubscribed) {
  RunningGateway at;
  auto hub = at.user_hub(101);
  at.hold(1, 102);
  EXPECT_THAT(hub->targets_so_far(), ElementsAre("GatewayUserAccount")) << "accounts come as a whole";
  hub->call("UnsubscribeAccounts", json::array());
  hub->call("UnsubscribeTrades", {101});
  at.hold(1, 101);
  EXPECT_THAT(hub->targets_so_far(),
              ElementsAre("GatewayUserOrder", "GatewayUserOrder", "GatewayUserPosition"));
}

TEST(Hub, SubscriptionsVanishWithTheirConnection) {
  RunningGateway at;
  at.user_hub().reset();
  testing::HubClient next(at.ports.port, "/hubs/user?access_token=" + at.rest.token());
  next.handshake();
  at.hold(1);
  EXPECT_THAT(next.targets_so_far(), IsEmpty());
}

TEST(Hub, StreamsMarketDataByContract) {
  RunningGateway at;
  testing::HubClient hub(at.ports.port, "/hubs/market?access_token=" + at.rest.token());
  hub.handshake();
  hub.call("SubscribeContractQuotes", {mnq_id});
  const auto first = hub.next_event();
  EXPECT_EQ(first["arguments"][0], mnq_id);
  EXPECT_EQ(first["arguments"][1].at("symbol"), "F.US.MNQ");
  EXPECT_EQ(first["arguments"][1].at("bestAsk"), 21000.5);
  at.script("/sim/quote", {{"contractId", mnq_id}, {"bid", "21000"}});
  const auto sparse = hub.next_event()["arguments"][1];
  EXPECT_EQ(sparse.at("bestBid"), 21000);
  EXPECT_FALSE(sparse.contains("bestAsk")) << "only what changed";
  hub.call("SubscribeContractTrades", {mnq_id});
  hub.call("UnsubscribeContractQuotes", {mnq_id});
  at.script("/sim/quote", {{"contractId", mnq_id}, {"last", "21001"}});
  const auto print = hub.next_event();
  EXPECT_EQ(print.at("target"), "GatewayTrade");
  EXPECT_TRUE(print["arguments"][1].is_array());
}

TEST(Hub, ForcesOtherShapesOnDemand) {
  SimulatorOptions options;
  options.shape.bare = options.shape.string_ids = options.shape.order_id_for_id = true;
  options.shape.null_elements = options.shape.extra_members = true;
  RunningGateway at(options);
  auto hub = at.user_hub();
  at.hold(1);
  const auto payload = hub->next_event()["arguments"][0];
  ASSERT_TRUE(payload.is_array());
  EXPECT_TRUE(payload[0].is_null());
  EXPECT_FALSE(payload[1].contains("id"));
  EXPECT_TRUE(payload[1].at("orderId").is_string());
  EXPECT_TRUE(payload[1].contains("hints"));
}

TEST(Hub, PacksOrSplitsRecords) {
  SimulatorOptions packed;
  packed.shape.several_records_per_frame = true;
  RunningGateway one(packed);
  auto hub = one.user_hub();
  const auto before = hub->messages();
  one.hold(1);
  hub->next_event();
  EXPECT_EQ(hub->messages() - before, 1U);
  EXPECT_EQ(hub->targets_so_far().size(), 4U);

  SimulatorOptions split;
  split.shape.split_records = true;
  RunningGateway many(split);
  auto pieces = many.user_hub();
  many.hold(1);
  EXPECT_EQ(pieces->targets_so_far(), of_one_fill());
}

TEST(Hub, TheNewestSessionKicksTheOldestIfSoConfigured) {
  SimulatorOptions options;
  options.newest_session_kicks = true;
  RunningGateway at(options);
  auto old = at.user_hub();
  auto fresh = at.user_hub();
  EXPECT_EQ(old->next(),
            (json{{"type", 7}, {"error", "Another session was opened."}, {"allowReconnect", false}}));
  EXPECT_FALSE(old->next());
}

} // namespace
} // namespace bulkhead::simulator
