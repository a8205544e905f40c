// What the caller learns when there is no reply: above all, whether the request may have arrived.
#include "protocol/net/io_thread.hpp"
#include "protocol/net/rest_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

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

HttpRequest post(milliseconds timeout = milliseconds(20'000)) {
  return {lane, "POST", "/api/x", "secret", "{}", timeout};
}

ReplyProbe ask(std::uint16_t port, HttpRequest request = post(), RestLimits limits = {}) {
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(port), nullptr, limits);
  transport.send(std::move(request), probe.on_reply());
  EXPECT_TRUE(run_until(io, [&] { return probe.done(); }));
  transport.close();
  io.restart();
  io.run();
  EXPECT_EQ(probe.calls, 1);
  EXPECT_EQ(probe.message().find("secret"), std::string::npos);
  return probe;
}

TEST(RestFailure, TimeoutAfterTheWriteMayHaveArrived) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  const auto probe = ask(server.port(), post(milliseconds(50)));
  EXPECT_TRUE(probe.failed_with(Errc::timeout, true)) << probe.message();
}

TEST(RestFailure, ARefusedPortIsUnreachable) {
  std::uint16_t port = 0;
  {
    TestServer gone([](Peer&) {});
    port = gone.port();
  }
  const auto probe = ask(port);
  EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
}

TEST(RestFailure, AnUnknownNameIsUnreachable) {
  // A label of 64 characters is refused by the resolver itself, so no query leaves the machine.
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(1, false, std::string(64, 'a')), nullptr);
  transport.send(post(), probe.on_reply());
  ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
  EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
}

TEST(RestFailure, AResetAfterTheRequestMayHaveArrived) {
  TestServer server([](Peer& peer) {
    (void)peer.read_request();
    peer.reset();
  });
  const auto probe = ask(server.port());
  EXPECT_TRUE(probe.failed_with(Errc::io, true)) << probe.message();
  EXPECT_EQ(server.accepted(), 1); // nothing was sent again
}

TEST(RestFailure, AnIdleConnectionClosedJustAsWeWriteMayHaveArrived) {
  std::promise<void> seen_warm;
  std::promise<void> closed;
  TestServer server([&](Peer& peer) {
    if (peer.number() > 1) return peer.wait_for_end();
    seen_warm.get_future().wait();
    peer.reset();
    closed.set_value();
  });
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(server.port()), nullptr);
  transport.set_lane_width(lane, 1);
  // The server drops the connection only once it counts as warm, and until then nobody polls the socket.
  ASSERT_TRUE(run_until(io, [&] { return transport.warm_connections(lane) == 1 || probe.done(); }));
  seen_warm.set_value();
  closed.get_future().wait();
  transport.send(post(), probe.on_reply());
  io.restart();
  io.poll_one(); // the send itself, ahead of the news from the socket
  ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
  EXPECT_TRUE(probe.failed_with(Errc::io, true)) << probe.message();
}

TEST(RestFailure, ATruncatedOrProvisionalReplyIsNoReply) {
  for (const std::string reply :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.0 021 OK\r\n\r\nall of it"}) {
    TestServer server([&](Peer& peer) {
      (void)peer.read_request();
      peer.write(reply);
    });
    const auto probe = ask(server.port());
    EXPECT_TRUE(probe.failed_with(Errc::io, true)) << reply << ": " << probe.message();
  }
}

TEST(RestFailure, AReplyThatIsNoHttpIsMalformed) {
  TestServer server([](Peer& peer) {
    (void)peer.read_request();
    peer.write("SSH-2.0-OpenSSH\r\n");
    peer.wait_for_end();
  });
  const auto probe = ask(server.port());
  EXPECT_TRUE(probe.failed_with(Errc::malformed, true)) << probe.message();
}

TEST(RestFailure, AReplyAboveTheLimitIsRefused) {
  for (const bool chunked : {false, true}) {
    TestServer server([&](Peer& peer) {
      (void)peer.read_request();
      peer.write(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         : "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n");
      if (chunked) peer.write("65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n");
      peer.wait_for_end();
    });
    RestLimits limits;
    limits.max_body = 100;
    const auto probe = ask(server.port(), post(), limits);
    EXPECT_TRUE(probe.failed_with(Errc::out_of_range, true)) << probe.message();
  }
}

TEST(RestFailure, AHandshakeThatTakesTooLongTimesTheRequestOut) {
  testing::TestAuthority authority;
  TestServer server([](Peer& peer) { peer.wait_for_end(); }); // plain: never answers the TLS hello
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(server.port(), true),
                               make_tls_context(authority.ca_file()).value());
  transport.send(post(milliseconds(50)), probe.on_reply());
  ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
  transport.close();
  io.restart();
  io.poll(); // what is under way ends on its loop
  EXPECT_TRUE(probe.failed_with(Errc::timeout, false)) << probe.message();
}

TEST(RestFailure, MalformedRequestsFailWithoutASocketAndNotInsideSend) {
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(1), nullptr);
  transport.send({lane, "POST", "/a b", "", ""}, probe.on_reply());
  EXPECT_FALSE(probe.done());
  ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
  EXPECT_TRUE(probe.failed_with(Errc::malformed, false)) << probe.message();
}

TEST(RestFailure, CloseFailsWhatIsInFlightAndWhatComesLater) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  boost::asio::io_context io{1};
  RestLimits limits;
  limits.max_per_lane = 1;
  BeastRestTransport transport(io, loopback(server.port()), nullptr, limits);
  transport.set_lane_width(lane, 1);
  ASSERT_TRUE(run_until(io, [&] { return transport.warm_connections(lane) == 1; }));
  ReplyProbe in_flight;
  ReplyProbe queued;
  ReplyProbe late;
  transport.send(post(), in_flight.on_reply());
  transport.send(post(), queued.on_reply());
  transport.close();
  transport.send(post(), late.on_reply());
  io.restart();
  io.run(); // returns, so no socket and no timer is left
  EXPECT_TRUE(in_flight.failed_with(Errc::io, true)) << in_flight.message();
  EXPECT_TRUE(queued.failed_with(Errc::io, false)) << queued.message();
  EXPECT_TRUE(late.failed_with(Errc::io, false)) << late.message();
  EXPECT_EQ(transport.warm_connections(lane), 0U);
}

TEST(RestFailure, DestructionCallsNobodyAndLeavesNothing) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  boost::asio::io_context io{1};
  ReplyProbe probe;
  {
    BeastRestTransport transport(io, loopback(server.port()), nullptr);
    transport.set_lane_width(lane, 3);
    transport.send(post(), probe.on_reply());
    ASSERT_TRUE(run_until(io, [&] { return transport.warm_connections(lane) == 2; }));
  }
  io.restart();
  io.run();
  EXPECT_FALSE(probe.done());
}

TEST(RestFailure, MayBeDestroyedByItsOwnCallback) {
  TestServer server([](Peer& peer) {
    (void)peer.read_request();
    peer.reply("{}");
    peer.wait_for_end();
  });
  boost::asio::io_context io{1};
  auto transport = std::make_unique<BeastRestTransport>(io, loopback(server.port()), nullptr);
  transport->send(post(), [&](RestTransport::Outcome) { transport.reset(); });
  ASSERT_TRUE(run_until(io, [&] { return transport == nullptr; }));
  io.restart();
  io.run();
}

TEST(RestFailure, CanBeUsedFromAnyThread) {
  TestServer server([](Peer& peer) {
    for (;;) {
      (void)peer.read_request();
      peer.reply("{}");
    }
  });
  IoThread thread("test-io", [](std::string_view what) { ADD_FAILURE() << what; });
  std::atomic<int> replies{0};
  std::promise<void> all;
  BeastRestTransport transport(thread.context(), loopback(server.port()), nullptr);
  transport.set_lane_width(lane, 2);
  std::vector<std::thread> senders;
  for (int s = 0; s < 2; ++s)
    senders.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        transport.send(post(), [&](RestTransport::Outcome outcome) {
          EXPECT_TRUE(outcome.has_value());
          if (++replies == 100) all.set_value();
        });
    });
  for (auto& sender : senders) sender.join();
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_LE(transport.warm_connections(lane), 16U);
}

} // namespace
} // namespace bulkhead::protocol::net
