// The journal actor and the recovery of an account, on real files in a temporary directory.

#include "actors/journal.hpp"

#include "persistence/checkpoint.hpp"
#include "persistence/codec.hpp"
#include "persistence/journal_reader.hpp"
#include "persistence/memory_store.hpp"
#include "tests/persistence/faulty_disk.hpp"
#include "tests/support/engine.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <future>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using persistence::RecordKind;

struct FixedClock final : actors::Clock {
  [[nodiscard]] Instant now() const override { return instant("2026-07-15T18:30:00Z"); }
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override { return 0; }
};

struct Stub {
  static inline const char* name = "stub";
};

struct JournalHouse {
  persistence::TempDir temp;
  persistence::DataDir data = *persistence::DataDir::open(temp.path());
  std::shared_ptr<persistence::MemoryStore> store = std::make_shared<persistence::MemoryStore>();
  std::shared_ptr<persistence::PosixDisk> disk = std::make_shared<persistence::PosixDisk>();
  std::shared_ptr<const rules::RuleSet> rules;
  actors::JournalDeps deps{std::make_shared<FixedClock>(), store, disk, data, {}, 90};
  Instant now = instant("2026-07-15T18:00:00Z");

  JournalHouse() {
    Problems problems;
    rules = rules::make_rule_set({}, problems);
  }
  [[nodiscard]] std::filesystem::path dir() const { return data.journal(trader()); }
  [[nodiscard]] std::filesystem::path segment() const { return dir() / "2026-07-15.000.bhj"; }
  actors::RecoveredAccount recover() { return actors::recover(deps, {trader(), rules}); }

  /// Orders a lockout as the account's actor would, and answers the decision.
  Decision lock(actors::RecoveredAccount& account) {
    now += std::chrono::seconds{1};
    const auto event =
        at(now, LockoutOrdered{lockout(Source::manual(), now).on("R" + std::to_string(++ordered)).build()});
    account.journal->append(event);
    auto decision = account.engine->step(event);
    account.journal->append(decision);
    return decision;
  }
  [[nodiscard]] actors::Persist persist(const actors::RecoveredAccount& account, Decision decision) const {
    return {trader(),
            account.journal->sync_handle(),
            std::make_shared<const AccountState>(account.engine->state()),
            account.journal->sequence(),
            {actors::Activity{trader(), now, "order", {}, true, std::move(decision)}},
            {}};
  }
  [[nodiscard]] std::uint64_t stored_sequence() const {
    const auto stored = store->load_account(trader());
    return stored && *stored ? (*stored)->journal_sequence : 0;
  }
  int ordered = 0;
};

bool told(const actors::RecoveredAccount& account, std::string_view code) {
  return std::any_of(account.alerts.begin(), account.alerts.end(),
                     [&](const Alert& alert) { return alert.code == code; });
}

TEST(JournalRecovery, CommitsWhatItFoundAtOnceWithItsHistory) {
  JournalHouse house;
  auto account = house.recover();
  house.lock(account), house.lock(account);
  const auto again = house.recover();
  EXPECT_TRUE(again.alerts.empty());
  EXPECT_EQ(house.stored_sequence(), 4u);
  EXPECT_EQ(house.store->list_lockouts(trader(), 10)->size(), 2u);
  EXPECT_EQ(again.engine->state().lockouts.rows().size(), 2u);
}

TEST(JournalRecovery, AfterAQuarantinedFileTheStateIsCommittedBeforeAnythingElse) {
  JournalHouse house;
  {
    auto account = house.recover();
    for (int n = 0; n < 4; ++n) house.lock(account);
  }
  auto bytes = persistence::slurp(house.segment());
  const auto place = bytes.find("R3"); // in the third event
  ASSERT_NE(place, std::string::npos);
  bytes[place] ^= 1;
  persistence::spill(house.segment(), bytes);
  auto account = house.recover();
  EXPECT_TRUE(told(account, "recovery-incomplete"));
  EXPECT_TRUE(told(account, "journal-quarantined"));
  EXPECT_FALSE(std::filesystem::exists(house.segment()));
  EXPECT_EQ(account.engine->state().lockouts.rows().size(), 2u);
  EXPECT_EQ(house.stored_sequence(), 4u) << "two events and two decisions";
  EXPECT_EQ(*persistence::list_checkpoints(house.dir()), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(house.store->list_notes(trader(), 10)->size(), 1u);
  house.lock(account);
  *house.store = {}; // and now the database goes as well
  const auto last = house.recover();
  EXPECT_EQ(last.engine->state().lockouts.rows().size(), 3u);
  EXPECT_TRUE(last.alerts.empty());
}

/// Reads as if nothing was stored, and takes nothing.
struct FullStore final : persistence::Store {
  template <class T>
  using Result = model::Result<T>;
  const Error full{Errc::full, "no space"};
  Result<std::optional<persistence::StoredAccount>> load_account(AccountId) override {
    return std::optional<persistence::StoredAccount>{};
  }
  Result<std::vector<AccountId>> list_accounts() override { return full; }
  Result<void> commit(const persistence::StoreBatch&) override { return full; }
  Result<void> put_meta(std::string_view, std::string_view) override { return full; }
  Result<std::optional<std::string>> get_meta(std::string_view) override { return full; }
  Result<void> put_contract(const persistence::CachedContract&) override { return full; }
  Result<std::optional<persistence::CachedContract>> get_contract(const ContractId&) override { return full; }
  Result<std::vector<persistence::CachedContract>> list_contracts() override { return full; }
  Result<std::vector<persistence::LockoutRecord>> list_lockouts(AccountId, std::size_t) override {
    return full;
  }
  Result<std::vector<persistence::DaySummary>> list_days(AccountId, std::size_t) override { return full; }
  Result<std::vector<persistence::Note>> list_notes(AccountId, std::size_t) override { return full; }
};

TEST(JournalRecovery, DamageStaysInPlaceWhileTheStateCannotBeKept) {
  JournalHouse house;
  {
    auto account = house.recover();
    for (int n = 0; n < 2; ++n) house.lock(account);
  }
  auto bytes = persistence::slurp(house.segment());
  bytes[bytes.find("R1")] ^= 1;
  persistence::spill(house.segment(), bytes);
  const auto disk = std::make_shared<persistence::FaultyDisk>();
  disk->open_error = Error{Errc::full, "no space"};
  house.deps.disk = disk;
  house.deps.store = std::make_shared<FullStore>();
  const auto account = house.recover();
  EXPECT_TRUE(told(account, "store-failing"));
  EXPECT_TRUE(told(account, "journal-failing"));
  EXPECT_TRUE(std::filesystem::exists(house.segment())) << "the records before the damage are needed again";
}

TEST(JournalRecovery, AnAccountThatCannotBeReadDoesNotReplaceWhatIsStored) {
  JournalHouse house;
  {
    auto account = house.recover();
    house.lock(account);
    (void)house.recover();
    auto end = persistence::JournalReader::open(*house.disk, house.dir(), trader());
    persistence::JournalRecord record;
    while (*end->next(record)) {
    }
    auto writer = persistence::JournalWriter::open(*house.disk, house.dir(), trader(),
                                                   trading_day("2026-07-15"), end->end());
    ASSERT_TRUE(writer->append(RecordKind::event, house.now, "\x63")); // of a newer release
  }
  auto account = house.recover();
  EXPECT_TRUE(told(account, "recovery-failed"));
  EXPECT_EQ(account.journal->sync_handle(), nullptr);
  EXPECT_EQ(house.stored_sequence(), 2u);
}

/// The actor with a notifier that keeps what it is told; asking for the shutdown waits for all before.
struct RunningJournal : JournalHouse {
  caf::actor_system_config config;
  caf::actor_system system{config};
  struct Heard {
    std::promise<actors::Activity> first;
    bool any = false;
  };
  std::shared_ptr<Heard> heard = std::make_shared<Heard>();
  actors::journal_actor journal;

  RunningJournal() {
    // The news is an argument: CAF 0.17 dereferences a null pointer for a function without arguments.
    const auto listen = [](actors::notifier_actor::stateful_pointer<Stub>,
                           const std::shared_ptr<Heard>& news) -> actors::notifier_actor::behavior_type {
      return {[news](const actors::Activity& activity) {
                if (!std::exchange(news->any, true)) news->first.set_value(activity);
              },
              [](const actors::Subscribe&) {}};
    };
    deps.notifier = system.spawn(listen, heard);
    journal = system.spawn(actors::journal, deps);
  }
  void settle() {
    caf::scoped_actor self{system};
    self->request(journal, caf::infinite, actors::ShutDown{}).receive([](bool) {}, [](caf::error&) {});
  }
  void send(actors::Persist message) {
    caf::anon_send(journal, std::move(message));
    settle();
  }
  ~RunningJournal() {
    caf::anon_send_exit(journal, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(deps.notifier, caf::exit_reason::user_shutdown);
  }
};

TEST(Journal, NothingIsDurableOfAnAccountThatCouldNotBeRead) {
  RunningJournal house;
  auto account = house.recover();
  const auto decision = house.lock(account);
  account.journal = std::make_shared<actors::AccountJournal>(nullptr, 0);
  house.send(house.persist(account, decision));
  auto told = house.heard->first.get_future();
  ASSERT_EQ(told.wait_for(std::chrono::seconds{10}), std::future_status::ready);
  EXPECT_FALSE(told.get().durable);
}

TEST(Journal, WhatAFullStoreRefusedIsCommittedWhenItHasSpaceAgain) {
  RunningJournal house;
  auto account = house.recover();
  house.store->fail_with(Error{Errc::full, "no space"});
  house.send(house.persist(account, house.lock(account)));
  house.send(house.persist(account, house.lock(account)));
  EXPECT_EQ(house.store->load_account(trader()).error().code(), Errc::full);
  house.store->fail_with(std::nullopt);
  caf::anon_send(house.journal, actors::TimerCame{1}); // the try that would come by itself
  house.settle();
  EXPECT_EQ(house.stored_sequence(), 4u);
  EXPECT_EQ(house.store->list_lockouts(trader(), 10)->size(), 2u);
}

TEST(Journal, ADayThatEndedGetsItsRowAndACheckpoint) {
  RunningJournal house;
  auto account = house.recover();
  const auto happen = [&](Instant when, Payload payload) {
    const Event event{when, 0, std::move(payload)};
    account.journal->append(event);
    account.journal->append(account.engine->step(event));
  };
  happen(house.now, reset(instant("2026-07-14T22:00:00Z")));
  happen(house.now, fill(1).pnl("25").fees("1.50").executed(house.now).build());
  house.send(house.persist(account, house.lock(account)));
  const auto next = instant("2026-07-15T22:00:00Z");
  happen(next, reset(next));
  house.send(house.persist(account, {}));
  const auto days = *house.store->list_days(trader(), 10);
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].day, trading_day("2026-07-15"));
  EXPECT_EQ(days[0].net, usd("23.50"));
  EXPECT_EQ(days[0].fills, 1u);
  EXPECT_EQ(days[0].lockouts, 1u);
  EXPECT_EQ(*persistence::list_checkpoints(house.dir()),
            (std::vector<std::uint64_t>{account.journal->sequence()}));
}

} // namespace
} // namespace bulkhead::testing
