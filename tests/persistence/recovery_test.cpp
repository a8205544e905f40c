#include "persistence/codec.hpp"
#include "persistence/data_dir.hpp"
#include "persistence/memory_store.hpp"
#include "persistence/recovery.hpp"
#include "tests/persistence/journal_fixture.hpp"

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using samples::at;

struct RecoveryFixture : JournalFixture {
  MemoryStore store;
  model::AccountState base;
  std::vector<std::uint64_t> sequences;

  Recovered recover() {
    sequences.clear();
    auto recovered =
        recover_account(store, disk, dir, account,
                        {[this](model::AccountState s) { base = std::move(s); },
                         [this](std::uint64_t n, const model::Event&) { sequences.push_back(n); }});
    EXPECT_TRUE(recovered) << recovered.error().message();
    return std::move(*recovered);
  }
  void store_state(std::uint64_t sequence) {
    StoreBatch batch;
    batch.accounts = {{samples::state(account), sequence}};
    ASSERT_TRUE(store.commit(batch));
  }
};

void append_events(JournalWriter& writer, int n) {
  for (int i = 0; i < n; ++i) {
    const model::Event event{at(i), 0, samples::fill(i)};
    ASSERT_TRUE(writer.append(RecordKind::event, event.at, encoded(event)));
  }
}

TEST(Recovery, WithoutAnythingStoredAnEmptyStateBegins) {
  RecoveryFixture f;
  const auto recovered = f.recover();
  EXPECT_FALSE(recovered.had_state);
  EXPECT_EQ(f.base.id, f.account);
  EXPECT_TRUE(recovered.problems.empty());
  EXPECT_EQ(recovered.end.next_sequence, 1u);
}

TEST(Recovery, HandsOverTheEventsAfterTheState) {
  RecoveryFixture f;
  auto writer = f.open();
  append_events(writer, 3);
  ASSERT_TRUE(writer.append(RecordKind::decision, at(9), encoded(samples::decision())));
  append_events(writer, 2);
  f.store_state(2);
  const auto recovered = f.recover();
  EXPECT_TRUE(recovered.had_state);
  EXPECT_TRUE(f.base == samples::state(f.account));
  EXPECT_EQ(f.sequences, (std::vector<std::uint64_t>{3, 5, 6}));
  EXPECT_EQ(recovered.events, 3u);
  EXPECT_TRUE(recovered.problems.empty());
}

TEST(Recovery, WhatAKilledProcessLeftUnsyncedIsDurableAfterwards) {
  RecoveryFixture f;
  {
    auto writer = f.open();
    append_events(writer, 120);
  } // several segments, never synced
  ASSERT_GT(list_segments(f.dir)->size(), 2u);
  EXPECT_EQ(f.recover().events, 120u);
  f.disk.lose_power([] { return false; });
  EXPECT_EQ(f.recover().events, 120u);
}

TEST(Recovery, ADiskThatCannotSyncCostsNoRecordAndGetsNoneBehindThem) {
  RecoveryFixture f;
  {
    auto writer = f.open();
    append_events(writer, 3);
  }
  std::string bytes = slurp(f.segment(15, 0));
  bytes[f.read().end.position - 1] ^= 1; // a torn tail besides
  spill(f.segment(15, 0), bytes);
  f.disk.sync_error = Error{Errc::io, "EIO"};
  const auto recovered = f.recover();
  EXPECT_EQ(f.sequences.size(), 2u);
  EXPECT_EQ(recovered.problems.size(), 1u);
  EXPECT_EQ(recovered.end.next_sequence, 3u);
  f.disk.sync_error.reset();
  auto writer = f.open(15, recovered.end);
  append_events(writer, 1);
  EXPECT_EQ(list_segments(f.dir)->size(), 2u);
  EXPECT_EQ(f.recover().events, 3u);
}

TEST(Recovery, CutsATornTailAndIsDoneTheSecondTime) {
  RecoveryFixture f;
  {
    auto writer = f.open();
    append_events(writer, 3);
  }
  const auto end = f.read().end.position;
  std::string bytes = slurp(f.segment(15, 0));
  bytes[end - 1] ^= 1;
  spill(f.segment(15, 0), bytes);
  EXPECT_TRUE(f.recover().tail_cut);
  EXPECT_EQ(f.sequences.size(), 2u);
  const auto again = f.recover();
  EXPECT_FALSE(again.tail_cut);
  auto writer = f.open(15, again.end);
  append_events(writer, 1);
  EXPECT_EQ(f.read().payloads.size(), 3u);
}

TEST(Recovery, GoesOnAfterDamageInTheMiddle) {
  RecoveryFixture f;
  {
    auto writer = f.open();
    append_events(writer, 5);
  }
  std::string bytes = slurp(f.segment(15, 0));
  bytes[segment_header_bytes + 300] ^= 1;
  spill(f.segment(15, 0), bytes);
  const auto recovered = f.recover();
  ASSERT_EQ(recovered.problems.size(), 1u);
  EXPECT_EQ(recovered.problems[0].code(), Errc::corrupt);
  ASSERT_EQ(recovered.damaged_files, (std::vector{f.segment(15, 0)}));
  const auto kept = f.sequences.size();
  EXPECT_LT(kept, 5u);
  ASSERT_TRUE(quarantine(f.segment(15, 0), at(0)));
  f.store_state(kept);
  auto writer = f.open(15, recovered.end);
  EXPECT_EQ(writer.next_sequence(), kept + 1);
  append_events(writer, 2);
  const auto again = f.recover();
  EXPECT_TRUE(again.problems.empty());
  EXPECT_EQ(f.sequences, (std::vector<std::uint64_t>{kept + 1, kept + 2}));
}

TEST(Recovery, AnEventThatCannotBeReadIsAProblemButTheOthersCount) {
  RecoveryFixture f;
  auto writer = f.open();
  append_events(writer, 1);
  ASSERT_TRUE(writer.append(RecordKind::event, at(1), "\x01garbage"));
  append_events(writer, 1);
  const auto recovered = f.recover();
  ASSERT_EQ(recovered.problems.size(), 1u);
  EXPECT_TRUE(recovered.problems[0].message().starts_with("journal record 2: "));
  EXPECT_EQ(f.sequences, (std::vector<std::uint64_t>{1, 3}));
  EXPECT_EQ(recovered.end.next_sequence, 4u);
}

TEST(Recovery, RefusesEventsOfANewerRelease) {
  RecoveryFixture f;
  auto writer = f.open();
  ASSERT_TRUE(writer.append(RecordKind::event, at(1), "\x63"));
  const auto recovered =
      recover_account(f.store, f.disk, f.dir, f.account,
                      {[](model::AccountState) {}, [](std::uint64_t, const model::Event&) {}});
  EXPECT_EQ(recovered.error().code(), Errc::unsupported);
}

TEST(Recovery, RebuildsFromTheWholeJournalWhenTheStateIsDamaged) {
  RecoveryFixture f;
  auto writer = f.open();
  append_events(writer, 3);
  f.store_state(3);
  f.store.fail_with(Error{Errc::corrupt, "table accounts"});
  const auto recovered = f.recover();
  EXPECT_FALSE(recovered.had_state);
  EXPECT_EQ(recovered.problems.size(), 1u);
  EXPECT_EQ(f.sequences.size(), 3u);
}

TEST(Recovery, FailsWhenTheStoreCannotBeRead) {
  RecoveryFixture f;
  f.store.fail_with(Error{Errc::io, "EIO"});
  const auto recovered = recover_account(f.store, f.disk, f.dir, f.account, {});
  EXPECT_EQ(recovered.error().code(), Errc::io);
}

TEST(Recovery, AMissingJournalIsAProblemAndItsNumbersAreNotUsedAgain) {
  RecoveryFixture f;
  {
    auto writer = f.open();
    append_events(writer, 2);
  }
  f.store_state(10);
  const auto recovered = f.recover();
  ASSERT_EQ(recovered.problems.size(), 1u);
  EXPECT_EQ(recovered.problems[0].code(), Errc::missing);
  auto writer = f.open(15, recovered.end);
  append_events(writer, 2);
  EXPECT_TRUE(f.recover().problems.empty());
  EXPECT_EQ(f.sequences, (std::vector<std::uint64_t>{11, 12}));
}

TEST(Recovery, OldRecordsThatAreGoneAreAProblemOnlyWhenNeeded) {
  RecoveryFixture f;
  auto writer = f.open(15);
  append_events(writer, 3);
  writer.begin_day(samples::day(16));
  append_events(writer, 3);
  std::filesystem::remove(f.segment(15, 0));
  f.store_state(3);
  EXPECT_TRUE(f.recover().problems.empty());
  f.store_state(2);
  const auto recovered = f.recover();
  ASSERT_EQ(recovered.problems.size(), 1u);
  EXPECT_EQ(recovered.problems[0].message(), "journal records 3 to 3 are gone");
}

TEST(LastRun, TellsHowTheRunBeforeEnded) {
  MemoryStore store;
  const model::Instant later{std::chrono::seconds{1}};
  EXPECT_EQ(*begin_run(store, "boot-1", later), LastRun::none);
  EXPECT_EQ(*begin_run(store, "boot-1", later), LastRun::killed);
  EXPECT_EQ(*begin_run(store, "boot-2", later), LastRun::rebooted);
  ASSERT_TRUE(end_run(store));
  EXPECT_EQ(*begin_run(store, "boot-3", later), LastRun::clean);
  EXPECT_EQ(*begin_run(store, "boot-3", later), LastRun::killed);
}

TEST(LastRun, RemembersTheLatestLossOfPowerUntilTheNext) {
  MemoryStore store;
  const model::Instant first{std::chrono::seconds{1}};
  const model::Instant second{std::chrono::seconds{2}};
  (void)begin_run(store, "boot-1", first);
  EXPECT_EQ(*last_power_loss(store), std::nullopt);
  (void)begin_run(store, "boot-2", first);
  (void)begin_run(store, "boot-2", second);
  EXPECT_EQ(*last_power_loss(store), first) << "a kill is none";
  ASSERT_TRUE(end_run(store));
  (void)begin_run(store, "boot-3", second);
  EXPECT_EQ(*last_power_loss(store), first) << "an orderly shutdown is none";
  (void)begin_run(store, "boot-4", second);
  EXPECT_EQ(*last_power_loss(store), second);
}

} // namespace
} // namespace bulkhead::persistence
