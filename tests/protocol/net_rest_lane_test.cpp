// How many connections a lane opens, keeps, replaces and shares.
#include "protocol/net/rest_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
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
constexpr LaneId other{8};

void answer(Peer& peer) {
  for (;;) {
    (void)peer.read_request();
    peer.reply("{}");
  }
}

void keep_silent(Peer& peer) { peer.wait_for_end(); }

HttpRequest post(LaneId where, milliseconds timeout = milliseconds(20'000)) {
  return {where, "POST", "/api/x", "", "{}", timeout};
}

struct Fixture {
  explicit Fixture(const TestServer& server, RestLimits limits = {})
      : transport(io, loopback(server.port()), nullptr, limits) {}

  [[nodiscard]] bool wait(const std::function<bool()>& done) { return run_until(io, done); }
  [[nodiscard]] bool warm(std::size_t connections, LaneId which = lane) {
    return wait([&] { return transport.warm_connections(which) == connections; });
  }
  ReplyProbe& send(HttpRequest request) {
    probes.emplace_back();
    transport.send(std::move(request), probes.back().on_reply());
    return probes.back();
  }

  boost::asio::io_context io{1};
  std::deque<ReplyProbe> probes; // outlives the transport
  BeastRestTransport transport;
};

TEST(RestLane, ReplacesAnIdleConnectionThatThePeerCloses) {
  TestServer server([](Peer& peer) {
    if (peer.number() <= 2) return; // closes at once
    answer(peer);
  });
  Fixture f(server);
  f.transport.set_lane_width(lane, 2);
  ASSERT_TRUE(f.wait([&] { return server.accepted() == 4 && f.transport.warm_connections(lane) == 2; }));
  const auto& probe = f.send(post(lane));
  ASSERT_TRUE(f.wait([&] { return probe.done(); }));
  EXPECT_TRUE(probe.outcome->has_value()) << probe.message();
}

TEST(RestLane, DropsAnIdleConnectionOnWhichSomethingArrivesUnasked) {
  TestServer server([](Peer& peer) {
    if (peer.number() == 1) peer.reply("{}", "Connection: close\r\n"); // what proxies say before they close
    keep_silent(peer);
  });
  Fixture f(server);
  f.transport.set_lane_width(lane, 1);
  EXPECT_TRUE(f.wait([&] { return server.accepted() == 2 && f.transport.warm_connections(lane) == 1; }));
}

TEST(RestLane, PausesBetweenReplacementsThatKeepDying) {
  TestServer server([](Peer&) {});
  RestLimits limits;
  limits.first_backoff = std::chrono::hours(1);
  limits.max_backoff = std::chrono::hours(1);
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 1);
  // The first one, one replacement at once, then the pause.
  ASSERT_TRUE(f.wait([&] { return server.accepted() == 2; }));
  EXPECT_FALSE(run_until(
      f.io, [&] { return server.accepted() > 2; }, milliseconds(100)));
}

TEST(RestLane, ARequestDoesNotWaitForThePause) {
  TestServer server([](Peer& peer) {
    if (peer.number() > 2) answer(peer);
  });
  RestLimits limits;
  limits.first_backoff = std::chrono::hours(1);
  limits.max_backoff = std::chrono::hours(1);
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 3);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.wait([&] { return server.accepted() >= 2; }));
  // Requests may still meet a connection that dies; one of the next connections answers, and then the lane is
  // warm again without the hour's pause.
  f.transport.set_lane_width(lane, 2);
  ASSERT_TRUE(f.wait([&] {
    if (f.probes.empty() || (f.probes.back().done() && f.probes.back().outcome->has_error()))
      f.send(post(lane));
    return f.probes.back().done() && f.probes.back().outcome->has_value();
  }));
  EXPECT_TRUE(f.warm(2));
}

TEST(RestLane, ATimeoutReplacesWhatWasSilentSince) {
  TestServer server([](Peer& peer) {
    if (peer.number() <= 3) return keep_silent(peer); // a router between forgot them
    answer(peer);
  });
  Fixture f(server);
  f.transport.set_lane_width(lane, 3);
  ASSERT_TRUE(f.warm(3));
  const auto& lost = f.send(post(lane, milliseconds(20)));
  ASSERT_TRUE(f.wait([&] { return lost.done(); }));
  EXPECT_TRUE(lost.failed_with(Errc::timeout, true)) << lost.message();
  ASSERT_TRUE(f.wait([&] { return server.accepted() == 6 && f.transport.warm_connections(lane) == 3; }));
  const auto& next = f.send(post(lane));
  ASSERT_TRUE(f.wait([&] { return next.done(); }));
  EXPECT_TRUE(next.outcome->has_value()) << next.message();
}

TEST(RestLane, AFrontWithoutAGatewayIsLeftUnlessItIsNew) {
  for (const auto renewed_after : {milliseconds(0), milliseconds(3'600'000)}) {
    TestServer server([](Peer& peer) {
      (void)peer.read_request();
      peer.write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
      keep_silent(peer);
    });
    RestLimits limits;
    limits.renewed_after = renewed_after;
    Fixture f(server, limits);
    f.transport.set_lane_width(lane, 2);
    ASSERT_TRUE(f.warm(2));
    const auto& probe = f.send(post(lane));
    ASSERT_TRUE(f.wait([&] { return probe.done(); }));
    ASSERT_TRUE(probe.outcome->has_value()) << probe.message();
    EXPECT_EQ(probe.outcome->value().status, 503);
    const int opened = renewed_after == milliseconds(0) ? 4 : 2;
    ASSERT_TRUE(
        f.wait([&] { return server.accepted() == opened && f.transport.warm_connections(lane) == 2; }));
  }
}

TEST(RestLane, OpensNoMoreThanItsShareAndQueuesTheRest) {
  std::atomic<int> requests{0};
  TestServer server([&](Peer& peer) {
    for (;;) {
      (void)peer.read_request();
      ++requests;
      peer.reply("{}");
    }
  });
  RestLimits limits;
  limits.max_per_lane = 3;
  Fixture f(server, limits);
  for (int i = 0; i < 20; ++i) f.send(post(lane));
  ASSERT_TRUE(f.wait(
      [&] { return std::all_of(f.probes.begin(), f.probes.end(), [](auto& p) { return p.done(); }); }));
  for (const auto& probe : f.probes) EXPECT_TRUE(probe.outcome->has_value()) << probe.message();
  EXPECT_LE(server.accepted(), 3);
  EXPECT_EQ(requests, 20);
}

TEST(RestLane, AFullQueueFailsTheNextRequest) {
  TestServer server(keep_silent);
  RestLimits limits;
  limits.max_per_lane = 1;
  limits.max_queued = 2;
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.warm(1));
  for (int i = 0; i < 4; ++i) f.send(post(lane));
  ASSERT_TRUE(f.wait([&] { return f.probes[3].done(); }));
  EXPECT_TRUE(f.probes[3].failed_with(Errc::full, false)) << f.probes[3].message();
  EXPECT_FALSE(f.probes[0].done() || f.probes[1].done() || f.probes[2].done());
}

TEST(RestLane, AQueuedRequestTimesOutWithoutHavingArrived) {
  TestServer server(keep_silent);
  RestLimits limits;
  limits.max_per_lane = 1;
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 1);
  ASSERT_TRUE(f.warm(1));
  f.send(post(lane));
  const auto& second = f.send(post(lane, milliseconds(50)));
  ASSERT_TRUE(f.wait([&] { return second.done(); }));
  EXPECT_TRUE(second.failed_with(Errc::timeout, false)) << second.message();
}

TEST(RestLane, AllLanesTogetherStayBelowTheLimit) {
  TestServer server(answer);
  RestLimits limits;
  limits.max_connections = 8;
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 8);
  ASSERT_TRUE(f.warm(7)); // warming leaves an eighth
  f.transport.set_lane_width(other, 8);
  const auto& probe = f.send(post(LaneId{0}));
  ASSERT_TRUE(f.wait([&] { return probe.done(); }));
  EXPECT_TRUE(probe.outcome->has_value()) << probe.message(); // so that reads get through
  EXPECT_EQ(f.transport.warm_connections(other), 0U);
  EXPECT_EQ(server.accepted(), 8);
}

TEST(RestLane, ASpareConnectionGivesWayToALaneThatHasNone) {
  TestServer server(answer);
  RestLimits limits;
  limits.max_connections = 1;
  Fixture f(server, limits);
  ASSERT_TRUE(f.wait([&, &probe = f.send(post(lane))] { return probe.done(); }));
  const auto& probe = f.send(post(other));
  ASSERT_TRUE(f.wait([&] { return probe.done(); }));
  EXPECT_TRUE(probe.outcome->has_value()) << probe.message();
  EXPECT_EQ(server.accepted(), 2);
}

TEST(RestLane, ALaneWithoutAnyBorrowsWhenAllSlotsAreKeptWarmByOthers) {
  TestServer server(answer);
  RestLimits limits;
  limits.max_connections = 2;
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 1);
  f.transport.set_lane_width(other, 1);
  ASSERT_TRUE(f.warm(1));
  ASSERT_TRUE(f.warm(1, other));
  for (int i = 0; i < 5; ++i) f.send(post(LaneId{9}));
  for (const auto& probe : f.probes) {
    ASSERT_TRUE(f.wait([&] { return probe.done(); }));
    EXPECT_TRUE(probe.outcome->has_value()) << probe.message();
  }
  EXPECT_EQ(server.accepted(), 2);
  EXPECT_TRUE(f.warm(1) && f.warm(1, other)); // given back
}

TEST(RestLane, AStuckLaneBorrowsTwoConnectionsAndNoMore) {
  TestServer server(keep_silent);
  RestLimits limits;
  limits.max_connections = 3;
  Fixture f(server, limits);
  f.transport.set_lane_width(lane, 3);
  ASSERT_TRUE(f.warm(3));
  for (int i = 0; i < 3; ++i) f.send(post(other));
  ASSERT_TRUE(f.warm(1));
  EXPECT_FALSE(run_until(
      f.io, [&] { return f.transport.warm_connections(lane) == 0; }, milliseconds(20)));
}

TEST(RestLane, WaitsForASlotThatFrees) {
  std::promise<void> release;
  const auto gate = release.get_future().share();
  TestServer server([gate](Peer& peer) {
    (void)peer.read_request();
    gate.wait();
    peer.reply("{}");
    answer(peer);
  });
  RestLimits limits;
  limits.max_connections = 1;
  Fixture f(server, limits);
  const auto& first = f.send(post(lane));
  ASSERT_TRUE(f.wait([&] { return server.accepted() == 1; }));
  const auto& second = f.send(post(other));
  EXPECT_FALSE(run_until(
      f.io, [&] { return second.done(); }, milliseconds(20)));
  release.set_value();
  ASSERT_TRUE(f.wait([&] { return first.done() && second.done(); }));
  EXPECT_TRUE(second.outcome->has_value()) << second.message();
}

} // namespace
} // namespace bulkhead::protocol::net
