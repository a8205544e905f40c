// The router against one test that plays the account, the market connection and the reconciler at once.

#include "actors/clock.hpp"
#include "actors/event_router.hpp"
#include "actors/system_config.hpp"
#include "tests/support/builders.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
using namespace actors;

class StoppedClock final : public Clock {
public:
  explicit StoppedClock(Instant at) : at_(at) {}
  [[nodiscard]] Instant now() const override { return at_; }
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override { return 0; }

private:
  Instant at_;
};

const Instant noon = instant("2026-07-15T17:00:00Z");
const model::CredentialId firm{"trader@firm"};

class Router : public ::testing::Test {
protected:
  void start(std::vector<persistence::CachedContract> cached = {}) {
    router_ = system_.spawn(event_router, std::make_shared<StoppedClock>(noon), std::move(cached),
                            std::make_shared<QuoteBoard>());
    const auto me = caf::actor_cast<caf::actor>(me_);
    self().send(router_, CredentialStarted{firm, caf::actor_cast<connection_actor>(me),
                                           caf::actor_cast<connection_actor>(me),
                                           caf::actor_cast<reconciler_actor>(me)});
    self().send(router_, AccountStarted{trader(), firm, caf::actor_cast<account_actor>(me)});
  }
  void TearDown() override { self().send_exit(router_, caf::exit_reason::kill); }

  void watch(std::set<ContractId> contracts) {
    self().send(router_, WatchContracts{trader(), std::move(contracts)});
    self().receive([](const WatchContracts&) {},
                   caf::after(5s) >> [] { ADD_FAILURE() << "market not told"; });
  }
  void quote(std::optional<Price> last, std::optional<Price> bid) {
    QuoteUpdate update;
    update.contract = mnq();
    update.last = last;
    update.bid = bid;
    self().send(router_, HubEventsReceived{{testing::at(noon, update)}});
  }
  caf::blocking_actor& self() { return *me_; }

  SystemConfig config_;
  caf::actor_system system_{config_};
  caf::scoped_actor me_{system_};
  event_router_actor router_;
};

persistence::CachedContract cached_mnq(Duration age) {
  Contract known;
  known.id = mnq();
  known.tick = tick("0.25", "0.50");
  return {known, noon - age};
}

TEST_F(Router, TellsAContractOfEarlierRunsAtOnceAndAsksNobodyWhenItIsFresh) {
  start({cached_mnq(1h)});
  watch({mnq()});
  self().receive(
      [](const Happened& m) {
        const auto& learned = std::get<ContractLearned>(m.event.payload);
        EXPECT_EQ(learned.contract.tick, tick("0.25", "0.50"));
      },
      [](const LearnContract&) { ADD_FAILURE() << "a fresh contract was asked for"; },
      caf::after(5s) >> [] { ADD_FAILURE() << "nothing came"; });
}

TEST_F(Router, ReadsAContractAgainThatIsOlderThanADayWithoutWaitingForIt) {
  start({cached_mnq(25h)});
  self().send(router_, WatchContracts{trader(), {mnq()}});
  bool told = false, asked = false;
  for (int i = 0; i < 3; ++i) {
    self().receive([&](const Happened&) { told = true; }, [&](const LearnContract&) { asked = true; },
                   [](const WatchContracts&) {}, caf::after(5s) >> [] {});
  }
  EXPECT_TRUE(told);
  EXPECT_TRUE(asked);
}

TEST_F(Router, MergesQuotesWhileTheAccountIsBehindAndKeepsWhatTheNewerOneOmits) {
  start();
  self().send(router_, WatchContracts{trader(), {mnq()}});
  quote(px("100"), px("99.75"));
  for (int i = 0; i < 500; ++i) quote(px("101"), std::nullopt);
  quote(std::nullopt, px("101.75"));
  std::vector<QuotesChanged> got;
  const auto take = [&] {
    self().receive([&](const QuotesChanged& m) { got.push_back(m); }, [](const WatchContracts&) {},
                   [](const LearnContract&) {}, caf::after(5s) >> [] { ADD_FAILURE() << "nothing came"; });
  };
  while (got.empty() && !HasFailure()) take();
  EXPECT_EQ(std::get<QuoteUpdate>(got[0].quotes.at(0).payload).last, px("100"));
  self().send(router_, QuotesTaken{trader()});
  while (got.size() < 2 && !HasFailure()) take();
  const auto& merged = std::get<QuoteUpdate>(got[1].quotes.at(0).payload);
  EXPECT_EQ(merged.last, px("101"));
  EXPECT_EQ(merged.bid, px("101.75"));
  self().send(router_, QuotesTaken{trader()});
  self().receive([](const QuotesChanged&) { ADD_FAILURE() << "a quote came twice"; },
                 caf::after(50ms) >> [] {});
}

TEST_F(Router, ForwardsEveryUserEventOfAnAccountThatIsBehind) {
  start();
  HubEventsReceived frame;
  for (int i = 1; i <= 100; ++i) {
    frame.events.push_back(PositionBuilder(mnq()).long_(i).average("21000").at(noon));
  }
  self().send(router_, frame);
  for (int i = 1; i <= 100; ++i) {
    self().receive([&](const Happened& m) { EXPECT_EQ(std::get<PositionUpdate>(m.event.payload).size, i); },
                   caf::after(5s) >> [] { ADD_FAILURE() << "lost"; });
  }
}

} // namespace
} // namespace bulkhead::testing
