#include "protocol/signalr/session.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bulkhead::protocol::signalr {
namespace {

using namespace std::chrono_literals;
using model::Duration;
using model::Instant;

const Instant t0 = Instant{1'800'000'000s};
const std::string ok = "{}\x1e";
const model::Error dropped(model::Errc::io, "connection reset");

struct Hub {
  std::vector<std::string> events;
  HubSession session;
  explicit Hub(SessionConfig config = {})
      : session(config, [this](std::string_view target, protocol::PaddedJson arguments) {
          events.push_back(std::string(target) + std::string(arguments.text));
        }) {}
};

template <class T>
const T* find(const Actions& actions) {
  for (const auto& action : actions) {
    if (const auto* found = std::get_if<T>(&action)) return found;
  }
  return nullptr;
}
template <class T>
bool has(const Actions& actions) {
  return find<T>(actions) != nullptr;
}

/// From OpenSocket to Connected.
void shake_hands(HubSession& session, Instant now) {
  EXPECT_EQ(session.on_open(now), (Actions{SendText{"{\"protocol\":\"json\",\"version\":1}\x1e"}}));
  EXPECT_TRUE(has<Connected>(session.on_bytes(ok, now)));
}

void connect(HubSession& session, Instant now) {
  EXPECT_EQ(session.start(now), (Actions{OpenSocket{}}));
  shake_hands(session, now);
}

/// How long after `now` the session wants to come back.
Duration pause_of(const Actions& actions, Instant now) {
  const auto* at = find<ReconnectAt>(actions);
  return at ? at->at - now : Duration{-1};
}

TEST(HubSession, OpensShakesHandsAndIsLiveWithoutSubscriptions) {
  Hub hub;
  EXPECT_EQ(hub.session.state(), HubState::stopped);
  EXPECT_EQ(hub.session.next_timer(), std::nullopt);
  EXPECT_EQ(hub.session.start(t0), (Actions{OpenSocket{}}));
  EXPECT_EQ(hub.session.start(t0), Actions{});
  (void)hub.session.on_open(t0);
  EXPECT_EQ(hub.session.state(), HubState::handshaking);
  EXPECT_EQ(hub.session.on_bytes(ok, t0), (Actions{Connected{}, Subscribed{}}));
  EXPECT_EQ(hub.session.state(), HubState::live);
}

// The machine slept: what lay in the socket since before is read before the timer has come.
TEST(HubSession, BytesThatComeAfterTheSilenceAreHeardButAreNoSignOfLife) {
  Hub hub;
  connect(hub.session, t0);
  const std::string event = "{\"type\":1,\"target\":\"T\",\"arguments\":[1]}\x1e";
  EXPECT_EQ(hub.session.on_bytes(event, t0 + 29s), Actions{});
  EXPECT_TRUE(has<Lost>(hub.session.on_bytes(event, t0 + 59s)));
  EXPECT_EQ(hub.session.state(), HubState::pausing);
  EXPECT_EQ(hub.events.size(), 2U);
}

TEST(HubSession, ComesBackWithGrowingPausesWithoutEnd) {
  Hub hub;
  (void)hub.session.start(t0);
  Instant now = t0;
  for (const auto delay : {0s, 2s, 10s, 30s, 60s, 60s, 60s}) {
    const auto lost = hub.session.on_transport_closed(dropped, now);
    ASSERT_TRUE(has<Lost>(lost));
    EXPECT_FALSE(find<Lost>(lost)->was_connected);
    EXPECT_GE(pause_of(lost, now), delay * 8 / 10);
    EXPECT_LE(pause_of(lost, now), delay * 12 / 10);
    now = *hub.session.next_timer();
    EXPECT_EQ(hub.session.on_timer(now), (Actions{OpenSocket{}}));
  }
}

TEST(HubSession, ForgivesEarlierFailuresAfterAStableMinute) {
  Hub hub;
  (void)hub.session.start(t0);
  Instant now = t0;
  for (int i = 0; i < 4; ++i) {
    (void)hub.session.on_transport_closed(dropped, now);
    now = *hub.session.next_timer();
    (void)hub.session.on_timer(now);
  }
  shake_hands(hub.session, now);
  EXPECT_EQ(pause_of(hub.session.on_transport_closed(dropped, now + 60s), now + 60s), 0s);
}

TEST(HubSession, WaitsForTheTransportBeforeItOpensAgain) {
  Hub hub;
  connect(hub.session, t0);
  const auto lost = hub.session.on_bytes("rubbish\x1e", t0 + 6s);
  EXPECT_TRUE(has<CloseSocket>(lost));
  EXPECT_EQ(pause_of(lost, t0 + 6s), 0s);
  EXPECT_EQ(hub.session.on_timer(t0 + 7s), Actions{});
  EXPECT_EQ(hub.session.next_timer(), std::nullopt);
  EXPECT_EQ(hub.session.on_bytes("{\"type\":6}\x1e", t0 + 7s), Actions{});
  EXPECT_EQ(hub.session.on_transport_closed(dropped, t0 + 7s), (Actions{OpenSocket{}}));
}

TEST(HubSession, SuspectsAnotherSessionAfterTwoDropsRightAfterConnecting) {
  Hub hub;
  connect(hub.session, t0);
  Instant now = t0 + 1s;
  const auto first = hub.session.on_transport_closed(dropped, now);
  EXPECT_FALSE(find<Lost>(first)->another_session);
  (void)hub.session.on_timer(*hub.session.next_timer());
  shake_hands(hub.session, now);
  const auto second = hub.session.on_bytes("{\"type\":7,\"allowReconnect\":true}\x1e", now + 4s);
  ASSERT_TRUE(has<Lost>(second));
  EXPECT_TRUE(find<Lost>(second)->another_session);
  EXPECT_NE(find<Lost>(second)->reason.find("another session"), std::string::npos);
  EXPECT_GE(pause_of(second, now + 4s), 1600ms);
}

TEST(HubSession, DoesNotSuspectAnotherSessionWhenOneLivedLonger) {
  Hub hub;
  connect(hub.session, t0);
  (void)hub.session.on_transport_closed(dropped, t0 + 1s);
  (void)hub.session.on_timer(t0 + 1s);
  shake_hands(hub.session, t0 + 1s);
  (void)hub.session.on_transport_closed(dropped, t0 + 7s);
  (void)hub.session.on_timer(t0 + 20s);
  shake_hands(hub.session, t0 + 20s);
  EXPECT_FALSE(find<Lost>(hub.session.on_transport_closed(dropped, t0 + 21s))->another_session);
}

TEST(HubSession, GivesUpAnOpeningAndAHandshakeThatTakeTooLong) {
  Hub hub;
  (void)hub.session.start(t0);
  EXPECT_EQ(hub.session.next_timer(), t0 + 30s);
  EXPECT_EQ(hub.session.on_timer(t0 + 30s - 1us), Actions{});
  EXPECT_TRUE(has<CloseSocket>(hub.session.on_timer(t0 + 30s)));
  EXPECT_EQ(hub.session.on_open(t0 + 31s), Actions{});
  (void)hub.session.on_transport_closed(dropped, t0 + 31s);
  (void)hub.session.on_open(t0 + 32s);
  EXPECT_EQ(hub.session.next_timer(), t0 + 47s);
  EXPECT_TRUE(has<Lost>(hub.session.on_timer(t0 + 47s)));
}

TEST(HubSession, StopsWithAGoodbyeAndStartsAgain) {
  Hub hub;
  connect(hub.session, t0);
  EXPECT_EQ(hub.session.stop(t0 + 1s), (Actions{SendText{"{\"type\":7}\x1e"}, CloseSocket{}}));
  EXPECT_EQ(hub.session.state(), HubState::stopped);
  EXPECT_EQ(hub.session.start(t0 + 1s), Actions{}); // the old socket is still closing
  EXPECT_EQ(hub.session.on_transport_closed(dropped, t0 + 2s), (Actions{OpenSocket{}}));
  EXPECT_EQ(hub.session.stop(t0 + 2s), (Actions{CloseSocket{}}));
  EXPECT_EQ(hub.session.on_transport_closed(dropped, t0 + 2s), Actions{});
}

TEST(HubSession, ReconnectsOnRequest) {
  Hub hub;
  EXPECT_EQ(hub.session.reconnect("new token", t0), Actions{});
  connect(hub.session, t0);
  (void)hub.session.on_timer(t0 + 10s);
  const auto lost = hub.session.reconnect("new token", t0 + 11s);
  EXPECT_EQ(lost, (Actions{CloseSocket{}, Lost{"new token", true, true, false}, ReconnectAt{t0 + 11s}}));
}

TEST(HubSession, ClosesWhenARecordExceedsTheLimit) {
  SessionConfig config;
  config.record_limit = 64;
  Hub hub(config);
  connect(hub.session, t0);
  const auto lost = hub.session.on_bytes(std::string(65, 'x'), t0);
  ASSERT_TRUE(has<Lost>(lost));
  EXPECT_EQ(find<Lost>(lost)->reason, "a record is longer than 64 bytes");
  EXPECT_EQ(hub.session.counters().protocol_errors, 1u);
}

TEST(HubSession, ForgetsHalfARecordOfTheLastConnection) {
  Hub hub;
  connect(hub.session, t0);
  (void)hub.session.on_bytes("{\"type\":", t0);
  (void)hub.session.on_transport_closed(dropped, t0);
  (void)hub.session.on_timer(t0);
  shake_hands(hub.session, t0);
}

TEST(HubSession, ReportsOneFaultPerCallAndCountsThemAll) {
  Hub hub;
  connect(hub.session, t0);
  const auto out = hub.session.on_bytes("{}\x1e{}\x1e{\"type\":1,\"target\":\"T\"}\x1e", t0);
  EXPECT_EQ(out, (Actions{ProtocolFault{"hub message: no integer `type`"}}));
  EXPECT_EQ(hub.session.counters().protocol_errors, 3u);
  EXPECT_TRUE(has<ProtocolFault>(hub.session.on_bytes("{}\x1e", t0)));
  EXPECT_EQ(hub.session.state(), HubState::live);
}

TEST(HubSession, CountsWhatItSees) {
  Hub hub;
  connect(hub.session, t0);
  const std::string frame =
      "{\"type\":6}\x1e{\"type\":2}\x1e{\"type\":77}\x1e{\"type\":3,\"invocationId\":\"9\"}\x1e"
      "{\"type\":1,\"target\":\"T\",\"arguments\":[1]}\x1e";
  EXPECT_EQ(hub.session.on_bytes(frame, t0), Actions{});
  const auto& counters = hub.session.counters();
  EXPECT_EQ(counters.bytes, frame.size() + ok.size());
  EXPECT_EQ(counters.records, 6u);
  EXPECT_EQ(counters.events, 1u);
  EXPECT_EQ(counters.ignored_types, 1u);
  EXPECT_EQ(counters.unknown_types, 1u);
  EXPECT_EQ(counters.unknown_completions, 1u);
  EXPECT_EQ(counters.connections, 1u);
  EXPECT_EQ(hub.events, std::vector<std::string>{"T[1]"});
}

} // namespace
} // namespace bulkhead::protocol::signalr
