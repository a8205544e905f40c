// What an account asks of the journal actor: a real account with a real journal before an actor that only
// writes down what it is told, in virtual time.

#include "actors/account_journal.hpp"
#include "tests/persistence/temp_dir.hpp"
#include "tests/support/graph.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace actors;

struct SilentGateway final : protocol::RestTransport {
  void send(protocol::HttpRequest, OnReply) override {}
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 0; }
  void close() override {}
};

struct RecorderState {
  static inline const char* name = "journal";
};
journal_actor::behavior_type recorder(journal_actor::stateful_pointer<RecorderState>,
                                      std::vector<Persist>* told) {
  return {[](const AccountStarted&) {},
          [=](const Persist& m) { told->push_back(m); },
          [](const RecoverAccount&) { return RecoveredAccount{}; },
          [](const ContractFound&) {},
          [](const TimerCame&) {},
          [](const HistoryRequest&) { return HistoryRows{}; },
          [](const persistence::Note&) {},
          [](const ShutDown&) { return true; }};
}

class AccountSegments : public ::testing::Test {
protected:
  AccountSegments() {
    sched_.clock().current_time += std::chrono::hours(1); // time 0 has a special meaning
    clock_ = std::make_shared<VirtualClock>(sched_.clock(), instant("2026-07-15T18:00:00Z"));
    journal_ = system_.spawn(recorder, &told);
    auto writer =
        persistence::JournalWriter::open(disk_, temp_.path(), trader(), {std::chrono::year{2026} / 7 / 15},
                                         {}, {segment_bytes, 1 << 20, false});
    Problems problems;
    AccountState state;
    state.id = state.account.id = trader();
    RecoveredAccount recovered;
    recovered.account = trader();
    recovered.engine =
        std::make_shared<rules::RiskEngine>(std::move(state), rules::make_rule_set({}, problems));
    recovered.journal =
        std::make_shared<AccountJournal>(std::make_unique<persistence::JournalWriter>(std::move(*writer)), 0);
    AccountDeps deps;
    deps.clock = clock_, deps.journal = journal_;
    deps.sender = std::make_shared<GatewaySender>(gateway_, *clock_);
    account_ = system_.spawn(actors::account, std::move(recovered), std::move(deps));
    sched_.run();
  }
  ~AccountSegments() override {
    for (const auto& one : {caf::actor_cast<caf::actor>(account_), caf::actor_cast<caf::actor>(journal_)})
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    account_ = nullptr;
    journal_ = nullptr;
    sched_.run();
  }
  /// No time passes.
  void events(int count) {
    for (int i = 0; i < count; ++i) caf::anon_send(account_, Happened{at(clock_->now(), ConnectionLost{})});
    sched_.run();
  }
  void prepare(const persistence::SegmentName& wanted) {
    auto segment = persistence::prepare_next_segment(disk_, temp_.path(), wanted, segment_bytes);
    ASSERT_TRUE(segment);
    caf::anon_send(account_,
                   SegmentPrepared{std::make_shared<persistence::JournalSegment>(std::move(*segment))});
    sched_.run();
  }

  static constexpr std::uint64_t segment_bytes = 16 * 1024;
  struct TestingConfig : caf::actor_system_config {
    TestingConfig() { set("scheduler.policy", caf::atom("testing")); }
  };
  std::vector<Persist> told;

private:
  persistence::TempDir temp_;
  persistence::PosixDisk disk_;
  SilentGateway gateway_;
  TestingConfig config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& sched_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  std::shared_ptr<VirtualClock> clock_;
  journal_actor journal_;
  account_actor account_;
};

TEST_F(AccountSegments, TheNextOneIsAskedForOnceAndAtOnce) {
  events(3);
  ASSERT_EQ(told.size(), 1U) << "not again with each event, and not only at the next snapshot";
  EXPECT_TRUE(told[0].wanted);
}

TEST_F(AccountSegments, EachFullOneAsksForAnotherWithoutWaitingForTheSnapshot) {
  events(1);
  for (std::size_t asked = 1; asked <= 3; ++asked) {
    ASSERT_EQ(told.size(), asked);
    ASSERT_TRUE(told.back().wanted);
    prepare(*told.back().wanted);
    for (int i = 0; i < 1000 && told.size() == asked; ++i) events(1); // fills the one in use
  }
  EXPECT_EQ(told.size(), 4U);
}

} // namespace
} // namespace bulkhead::testing
