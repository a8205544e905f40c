#include "actors/wire_log.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

TEST(WireLog, MasksEverySecret) {
  EXPECT_EQ(without_secrets(R"({"userName":"trader1","apiKey":"abc=","x":1})"),
            R"({"userName":"trader1","apiKey":"***","x":1})");
  EXPECT_EQ(without_secrets(R"({"token":"eyJ.a.b","success":true})"), R"({"token":"***","success":true})");
  EXPECT_EQ(without_secrets(R"({"newToken" : "eyJ"})"), R"({"newToken" : "***"})");
  EXPECT_EQ(without_secrets("> open user hub /hubs/user?x=1&access_token=eyJ.a.b&y=2"),
            "> open user hub /hubs/user?x=1&access_token=***&y=2");
}

TEST(WireLog, KeepsTheRestAndNoMoreThanItsLimit) {
  EXPECT_EQ(without_secrets(R"({"type":1,"target":"GatewayUserTrade"})"),
            R"({"type":1,"target":"GatewayUserTrade"})");
  EXPECT_EQ(without_secrets(std::string(100'000, 'x')).size(), 16U * 1024);
}

/// Answers with what it was given, when told to.
class Echo final : public protocol::RestTransport {
public:
  void send(protocol::HttpRequest request, OnReply on_reply) override {
    protocol::HttpReply reply;
    reply.status = 200;
    reply.body = request.body;
    answer_ = [reply = std::move(reply), on_reply = std::move(on_reply)] { on_reply(reply); };
  }
  void answer() { answer_(); }
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 3; }
  void close() override {}

private:
  std::function<void()> answer_;
};

TEST(WireLog, TellsBothWaysOfARequestAndLeavesItAlone) {
  std::vector<std::string> told;
  const auto log = [&](std::string_view what, std::string_view text) {
    told.push_back(std::string(what) + "|" + std::string(text));
  };
  auto echo = std::make_unique<Echo>();
  auto& gateway = *echo;
  const auto transport = logged(std::move(echo), log);
  protocol::HttpRequest request;
  request.target = "/api/Order/cancel";
  request.body = "{}";
  request.lane = {101};
  std::string answered;
  transport->send(request, [&](auto outcome) { answered = outcome->body; });
  gateway.answer();
  EXPECT_EQ(answered, "{}");
  EXPECT_EQ(transport->warm_connections({101}), 3U);
  EXPECT_EQ(told, (std::vector<std::string>{"> POST /api/Order/cancel lane=101|{}",
                                            "< 200 POST /api/Order/cancel lane=101|{}"}));
}

TEST(WireLog, IsNoWrapperWhenItIsOff) {
  auto inner = std::make_unique<Echo>();
  const auto* before = inner.get();
  EXPECT_EQ(logged(std::move(inner), WireLog{}).get(), before);
  const auto off = make_wire_log({}, "/nowhere");
  ASSERT_TRUE(off);
  EXPECT_FALSE(*off);
}

TEST(WireLog, AFileThatCannotBeOpenedIsAnError) {
  model::LoggingConfig config;
  config.wire_file = "/proc/no/such/file";
  EXPECT_FALSE(make_wire_log(config, "/nowhere"));
}

} // namespace
} // namespace bulkhead::actors
