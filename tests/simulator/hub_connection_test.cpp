// Time on a hub connection, without sockets or clocks.
#include "simulator/hub_connection.hpp"

#include <gtest/gtest.h>

namespace bulkhead::simulator {
namespace {

constexpr HubConnection::Nanos second = 1'000'000'000;

HubConnection connection() {
  return HubConnection(
      HubKind::user, "trader1", {},
      {[](Topic, const std::string&) { return true; }, [](HubConnection&, Topic, const std::string&) {}}, 0);
}
void establish(HubConnection& hub) {
  hub.receive("{\"protocol\":\"json\",\"version\":1}\x1e", 0);
  EXPECT_EQ(hub.next_payload(0), "{}\x1e");
}

TEST(HubConnection, GivesUpWithoutAHandshake) {
  auto hub = connection();
  hub.tick(14 * second);
  EXPECT_FALSE(hub.finished());
  hub.tick(15 * second);
  EXPECT_EQ(hub.next_payload(0), "{\"error\":\"Handshake was canceled.\"}\x1e");
  EXPECT_TRUE(hub.finished());
}

TEST(HubConnection, TimesOutAClientOnlyAfterItsFirstPing) {
  auto hub = connection();
  establish(hub);
  hub.tick(1000 * second);
  EXPECT_FALSE(hub.finished()) << "it never pinged";
  hub.receive("{\"type\":6}\x1e", 1000 * second);
  hub.tick(1029 * second);
  EXPECT_FALSE(hub.finished());
  hub.tick(1030 * second);
  EXPECT_TRUE(hub.finished());
}

TEST(HubConnection, PingsAfterItsOwnSilence) {
  auto hub = connection();
  establish(hub);
  hub.tick(14 * second);
  EXPECT_FALSE(hub.next_payload(14 * second));
  hub.tick(15 * second);
  EXPECT_EQ(hub.next_payload(0), "{\"type\":6}\x1e");
}

TEST(HubConnection, BreaksOffOnNonsenseAndIgnoresUnknownTypes) {
  auto hub = connection();
  establish(hub);
  hub.receive("{\"type\":99}\x1e{\"type\":6}\x1e", second);
  EXPECT_FALSE(hub.finished());
  hub.receive("no json\x1e", second);
  EXPECT_TRUE(hub.finished());
  EXPECT_EQ(hub.next_payload(0), "{\"type\":7,\"error\":\"Connection closed with an error.\"}\x1e");
}

TEST(HubConnection, AnswersNothingWithoutAnInvocationId) {
  auto hub = connection();
  establish(hub);
  hub.receive("{\"type\":1,\"target\":\"Foo\",\"arguments\":[]}\x1e", second);
  EXPECT_FALSE(hub.next_payload(0));
}

TEST(HubConnection, ARecordAboveTheLimitEndsIt) {
  auto hub = connection();
  establish(hub);
  hub.receive(std::string(33 * 1024, ' '), second);
  EXPECT_TRUE(hub.finished());
}

TEST(HubConnection, AStalledOneSaysNothingMore) {
  auto hub = connection();
  establish(hub);
  hub.stall();
  hub.tick(60 * second);
  EXPECT_FALSE(hub.next_payload(0));
  EXPECT_FALSE(hub.finished());
}

} // namespace
} // namespace bulkhead::simulator
