#include "protocol/net/websocket_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

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

/// Accepts the upgrade and hands the websocket to `script`.
TestServer::Script speak(std::function<void(ServerSocket&)> script) {
  return [script = std::move(script)](Peer& peer) {
    ServerSocket socket(peer);
    socket.accept();
    script(socket);
  };
}

void echo(ServerSocket& socket) {
  for (;;) {
    boost::beast::flat_buffer buffer;
    socket.read(buffer);
    socket.text(socket.got_text());
    socket.write(buffer.data());
  }
}

void read_until_closed(ServerSocket& socket) {
  boost::beast::flat_buffer buffer;
  for (;;) socket.read(buffer);
}

struct Fixture {
  boost::asio::io_context io{1};
  WebsocketProbe probe;

  [[nodiscard]] bool wait_open(int times = 1) {
    return run_until(io, [&] { return probe.opened == times || !probe.closed.empty(); }) &&
           probe.opened == times;
  }
  [[nodiscard]] bool wait_closed(std::size_t times = 1) {
    return run_until(io, [&] { return probe.closed.size() == times; });
  }
  [[nodiscard]] bool wait_message(std::size_t times = 1) {
    return run_until(io, [&] { return probe.messages.size() == times || !probe.closed.empty(); });
  }
  /// Lets everything that is still under way happen: with no work left, run() returns.
  void drain() {
    io.restart();
    io.run();
  }
};

TEST(WebsocketTransport, EchoesOverTls) {
  testing::TestAuthority authority;
  TestServer server(speak(echo), authority.issue("DNS:localhost,IP:127.0.0.1"));
  Fixture f;
  BeastWebsocketTransport transport(f.io, make_tls_context(authority.ca_file()).value());
  transport.open(loopback(server.port(), true, "localhost"), "/hub?access_token=t", f.probe.handlers());
  ASSERT_TRUE(f.wait_open());
  const MonotonicNanos before = monotonic_now();
  transport.send("hello");
  transport.send(std::string(40'000, 'x')); // more than one TLS record
  ASSERT_TRUE(f.wait_message(2));
  EXPECT_EQ(f.probe.messages, (std::vector<std::string>{"hello", std::string(40'000, 'x')}));
  EXPECT_GT(f.probe.last_received, before);
}

TEST(WebsocketTransport, SendsTargetHostAndUserAgent) {
  std::string request;
  TestServer server([&](Peer& peer) {
    request = peer.read_request();
    peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/hubs/user?access_token=secret", f.probe.handlers());
  ASSERT_TRUE(f.wait_closed());
  EXPECT_TRUE(request.starts_with("GET /hubs/user?access_token=secret HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Host: 127.0.0.1:" + std::to_string(server.port())), std::string::npos);
  EXPECT_NE(request.find("User-Agent: bulkhead\r\n"), std::string::npos);
  EXPECT_EQ(f.probe.closed.front().code(), Errc::unauthorized);
  EXPECT_EQ(f.probe.closed.front().message().find("secret"), std::string::npos);
}

TEST(WebsocketTransport, DeliversAFragmentedMessageWhole) {
  TestServer server(speak([](ServerSocket& socket) {
    for (const char* part : {"one ", "two "})
      socket.write_some(false, boost::asio::buffer(std::string(part)));
    socket.ping({}); // a control frame between fragments
    socket.write_some(true, boost::asio::buffer(std::string("three")));
    read_until_closed(socket);
  }));
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_message());
  EXPECT_EQ(f.probe.messages, std::vector<std::string>{"one two three"});
}

TEST(WebsocketTransport, GathersWhatIsAtHandUpToABoundAndLosesNothingAtTheEnd) {
  std::promise<void> written;
  TestServer server(speak([&](ServerSocket& socket) {
    for (int i = 100; i < 200; ++i) socket.write(boost::asio::buffer(std::to_string(i)));
    socket.write(boost::asio::buffer(std::string()));
    written.set_value();
    socket.close("enough");
  }));
  Fixture f;
  WebsocketLimits limits;
  limits.gather = 30;
  BeastWebsocketTransport transport(f.io, nullptr, limits);
  auto handlers = f.probe.handlers();
  handlers.on_open = [&, count = handlers.on_open] {
    count();
    written.get_future().wait_for(std::chrono::seconds{10}); // the loop stands still meanwhile
  };
  const auto before = monotonic_now();
  transport.open(loopback(server.port()), "/", std::move(handlers));
  ASSERT_TRUE(f.wait_closed());
  std::string all;
  for (const auto& message : f.probe.messages) {
    EXPECT_LE(message.size(), 32U);
    all += message;
  }
  std::string sent;
  for (int i = 100; i < 200; ++i) sent += std::to_string(i);
  EXPECT_EQ(all, sent);
  EXPECT_LT(f.probe.messages.size(), 20U);
  EXPECT_GT(f.probe.last_received, before);
}

TEST(WebsocketTransport, AMessageThatComesAloneIsHandedOverAlone) {
  TestServer server(speak(echo));
  Fixture f;
  WebsocketLimits limits;
  limits.gather = 1000;
  BeastWebsocketTransport transport(f.io, nullptr, limits);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_open());
  for (const std::size_t round : {1U, 2U, 3U}) {
    transport.send("x");
    ASSERT_TRUE(f.wait_message(round));
  }
  transport.send(""); // says that the gateway lives
  ASSERT_TRUE(f.wait_message(4));
  EXPECT_EQ(f.probe.messages, (std::vector<std::string>{"x", "x", "x", ""}));
}

TEST(WebsocketTransport, ClosesOnAMessageAboveTheLimit) {
  TestServer server(speak([](ServerSocket& socket) {
    socket.write(boost::asio::buffer(std::string(1000, 'x')));
    socket.write(boost::asio::buffer(std::string(1001, 'x')));
    read_until_closed(socket);
  }));
  Fixture f;
  WebsocketLimits limits;
  limits.max_message = 1000;
  BeastWebsocketTransport transport(f.io, nullptr, limits);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_closed());
  EXPECT_EQ(f.probe.messages.size(), 1U);
  EXPECT_EQ(f.probe.closed.front().code(), Errc::out_of_range) << f.probe.closed.front().message();
}

TEST(WebsocketTransport, RefusesBinaryMessages) {
  TestServer server(speak([](ServerSocket& socket) {
    socket.binary(true);
    socket.write(boost::asio::buffer(std::string("\x01")));
    read_until_closed(socket);
  }));
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_closed());
  EXPECT_EQ(f.probe.closed.front().code(), Errc::malformed);
}

TEST(WebsocketTransport, ReportsAPeerDropOnceAndOpensAgain) {
  TestServer server([](Peer& peer) {
    ServerSocket socket(peer);
    socket.accept();
    if (peer.number() == 1) return peer.reset();
    echo(socket);
  });
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_closed());
  f.drain();
  EXPECT_EQ(f.probe.closed.size(), 1U);
  EXPECT_EQ(f.probe.closed.front().code(), Errc::io);
  f.probe = {};
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_open());
  transport.send("again");
  ASSERT_TRUE(f.wait_message());
  EXPECT_EQ(f.probe.messages, std::vector<std::string>{"again"});
}

TEST(WebsocketTransport, ReportsThePeersCloseReasonWithoutControlBytes) {
  TestServer server(speak([](ServerSocket& socket) {
    socket.close({boost::beast::websocket::close_code::policy_error, "go\x1b[31m away"});
  }));
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_closed());
  EXPECT_EQ(f.probe.closed.front().message(), "closed by the peer (code 1008: go?[31m away)");
}

TEST(WebsocketTransport, MayBeOpenedAgainFromOnClosed) {
  TestServer server(speak([](ServerSocket& socket) { socket.close({}); }));
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  auto handlers = f.probe.handlers();
  const auto second = handlers;
  handlers.on_closed = [&](const model::Error&) { transport.open(loopback(server.port()), "/", second); };
  transport.open(loopback(server.port()), "/", handlers);
  ASSERT_TRUE(f.wait_closed());
  EXPECT_EQ(f.probe.opened, 2);
}

TEST(WebsocketTransport, ClosesWithAHandshake) {
  std::promise<int> code;
  TestServer server([&](Peer& peer) {
    ServerSocket socket(peer);
    socket.accept();
    boost::beast::flat_buffer buffer;
    boost::system::error_code ec;
    while (!ec) socket.read(buffer, ec);
    code.set_value(socket.reason().code);
  });
  Fixture f;
  BeastWebsocketTransport transport(f.io, nullptr);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_open());
  transport.close();
  transport.close();
  ASSERT_TRUE(f.wait_closed());
  f.drain();
  EXPECT_EQ(f.probe.closed.size(), 1U);
  EXPECT_EQ(code.get_future().get(), 1000);
}

TEST(WebsocketTransport, DropsAPeerThatDoesNotConfirmTheClose) {
  TestServer server([](Peer& peer) {
    ServerSocket(peer).accept();
    peer.wait_for_end();
  });
  Fixture f;
  WebsocketLimits limits;
  limits.close_timeout = std::chrono::milliseconds(20);
  BeastWebsocketTransport transport(f.io, nullptr, limits);
  transport.open(loopback(server.port()), "/", f.probe.handlers());
  ASSERT_TRUE(f.wait_open());
  transport.close();
  ASSERT_TRUE(f.wait_closed());
  f.drain();
  EXPECT_EQ(f.probe.closed.size(), 1U);
}

} // namespace
} // namespace bulkhead::protocol::net
