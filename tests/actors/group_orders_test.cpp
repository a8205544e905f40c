// The guard of the groups alone, before accounts that only write down what they are told, in virtual time.

#include "actors/group_guard.hpp"
#include "tests/support/graph.hpp"
#include "tests/support/group.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace actors;

struct ListenerState {
  static inline const char* name = "listener";
};
struct Heard {
  std::vector<Event> orders;
  int taken = 0;
};

account_actor::behavior_type listener(account_actor::stateful_pointer<ListenerState> self, Heard* heard,
                                      const group_guard_actor& guard) {
  return {
      [=](const Happened& m) { heard->orders.push_back(m.event); },
      [](const QuotesChanged&) {},
      [](const UseRules&) {},
      [](const SegmentPrepared&) {},
      [](const Conclude&) {},
      [](const TimerCame&) {},
      [](const EnforcementStatus&) {},
      [=](const SummaryTaken&) { ++heard->taken; },
      [=](const SummaryDue&) { // says that it has lost 1,500 dollars
        AccountSummary summary;
        summary.account = AccountId{1};
        summary.number.count = 1;
        summary.realized = -usd("1500");
        summary.day_end = instant("2026-07-15T22:00:00Z");
        self->send(guard, AccountSummarised{std::make_shared<const AccountSummary>(summary)});
      },
      [](const StatusRequest&) { return AccountView{}; },
      [](const TakeSnapshot&) { return AccountSnapshot{}; },
      [](const Obey&) { return Obeyed{}; },
  };
}

struct TellState {
  static inline const char* name = "notifier";
};
notifier_actor::behavior_type writer(notifier_actor::stateful_pointer<TellState>,
                                     std::vector<Activity>* told) {
  return {[=](const Activity& m) { told->push_back(m); }, [](const Subscribe&) {}};
}

class GroupOrders : public ::testing::Test {
public:
  GroupOrders() {
    sched.clock().current_time += std::chrono::hours(1);
    clock = std::make_shared<VirtualClock>(sched.clock(), instant("2026-07-15T18:00:00Z"));
    guard = system.spawn(group_guard, clock, system.spawn(writer, &told));
    Problems problems;
    plans = {TestGroup::plan({block("group_limits", {{"enabled", "true"}, {"daily_loss_total", "1500"}})}, 1,
                             false, problems)};
  }
  ~GroupOrders() override {
    caf::anon_send_exit(guard, caf::exit_reason::user_shutdown);
    for (const auto& one : accounts) caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    guard = nullptr;
    accounts.clear();
    run_for(10s);
  }
  account_actor account(Heard& heard) { return accounts.emplace_back(system.spawn(listener, &heard, guard)); }
  void run_for(Duration span) {
    const auto end = clock->point(clock->now() + span);
    do {
      sched.run();
      auto& time = sched.clock().current_time;
      const auto& due = sched.clock().schedule();
      time = due.empty() || due.begin()->first > end ? end : std::max(time, due.begin()->first);
      if (time < end) sched.clock().trigger_timeout();
      if (time == end) break;
    } while (true);
    sched.run();
  }

  struct TestingConfig : caf::actor_system_config {
    TestingConfig() { set("scheduler.policy", caf::atom("testing")); }
  } config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& sched =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<VirtualClock> clock;
  std::vector<Activity> told;
  group_guard_actor guard;
  std::vector<account_actor> accounts;
  std::vector<rules::GroupPlan> plans;
};

TEST_F(GroupOrders, ASummaryIsTakenAndAnsweredByAnOrderThatIsAnEventOfTheAccount) {
  Heard heard;
  caf::anon_send(guard, UseGroups{plans});
  caf::anon_send(account(heard), SummaryDue{});
  run_for(100ms);
  EXPECT_EQ(heard.taken, 1);
  ASSERT_EQ(heard.orders.size(), 1U);
  const auto& row = std::get<LockoutOrdered>(heard.orders[0].payload).lockout;
  EXPECT_EQ(row.source, Source::rule(25));
  EXPECT_EQ(row.created_at, heard.orders[0].at);
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(GroupOrders, ALockoutThatIsNotShownIsOrderedAgainOfWhoSpokeLast) {
  Heard first;
  Heard second;
  caf::anon_send(guard, UseGroups{plans});
  caf::anon_send(account(first), SummaryDue{});
  run_for(100ms);
  caf::anon_send_exit(accounts[0], caf::exit_reason::kill);
  caf::anon_send(account(second), SummaryDue{});
  run_for(3s);
  EXPECT_EQ(first.orders.size(), 1U);
  EXPECT_GE(second.orders.size(), 1U);
  EXPECT_EQ(second.taken, 1) << "an old summary is taken, too";
}

TEST_F(GroupOrders, WhoIsInNoGroupIsAnsweredAndNotJudged) {
  Heard heard;
  caf::anon_send(account(heard), SummaryDue{});
  run_for(1s);
  EXPECT_EQ(heard.taken, 1);
  EXPECT_TRUE(heard.orders.empty());
  EXPECT_TRUE(told.empty());
}

TEST_F(GroupOrders, AMemberThatNeverSpokeIsToldOf) {
  caf::anon_send(guard, UseGroups{plans});
  run_for(8s);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<Alert>(told[0].what).code, "group-member-silent");
}

} // namespace
} // namespace bulkhead::testing
