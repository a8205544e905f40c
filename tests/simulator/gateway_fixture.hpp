#pragma once
// A running simulated gateway with clients logged in, for the tests over real sockets.

#include "simulator/simulated_gateway.hpp"
#include "tests/support/simulator/gateway_client.hpp"

#include <gtest/gtest.h>

namespace bulkhead::simulator {

inline const std::string mnq_id = "CON.F.US.MNQ.U26";

class RunningGateway {
public:
  explicit RunningGateway(SimulatorOptions options = {})
      : gateway(std::move(options)),
        ports(gateway.start().value()),
        rest(ports.port),
        control(ports.control_port) {
    rest.login();
  }
  nlohmann::json post(const std::string& target, const nlohmann::json& body) {
    const auto reply = rest.post(target, body);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
    return reply.json();
  }
  nlohmann::json script(const std::string& target, const nlohmann::json& body) {
    const auto reply = control.post(target, body);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
    return reply.json();
  }
  void hold(std::int32_t quantity, std::int64_t account = 101) {
    script("/sim/position", {{"accountId", account},
                             {"contractId", mnq_id},
                             {"type", quantity < 0 ? 2 : 1},
                             {"size", std::abs(quantity)}});
  }
  [[nodiscard]] nlohmann::json open_positions(std::int64_t account = 101) {
    return post("/api/Position/searchOpen", {{"accountId", account}}).at("positions");
  }
  /// Connected, past the handshake, subscribed to everything of the account.
  [[nodiscard]] std::unique_ptr<testing::HubClient> user_hub(std::int64_t account = 101) {
    auto hub = std::make_unique<testing::HubClient>(ports.port, "/hubs/user?access_token=" + rest.token());
    EXPECT_EQ(hub->status(), 101);
    EXPECT_FALSE(hub->handshake().contains("error"));
    EXPECT_FALSE(hub->call("SubscribeAccounts", nlohmann::json::array()).contains("error"));
    for (const auto* method : {"SubscribeOrders", "SubscribePositions", "SubscribeTrades"}) {
      EXPECT_FALSE(hub->call(method, {account}).contains("error")) << method;
    }
    return hub;
  }

  SimulatedGateway gateway;
  Ports ports;
  testing::HttpClient rest;
  testing::HttpClient control;
};

/// The data of a user event in its envelope.
inline nlohmann::json data_of(const nlohmann::json& event) { return event.at("arguments").at(0).at("data"); }

} // namespace bulkhead::simulator
