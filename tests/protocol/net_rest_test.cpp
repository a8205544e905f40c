#include "protocol/net/rest_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <gtest/gtest.h>

namespace bulkhead::protocol::net {
namespace {

using model::Errc;
using std::chrono::milliseconds;
using testing::loopback;
using testing::Peer;
using testing::ReplyProbe;
using testing::run_until;
using testing::TestServer;

constexpr LaneId lane{7};

void answer(Peer& peer) {
  for (;;) {
    (void)peer.read_request();
    peer.reply("{\"success\":true}");
  }
}

/// Reads one request, writes these bytes, and closes.
TestServer::Script once(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    (void)peer.read_request();
    peer.write(bytes);
  };
}

HttpRequest post(LaneId where = lane, milliseconds timeout = milliseconds(20'000)) {
  return {where, "POST", "/api/x", "token", "{}", timeout};
}

struct Fixture {
  explicit Fixture(const TestServer& server, RestLimits limits = {})
      : transport(io, loopback(server.port()), nullptr, limits) {}

  [[nodiscard]] ReplyProbe ask(HttpRequest request = post()) {
    ReplyProbe probe;
    transport.send(std::move(request), probe.on_reply());
    EXPECT_TRUE(run_until(io, [&] { return probe.done(); }));
    return probe;
  }
  [[nodiscard]] bool warm(std::size_t connections, LaneId which = lane) {
    return run_until(io, [&] { return transport.warm_connections(which) == connections; });
  }

  boost::asio::io_context io{1};
  BeastRestTransport transport;
};

TEST(RestTransport, WarmsTheWidthAndReusesIt) {
  TestServer server(answer);
  Fixture f(server);
  f.transport.set_lane_width(lane, 2);
  ASSERT_TRUE(f.warm(2));
  for (int i = 0; i < 5; ++i) {
    const auto probe = f.ask();
    ASSERT_TRUE(probe.outcome->has_value()) << probe.message();
    EXPECT_EQ(probe.reply().status, 200);
    EXPECT_EQ(probe.reply().body, "{\"success\":true}");
    EXPECT_GT(probe.reply().written, 0);
    EXPECT_GE(probe.reply().received, probe.reply().written);
  }
  EXPECT_EQ(server.accepted(), 2);
}

TEST(RestTransport, KeepsConnectionsWhileTheWidthOfALaneGoesUpAndDown) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  Fixture f(server);
  f.transport.set_lane_width(lane, 3);
  ASSERT_TRUE(f.warm(3) && run_until(f.io, [&] { return server.accepted() == 3; }));
  for (const std::size_t width : {1U, 3U, 2U, 3U}) {
    f.transport.set_lane_width(lane, width);
    EXPECT_TRUE(f.warm(3));
  }
  EXPECT_EQ(server.accepted(), 3);
}

TEST(RestTransport, ALaneGrowsAndShrinks) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  RestLimits limits;
  limits.narrows_after = milliseconds(20);
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.warm(1));
  f.transport.set_lane_width(lane, 4);
  ASSERT_TRUE(f.warm(4));
  f.transport.set_lane_width(lane, 2);
  ASSERT_TRUE(f.warm(2));
  f.transport.set_lane_width(lane, 0);
  ASSERT_TRUE(f.warm(0));
  f.transport.set_lane_width(lane, 1000);
  EXPECT_TRUE(f.warm(16));
}

TEST(RestTransport, SendsTwoRequestsAtOnceOnTwoConnections) {
  std::promise<void> both;
  std::atomic<int> arrived{0};
  const auto gate = both.get_future().share();
  TestServer server([&, gate](Peer& peer) {
    (void)peer.read_request();
    if (++arrived == 2) both.set_value();
    gate.wait(); // the replies come only when both requests are there
    peer.reply("{}");
    peer.wait_for_end();
  });
  Fixture f(server);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.warm(1));
  ReplyProbe first;
  ReplyProbe second;
  f.transport.send(post(), first.on_reply());
  f.transport.send(post(), second.on_reply());
  const bool done = run_until(f.io, [&] { return first.done() && second.done(); });
  if (arrived < 2) both.set_value();
  ASSERT_TRUE(done);
  EXPECT_EQ(server.accepted(), 2);
}

TEST(RestTransport, WritesWithoutAPostOnTheIoThread) {
  TestServer server(answer);
  Fixture f(server);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.warm(1));
  ReplyProbe probe;
  MonotonicNanos later = 0;
  boost::asio::post(f.io, [&] {
    boost::asio::post(f.io, [&] { later = monotonic_now(); });
    f.transport.send(post(), probe.on_reply());
  });
  ASSERT_TRUE(run_until(f.io, [&] { return probe.done(); }));
  EXPECT_LT(probe.reply().written, later);
}

TEST(RestTransport, ASlowLaneDelaysNoOther) {
  TestServer server([](Peer& peer) {
    for (;;) {
      if (peer.read_request().find("/slow") == std::string::npos) peer.reply("{}");
    }
  });
  Fixture f(server);
  f.transport.set_lane_width(lane, 1);
  f.transport.set_lane_width(LaneId{8}, 1);
  ASSERT_TRUE(f.warm(1) && f.warm(1, LaneId{8}));
  ReplyProbe slow;
  auto request = post(LaneId{8});
  request.target = "/slow";
  f.transport.send(request, slow.on_reply());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(f.ask().outcome->has_value());
  EXPECT_FALSE(slow.done());
  EXPECT_EQ(server.accepted(), 2);
}

TEST(RestTransport, ReadsChunkedReplies) {
  TestServer server(
      once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"));
  Fixture f(server);
  EXPECT_EQ(f.ask().reply().body, "abcdefg");
}

TEST(RestTransport, ReadsRepliesThatLastUntilTheConnectionEnds) {
  TestServer server(once("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>"));
  Fixture f(server);
  const auto probe = f.ask();
  EXPECT_EQ(probe.reply().status, 502);
  EXPECT_EQ(probe.reply().body, "<html>");
}

TEST(RestTransport, ReadsEmptyReplies) {
  TestServer server([](Peer& peer) {
    (void)peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    (void)peer.read_request();
    peer.write("HTTP/1.1 204 No Content\r\n\r\n");
    peer.wait_for_end();
  });
  Fixture f(server);
  EXPECT_EQ(f.ask().reply().body, "");
  EXPECT_EQ(f.ask({lane, "GET", "/", "", ""}).reply().status, 204);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(RestTransport, SkipsInterimReplies) {
  TestServer server(once("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"));
  Fixture f(server);
  const auto probe = f.ask();
  EXPECT_EQ(probe.reply().status, 201);
  EXPECT_EQ(probe.reply().body, "ok");
}

TEST(RestTransport, OpensANewConnectionAfterConnectionClose) {
  TestServer server([](Peer& peer) {
    (void)peer.read_request();
    peer.reply("{}", "Connection: close\r\n");
    peer.wait_for_end();
  });
  Fixture f(server);
  EXPECT_TRUE(f.ask().outcome->has_value());
  EXPECT_TRUE(f.ask().outcome->has_value());
  EXPECT_EQ(server.accepted(), 2);
}

TEST(RestTransport, ReadsRetryAfterAndDate) {
  TestServer server(once("HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                         "Retry-After: Sun, 06 Nov 1994 08:49:49 GMT\r\nContent-Length: 0\r\n\r\n"));
  Fixture f(server);
  const auto probe = f.ask();
  EXPECT_EQ(probe.reply().status, 429);
  EXPECT_EQ(probe.reply().retry_after, std::chrono::seconds(12));
  EXPECT_EQ(probe.reply().server_time, model::parse_instant("1994-11-06T08:49:37Z").value());
}

TEST(RestTransport, ReadsAReplyThatComesByteByByte) {
  const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  TestServer server([&](Peer& peer) {
    (void)peer.read_request();
    for (const char c : reply) peer.write({&c, 1});
    peer.wait_for_end();
  });
  Fixture f(server);
  EXPECT_EQ(f.ask().reply().body, "hello");
}

TEST(RestTransport, WorksOverTlsWithLargeBodies) {
  testing::TestAuthority authority;
  TestServer server(
      [](Peer& peer) {
        for (;;) peer.reply(std::string(peer.read_request().size(), 'y'));
      },
      authority.issue("DNS:localhost"));
  boost::asio::io_context io{1};
  BeastRestTransport transport(io, loopback(server.port(), true, "localhost"),
                               make_tls_context(authority.ca_file()).value());
  transport.set_lane_width(lane, 1);
  ASSERT_TRUE(run_until(io, [&] { return transport.warm_connections(lane) == 1; }));
  for (int i = 0; i < 3; ++i) {
    ReplyProbe probe;
    auto request = post();
    request.body.assign(100'000, 'x');
    transport.send(request, probe.on_reply());
    ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
    EXPECT_GT(probe.reply().body.size(), 100'000U);
  }
  EXPECT_EQ(server.accepted(), 1);
}

} // namespace
} // namespace bulkhead::protocol::net
