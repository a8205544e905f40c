#include "protocol/signalr/session.hpp"

#include <gtest/gtest.h>

#include "protocol/signalr/message_writer.hpp"

#include <string>

namespace bulkhead::protocol::signalr {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant t0 = Instant{1'800'000'000s};
const std::string ok = "{}\x1e";
const model::Error dropped(model::Errc::io, "connection reset");

HubSession make(SessionConfig config = {}) {
  return HubSession(config, [](std::string_view, protocol::PaddedJson) {});
}

SendText ask(std::string_view target, std::string_view arguments, std::string_view id) {
  return SendText{encode_invocation(target, arguments, id)};
}

TEST(HubSubscriptions, AreSentAfterTheHandshakeAndAgainAfterEachLoss) {
  auto session = make();
  EXPECT_EQ(session.add_subscription("orders/5", "SubscribeOrders", "[5]", t0), Actions{});
  EXPECT_EQ(session.add_subscription("accounts", "SubscribeAccounts", "[]", t0), Actions{});
  (void)session.start(t0);
  (void)session.on_open(t0);
  const Actions connected{Connected{}, ask("SubscribeOrders", "[5]", "0"),
                          ask("SubscribeAccounts", "[]", "1")};
  EXPECT_EQ(session.on_bytes(ok, t0), connected);
  EXPECT_EQ(session.state(), HubState::subscribing);
  EXPECT_EQ(session.on_bytes(encode_completion("1"), t0), Actions{});
  EXPECT_EQ(session.on_bytes(encode_completion("0"), t0), Actions{Subscribed{}});
  EXPECT_EQ(session.state(), HubState::live);

  (void)session.on_transport_closed(dropped, t0 + 1s);
  EXPECT_EQ(session.on_timer(t0 + 1s), Actions{OpenSocket{}});
  (void)session.on_open(t0 + 1s);
  EXPECT_EQ(session.on_bytes(ok, t0 + 1s), connected);
}

TEST(HubSubscriptions, AreSentAtOnceWhenConnected) {
  auto session = make();
  (void)session.start(t0);
  (void)session.on_open(t0);
  (void)session.on_bytes(ok, t0);
  EXPECT_EQ(session.add_subscription("q", "SubscribeContractQuotes", "[\"C\"]", t0),
            (Actions{ask("SubscribeContractQuotes", "[\"C\"]", "0")}));
  EXPECT_EQ(session.state(), HubState::subscribing);
  EXPECT_EQ(session.add_subscription("q", "SubscribeContractQuotes", "[\"C\"]", t0), Actions{});
  EXPECT_EQ(session.on_bytes(encode_completion("0"), t0), Actions{Subscribed{}});
  EXPECT_EQ(session.add_subscription("q", "SubscribeContractQuotes", "[\"D\"]", t0),
            (Actions{ask("SubscribeContractQuotes", "[\"D\"]", "1")}));
}

TEST(HubSubscriptions, AreReportedAndAskedAgainWhenRefused) {
  auto session = make();
  (void)session.add_subscription("q", "SubscribeContractQuotes", "[\"C\"]", t0);
  (void)session.start(t0);
  (void)session.on_open(t0);
  (void)session.on_bytes(ok, t0);
  const auto refused = session.on_bytes(encode_completion("0", "Failed to invoke"), t0);
  ASSERT_EQ(refused.size(), 1u);
  const auto& failure = std::get<SubscriptionFailed>(refused[0]);
  EXPECT_EQ(failure.target, "SubscribeContractQuotes");
  EXPECT_EQ(failure.arguments, "[\"C\"]");
  EXPECT_EQ(failure.error, "Failed to invoke");
  ASSERT_TRUE(failure.retry_at);
  EXPECT_GE(*failure.retry_at, t0 + 1600ms);
  EXPECT_LE(*failure.retry_at, t0 + 2400ms);
  EXPECT_EQ(session.next_timer(), failure.retry_at);
  EXPECT_EQ(session.on_timer(*failure.retry_at), (Actions{ask("SubscribeContractQuotes", "[\"C\"]", "1")}));
  EXPECT_EQ(session.on_bytes(encode_completion("0"), t0 + 3s), Actions{}); // the first id means nothing now
  EXPECT_EQ(session.on_bytes(encode_completion("1"), t0 + 3s), Actions{Subscribed{}});
}

TEST(HubSubscriptions, CountAsRefusedWhenNoAnswerComes) {
  auto session = make();
  (void)session.add_subscription("a", "SubscribeAccounts", "[]", t0);
  (void)session.start(t0);
  (void)session.on_open(t0);
  (void)session.on_bytes(ok, t0);
  (void)session.on_bytes(encode_ping(), t0 + 14s);
  const auto out = session.on_timer(t0 + 15s);
  ASSERT_FALSE(out.empty());
  EXPECT_EQ(std::get<SubscriptionFailed>(out[0]).error, "no answer in time");
}

TEST(HubSubscriptions, AreRemovedWithTheOppositeCall) {
  auto session = make();
  (void)session.add_subscription("q", "SubscribeContractQuotes", "[\"C\"]", t0);
  EXPECT_EQ(session.remove_subscription("q", "UnsubscribeContractQuotes", "[\"C\"]", t0), Actions{});
  (void)session.add_subscription("q", "SubscribeContractQuotes", "[\"C\"]", t0);
  (void)session.start(t0);
  (void)session.on_open(t0);
  (void)session.on_bytes(ok, t0);
  EXPECT_EQ(session.remove_subscription("other", "X", "[]", t0), Actions{});
  const SendText unsubscribe{encode_invocation("UnsubscribeContractQuotes", "[\"C\"]")};
  EXPECT_EQ(session.remove_subscription("q", "UnsubscribeContractQuotes", "[\"C\"]", t0),
            (Actions{unsubscribe, Subscribed{}}));
  EXPECT_EQ(session.state(), HubState::live);
}

TEST(HubSubscriptions, AreBounded) {
  auto session = make();
  for (std::size_t i = 0; i < Subscriptions::most; ++i) {
    ASSERT_TRUE(session.add_subscription(std::to_string(i), "T", "[]", t0).empty());
  }
  EXPECT_EQ(session.add_subscription("one more", "T", "[]", t0),
            (Actions{SubscriptionFailed{"T", "[]", "too many subscriptions", std::nullopt}}));
}

SessionConfig negotiating() {
  SessionConfig config;
  config.skip_negotiation = false;
  return config;
}

TEST(HubNegotiation, OpensWithTheConnectionToken) {
  auto session = make(negotiating());
  EXPECT_EQ(session.start(t0), Actions{Negotiate{}});
  EXPECT_EQ(session.state(), HubState::negotiating);
  EXPECT_EQ(session.on_negotiated(R"({"negotiateVersion":1,"connectionId":"c","connectionToken":"t"})", t0),
            (Actions{OpenSocket{"", "", "t"}}));
}

TEST(HubNegotiation, FollowsRedirectsWithTheirTokenTenTimes) {
  auto session = make(negotiating());
  (void)session.start(t0);
  const std::string redirect = R"({"url":"https://b.example/hubs/user","accessToken":"s"})";
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(session.on_negotiated(redirect, t0), (Actions{Negotiate{"https://b.example/hubs/user", "s"}}));
  }
  EXPECT_EQ(std::get<Lost>(session.on_negotiated(redirect, t0).at(0)).reason,
            "negotiate redirected too often");
}

TEST(HubNegotiation, ConnectsWhereTheRedirectLed) {
  auto session = make(negotiating());
  (void)session.start(t0);
  (void)session.on_negotiated(R"({"url":"https://b.example/h","accessToken":"s"})", t0);
  EXPECT_EQ(session.on_negotiated(R"({"connectionToken":"t"})", t0),
            (Actions{OpenSocket{"https://b.example/h", "s", "t"}}));
}

TEST(HubNegotiation, ComesBackAfterErrorsAndSilence) {
  auto session = make(negotiating());
  (void)session.start(t0);
  auto out = session.on_negotiate_failed(401, t0);
  EXPECT_EQ(out, (Actions{Lost{"negotiate failed with HTTP 401", false, true, false}, ReconnectAt{t0}}));
  EXPECT_EQ(session.on_timer(t0), Actions{Negotiate{}});
  out = session.on_timer(t0 + 30s);
  EXPECT_EQ(std::get<Lost>(out.at(0)).reason, "no answer to negotiate in time");
  EXPECT_EQ(session.on_negotiated(R"({"connectionToken":"late"})", t0 + 30s), Actions{});
  EXPECT_EQ(session.on_timer(t0 + 40s), Actions{Negotiate{}});
  out = session.on_negotiated(R"({"error":"closed today"})", t0 + 40s);
  EXPECT_EQ(std::get<Lost>(out.at(0)).reason, "negotiate refused: closed today");
}

} // namespace
} // namespace bulkhead::protocol::signalr
