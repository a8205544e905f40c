// Events that end the process: what the next starts find, and what people are told of the last run.

#include "actors/fold.hpp"
#include "persistence/memory_store.hpp"
#include "tests/persistence/temp_dir.hpp"
#include "tests/support/engine.hpp"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

struct FixedClock final : actors::Clock {
  [[nodiscard]] Instant now() const override { return instant("2026-07-15T18:30:00Z"); }
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override { return 0; }
};

constexpr rules::RuleSpec spec{
    .number = 999, .key = "deadly", .name = "Deadly", .summary = "", .events = ~EventMask{0}};

/// A data directory, and rules that do with an event what `on` says.
struct Disk {
  persistence::TempDir temp;
  persistence::DataDir data = *persistence::DataDir::open(temp.path());
  std::shared_ptr<persistence::MemoryStore> store = std::make_shared<persistence::MemoryStore>();
  std::shared_ptr<persistence::PosixDisk> files = std::make_shared<persistence::PosixDisk>();
  actors::JournalDeps deps{std::make_shared<FixedClock>(), store, files, data, {}, 90};
  std::function<void(const Event&)> on = [](const Event&) {};
  Instant now = instant("2026-07-15T18:00:00Z");

  actors::RecoveredAccount recover() {
    auto rules = std::make_shared<rules::RuleSet>(*rules::make_rule_set({}, problems));
    rules::BoundRule bomb;
    bomb.spec = &spec;
    bomb.source = Source::rule(999);
    bomb.binding.evaluate = [this](const rules::RuleContext& context) {
      on(context.event);
      return rules::Verdict{};
    };
    rules->rules.push_back(std::move(bomb));
    return actors::recover(deps, {trader(), rules});
  }
  /// Up to the moment in which the process ends while it handles the event.
  template <class P>
  void append_only(actors::RecoveredAccount& account, P payload) {
    account.journal->append(at(now += std::chrono::seconds{1}, std::move(payload)));
  }
  template <class P>
  Decision handle(actors::RecoveredAccount& account, P payload) {
    const auto event = at(now += std::chrono::seconds{1}, std::move(payload));
    account.journal->append(event);
    auto decision = account.engine->step(event);
    account.journal->append(decision);
    return decision;
  }
  [[nodiscard]] std::vector<persistence::SetAside> set_aside() const {
    return persistence::list_set_aside(*files, data.journal(trader()));
  }
  Problems problems;
};

bool told(const actors::RecoveredAccount& account, std::string_view code) {
  return std::any_of(account.alerts.begin(), account.alerts.end(),
                     [&](const Alert& alert) { return alert.code == code; });
}
LockoutOrdered locking(const char* root, Instant at) {
  return LockoutOrdered{lockout(Source::manual(), at).on(root).build()};
}
bool is_fill(const Event& event) { return std::holds_alternative<Fill>(event.payload); }

using SetAsideDeathTest = ::testing::Test;

TEST(SetAsideDeathTest, ARecordThatEndsTheProcessIsLeftOutAfterTwoStartsEndedInIt) {
  Disk disk;
  {
    auto account = disk.recover();
    disk.handle(account, locking("ES", disk.now));
    disk.append_only(account, fill(7).build()); // and here the process ends
  }
  disk.on = [](const Event& event) {
    if (is_fill(event)) std::_Exit(9);
  };
  EXPECT_EXIT((void)disk.recover(), ::testing::ExitedWithCode(9), "");
  EXPECT_EXIT((void)disk.recover(), ::testing::ExitedWithCode(9), "");
  const auto account = disk.recover();
  EXPECT_TRUE(told(account, "event-set-aside"));
  EXPECT_EQ(account.fills_set_aside, (std::set<FillId>{FillId{7}}));
  EXPECT_EQ(account.engine->state().lockouts.rows().size(), 1U) << "what came before it is there";
  EXPECT_TRUE(account.engine->state().ledger.fills().empty());
  EXPECT_EQ(disk.set_aside().size(), 1U);
  EXPECT_FALSE(told(disk.recover(), "event-set-aside"));
}

TEST(SetAsideDeathTest, AStartThatIsKilledOnceAccusesNoRecord) {
  Disk disk;
  {
    auto account = disk.recover();
    disk.append_only(account, fill(7).build());
  }
  disk.on = [](const Event& event) {
    if (is_fill(event)) std::_Exit(9);
  };
  EXPECT_EXIT((void)disk.recover(), ::testing::ExitedWithCode(9), ""); // anybody's kill -9
  disk.on = [](const Event&) {};
  const auto account = disk.recover();
  EXPECT_FALSE(told(account, "event-set-aside"));
  EXPECT_EQ(account.engine->state().lockouts.rows().size(), 0U);
  EXPECT_TRUE(disk.set_aside().empty());
}

TEST(SetAside, WhatWasDecidedAndNotToldIsToldAfterTheRestart) {
  Disk disk;
  {
    auto account = disk.recover();
    disk.handle(account, locking("ES", disk.now)); // decided and written, then the process ends
  }
  const auto account = disk.recover();
  ASSERT_EQ(account.untold.size(), 1U);
  EXPECT_EQ(std::get<Decision>(account.untold[0].what).lockouts_set.size(), 1U);
  EXPECT_TRUE(account.untold[0].durable);
  EXPECT_TRUE(disk.recover().untold.empty()) << "once";
}

TEST(SetAside, ADecisionThatWasNotWrittenAnyMoreIsWrittenAndTold) {
  Disk disk;
  {
    auto account = disk.recover();
    disk.append_only(account, locking("ES", disk.now));
  }
  const auto account = disk.recover();
  ASSERT_EQ(account.untold.size(), 1U);
  EXPECT_EQ(account.journal->sequence(), 2U) << "the event, and now the decision";
  EXPECT_EQ(account.engine->state().lockouts.rows().size(), 1U);
  EXPECT_EQ(disk.store->list_lockouts(trader(), 10)->size(), 1U);
}

TEST(SetAside, MoreThanTheBoundAreLeftOutWithoutAFile) {
  Disk disk;
  {
    auto account = disk.recover();
    for (int n = 0; n < 20; ++n) disk.append_only(account, fill(n).build());
  }
  disk.on = [](const Event& event) {
    if (is_fill(event)) throw 1;
  };
  auto account = disk.recover();
  EXPECT_EQ(disk.set_aside().size(), persistence::most_set_aside);
  EXPECT_FALSE(told(account, "recovery-failed"));
  disk.append_only(account, fill(99).build());
  account = disk.recover();
  EXPECT_TRUE(told(account, "event-set-aside"));
  EXPECT_NE(account.alerts.front().text.find("the journal alone"), std::string::npos);
  EXPECT_EQ(disk.set_aside().size(), persistence::most_set_aside);
}

TEST(SetAside, AFileWithOtherContentLeavesNothingOut) {
  Disk disk;
  {
    auto account = disk.recover();
    disk.append_only(account, locking("ES", disk.now));
  }
  ASSERT_TRUE(
      persistence::write_set_aside(*disk.files, disk.data.journal(trader()), {1, "of another journal", "x"}));
  EXPECT_EQ(disk.recover().engine->state().lockouts.rows().size(), 1U);
}

} // namespace
} // namespace bulkhead::testing
