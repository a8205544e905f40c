// Websockets that never get open, overflow, or go away at a bad moment.
#include "protocol/net/io_thread.hpp"
#include "protocol/net/websocket_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <future>
#include <gtest/gtest.h>

namespace bulkhead::protocol::net {
namespace {

using model::Errc;
using testing::loopback;
using testing::Peer;
using testing::run_until;
using testing::TestServer;
using testing::WebsocketProbe;
using ServerSocket = boost::beast::websocket::stream<Peer&, false>;

void accept_and_talk(Peer& peer) {
  ServerSocket socket(peer);
  socket.accept();
  for (;;) socket.write(boost::asio::buffer(std::string("tick")));
}

std::uint16_t refused_port() {
  boost::asio::io_context io;
  return boost::asio::ip::tcp::acceptor(io, {boost::asio::ip::address_v4::loopback(), 0})
      .local_endpoint()
      .port();
}

TEST(WebsocketTransportEdge, ReportsARefusedPort) {
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  BeastWebsocketTransport transport(io, nullptr);
  transport.open(loopback(refused_port()), "/hub?access_token=secret", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  EXPECT_EQ(probe.closed.front().code(), Errc::unreachable);
  EXPECT_EQ(probe.closed.front().message().find("secret"), std::string::npos);
}

TEST(WebsocketTransportEdge, RefusesAnIllegalTargetWithoutQuotingIt) {
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  BeastWebsocketTransport transport(io, nullptr);
  transport.open(loopback(1), "/hub?access_token=secret\r\nX: y", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  EXPECT_EQ(probe.closed.front().code(), Errc::malformed);
  EXPECT_EQ(probe.closed.front().message().find("secret"), std::string::npos);
}

TEST(WebsocketTransportEdge, GivesUpOnASilentServer) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  WebsocketLimits limits;
  limits.connect_timeout = std::chrono::milliseconds(50);
  BeastWebsocketTransport transport(io, nullptr, limits);
  transport.open(loopback(server.port()), "/", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  EXPECT_EQ(probe.closed.front().code(), Errc::timeout);
}

TEST(WebsocketTransportEdge, GivesUpOnASilentTlsHandshake) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  WebsocketLimits limits;
  limits.connect_timeout = std::chrono::milliseconds(50);
  BeastWebsocketTransport transport(io, make_tls_context().value(), limits);
  transport.open(loopback(server.port(), true), "/", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  EXPECT_EQ(probe.closed.front().code(), Errc::unreachable);
  EXPECT_NE(probe.closed.front().message().find("no answer in time"), std::string::npos);
}

TEST(WebsocketTransportEdge, CloseWhileConnectingReportsOnce) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  BeastWebsocketTransport transport(io, nullptr);
  transport.open(loopback(server.port()), "/", probe.handlers());
  transport.close();
  transport.close();
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  // The same in the middle of the websocket handshake.
  transport.open(loopback(server.port()), "/", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return server.accepted() > 0; }));
  transport.close();
  ASSERT_TRUE(run_until(io, [&] { return probe.closed.size() == 2; }));
  io.restart();
  io.run();
  EXPECT_EQ(probe.closed.size(), 2U);
  EXPECT_EQ(probe.opened, 0);
}

TEST(WebsocketTransportEdge, DestructionWhileOpenCallsNobody) {
  TestServer server(accept_and_talk);
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  {
    BeastWebsocketTransport transport(io, nullptr);
    transport.open(loopback(server.port()), "/", probe.handlers());
    ASSERT_TRUE(run_until(io, [&] { return !probe.messages.empty(); }));
  }
  const auto seen = probe.messages.size();
  io.restart();
  io.run(); // returns: nothing of the connection is left
  EXPECT_EQ(probe.messages.size(), seen);
  EXPECT_TRUE(probe.closed.empty());
}

TEST(WebsocketTransportEdge, MayBeDestroyedByItsOwnHandler) {
  TestServer server(accept_and_talk);
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  auto transport = std::make_unique<BeastWebsocketTransport>(io, nullptr);
  auto handlers = probe.handlers();
  handlers.on_message = [&](std::string_view, MonotonicNanos) { transport.reset(); };
  transport->open(loopback(server.port()), "/", handlers);
  ASSERT_TRUE(run_until(io, [&] { return transport == nullptr; }));
  io.restart();
  io.run();
  EXPECT_TRUE(probe.closed.empty());
}

TEST(WebsocketTransportEdge, DestructionFromAnotherThreadEndsAllCallbacks) {
  TestServer server(accept_and_talk);
  IoThread thread("test-io", [](std::string_view what) { ADD_FAILURE() << what; });
  std::promise<void> talking;
  auto messages = std::make_unique<int>(0);
  {
    BeastWebsocketTransport transport(thread.context(), nullptr);
    transport.open(loopback(server.port()), "/",
                   {[] {},
                    [&](std::string_view, MonotonicNanos) {
                      if (++*messages == 1) talking.set_value();
                    },
                    [](const model::Error&) {}});
    talking.get_future().get();
  }
  EXPECT_GE(*messages, 1);
  messages.reset(); // a late callback would now be a use after free
}

TEST(WebsocketTransportEdge, OverflowOfTheWriteQueueCloses) {
  TestServer server([](Peer& peer) {
    ServerSocket(peer).accept();
    peer.wait_for_end();
  });
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  WebsocketLimits limits;
  limits.max_queued = 4;
  BeastWebsocketTransport transport(io, nullptr, limits);
  transport.open(loopback(server.port()), "/", probe.handlers());
  ASSERT_TRUE(run_until(io, [&] { return probe.opened == 1; }));
  for (int i = 0; i < 5; ++i) transport.send("x");
  EXPECT_TRUE(probe.closed.empty()); // never from inside send()
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  EXPECT_EQ(probe.closed.front().code(), Errc::full);
}

std::string short_frame(unsigned char first, const std::string& content) {
  return static_cast<char>(first) + (static_cast<char>(content.size()) + content);
}

struct Ended {
  std::vector<std::string> messages;
  std::optional<Errc> why;
  std::uint16_t told = 0; // the peer, as the code of the close frame
};

/// What a client makes of frames that all come in one write.
Ended hear_at_once(const std::string& frames, WebsocketLimits limits = {}) {
  std::promise<std::uint16_t> told;
  TestServer server([&](Peer& peer) {
    ServerSocket socket(peer);
    socket.accept();
    boost::asio::write(peer, boost::asio::buffer(frames));
    boost::beast::flat_buffer buffer;
    boost::system::error_code ec;
    while (!ec) socket.read(buffer, ec);
    told.set_value(socket.reason().code);
  });
  boost::asio::io_context io{1};
  WebsocketProbe probe;
  BeastWebsocketTransport transport(io, nullptr, limits);
  transport.open(loopback(server.port()), "/", probe.handlers());
  if (!run_until(io, [&] { return !probe.closed.empty(); })) return {};
  return {probe.messages, probe.closed.front().code(), told.get_future().get()};
}

// What has come whole is read without waiting; whatever stands between must not be lost by that.
TEST(WebsocketTransportEdge, ReadsMessagesOfOneWriteInOrderWhateverStandsBetween) {
  constexpr unsigned char text = 0x81, begins = 0x01, ends = 0x80, ping = 0x89;
  const auto ended = hear_at_once(short_frame(text, "1") + short_frame(text, "") + short_frame(ping, "?") +
                                  short_frame(text, "2") + short_frame(begins, "3 ") +
                                  short_frame(ping, "?") + short_frame(ends, "4") + short_frame(text, "5") +
                                  short_frame(text, "\xFF") + short_frame(text, "never"));
  EXPECT_EQ(ended.messages, (std::vector<std::string>{"1", "", "2", "3 4", "5"}));
  EXPECT_EQ(ended.why, Errc::malformed);
  EXPECT_EQ(ended.told, 1007);
}

TEST(WebsocketTransportEdge, RefusesWhatIsTooLongBehindAMessageOfTheSameWrite) {
  WebsocketLimits limits;
  limits.max_message = 7;
  const auto ended = hear_at_once(short_frame(0x81, "1") + short_frame(0x81, "too long"), limits);
  EXPECT_EQ(ended.messages, std::vector<std::string>{"1"});
  EXPECT_EQ(ended.why, Errc::out_of_range);
  EXPECT_EQ(ended.told, 1009);
}

TEST(WebsocketTransportEdge, DropsWhatIsSentWhileNotOpen) {
  boost::asio::io_context io{1};
  WebsocketLimits limits;
  limits.max_queued = 4;
  BeastWebsocketTransport transport(io, nullptr, limits);
  WebsocketProbe probe;
  transport.open(loopback(refused_port()), "/", probe.handlers());
  for (int i = 0; i < 4; ++i) transport.send("x");
  ASSERT_TRUE(run_until(io, [&] { return !probe.closed.empty(); }));
  transport.send("x"); // the four are not counted any more
  io.restart();
  io.run();
  EXPECT_EQ(probe.closed.size(), 1U);
  EXPECT_EQ(probe.closed.front().code(), Errc::unreachable);
}

TEST(WebsocketTransportEdge, OpeningTwiceIsABugOfTheCaller) {
  boost::asio::io_context io{1};
  BeastWebsocketTransport transport(io, nullptr);
  WebsocketProbe probe;
  transport.open(loopback(1), "/", probe.handlers());
  EXPECT_THROW(transport.open(loopback(1), "/", probe.handlers()), model::InvariantViolation);
}

} // namespace
} // namespace bulkhead::protocol::net
