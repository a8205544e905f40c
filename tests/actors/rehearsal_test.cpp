#include "actors/rehearsal.hpp"
#include "tests/support/graph.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace std::chrono_literals;

struct Testing : caf::actor_system_config {
  Testing() { set("scheduler.policy", caf::atom("testing")); }
};

class RehearsalTest : public ::testing::Test {
protected:
  RehearsalTest() { sched_.clock().current_time += 1h; } // time 0 has a special meaning
  void start(const model::Config& config, std::shared_ptr<protocol::net::TlsLoop> tls = nullptr) {
    RehearsalDeps deps{time, rehearsed_rules(config), 2ms, std::move(tls),
                       [this](std::string_view wire) { asked.emplace_back(wire); }};
    actor_ = system_.spawn(rehearsal, std::move(deps));
  }
  void run_for(std::chrono::milliseconds span) {
    for (auto left = span; left > 0ms; left -= 1ms) {
      sched_.run();
      sched_.advance_time(1ms);
    }
    sched_.run();
  }
  ~RehearsalTest() override {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    actor_ = nullptr;
    run_for(10ms);
  }

  std::vector<std::string> asked;
  Testing config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& sched_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  std::shared_ptr<testing::VirtualClock> clock_ =
      std::make_shared<testing::VirtualClock>(sched_.clock(), testing::instant("2026-07-15T18:00:00Z"));
  std::shared_ptr<Clock> time = clock_;
  rehearsal_actor actor_;
};

TEST_F(RehearsalTest, ClosesThroughTheRealWayEachTime) {
  start({});
  run_for(100ms);
  ASSERT_GE(asked.size(), 45U);
  EXPECT_LE(asked.size(), 50U);
  EXPECT_TRUE(asked.front().starts_with("POST /api/Position/closeContract HTTP/1.1\r\n")) << asked.front();
  EXPECT_NE(asked.front().find(R"("accountId":9007199254740991)"), std::string::npos);
}

// An account closes nothing that it has heard of before its own start, and this one has just started.
TEST_F(RehearsalTest, ClosesOnAClockThatStandsStillForNobody) {
  time = std::make_shared<TrustedClock>(TrustedClock::system_sources());
  start({});
  run_for(100ms);
  EXPECT_GE(asked.size(), 45U);
}

TEST_F(RehearsalTest, CarriesFrameAndRequestThroughTls) {
  const auto tls = protocol::net::TlsLoop::make();
  ASSERT_TRUE(tls);
  start({}, *tls);
  run_for(100ms);
  ASSERT_GE(asked.size(), 45U);
  EXPECT_TRUE(asked.back().starts_with("POST /api/Position/closeContract HTTP/1.1\r\n")) << asked.back();
}

TEST_F(RehearsalTest, LeavesNothingBehind) {
  start({});
  run_for(20ms);
  const auto running = system_.registry().running();
  run_for(2'000ms);
  EXPECT_LE(system_.registry().running(), running);
  EXPECT_GE(asked.size(), 900U); // no budget holds it back
}

} // namespace
} // namespace bulkhead::actors
