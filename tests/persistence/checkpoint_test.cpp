#include "persistence/checkpoint.hpp"
#include "persistence/retention.hpp"
#include "tests/persistence/power.hpp"
#include "tests/persistence/used_store.hpp"

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;

struct CheckpointFixture : JournalFixture {
  MemoryStore store;
  StoredAccount stored(std::uint64_t sequence) const { return {samples::state(account), sequence}; }
  void keep(std::uint64_t sequence) { ASSERT_TRUE(write_checkpoint(disk, dir, stored(sequence))); }
  /// Three days of 100 records each, in several segments per day.
  JournalWriter three_days() {
    auto writer = open(15);
    append_some(writer, 100);
    for (const unsigned day : {16U, 17U}) {
      writer.begin_day(samples::day(day));
      append_some(writer, 100);
    }
    return writer;
  }
  std::vector<model::TradingDay> days_left() const {
    std::vector<model::TradingDay> days;
    for (const auto& name : *list_segments(dir))
      if (days.empty() || days.back() != name.day) days.push_back(name.day);
    return days;
  }
};

TEST(Checkpoint, IsReadBackAndTheNewestCounts) {
  CheckpointFixture f;
  EXPECT_FALSE(newest_checkpoint(f.disk, f.dir, f.account)->has_value());
  f.keep(7);
  f.keep(12);
  EXPECT_EQ(**newest_checkpoint(f.disk, f.dir, f.account), f.stored(12));
  EXPECT_EQ((*newest_checkpoint(f.disk, f.dir, f.account, 11))->journal_sequence, 7u);
  EXPECT_FALSE(newest_checkpoint(f.disk, f.dir, f.account, 6)->has_value());
}

TEST(Checkpoint, ADamagedOrHalfWrittenOneIsPassedOverAndReplaced) {
  CheckpointFixture f;
  f.keep(7);
  f.keep(12);
  const auto path = f.dir / checkpoint_name(12);
  const std::string whole = slurp(path);
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    spill(path, whole.substr(0, size));
    ASSERT_EQ((*newest_checkpoint(f.disk, f.dir, f.account))->journal_sequence, 7u) << size;
  }
  f.keep(12);
  EXPECT_EQ(slurp(path), whole);
}

TEST(Checkpoint, OneOfAnotherPlaceIsRefused) {
  CheckpointFixture f;
  f.keep(7);
  std::filesystem::rename(f.dir / checkpoint_name(7), f.dir / checkpoint_name(8));
  EXPECT_EQ(read_checkpoint(f.disk, f.dir, f.account, 8).error().code(), Errc::corrupt);
}

TEST(Checkpoint, BringsTheAccountBackWithoutDatabaseAndWithoutTheJournalBefore) {
  CheckpointFixture f;
  auto writer = f.three_days();
  f.keep(150);
  for (const auto& name : *list_segments(f.dir))
    if (name.day == samples::day(15)) std::filesystem::remove(f.dir / to_string(name));
  model::AccountState base;
  const auto recovered = recover_account(
      f.store, f.disk, f.dir, f.account,
      {[&](model::AccountState s) { base = std::move(s); }, [](std::uint64_t, const model::Event&) {}});
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->base_sequence, 150u);
  EXPECT_TRUE(recovered->problems.empty());
  EXPECT_TRUE(base == samples::state(f.account));
}

TEST(Checkpoint, AnOlderDatabaseIsNoticed) {
  CheckpointFixture f;
  auto writer = f.three_days();
  f.keep(150);
  StoreBatch old;
  old.accounts = {f.stored(20)};
  ASSERT_TRUE(f.store.commit(old));
  const auto recovered =
      recover_account(f.store, f.disk, f.dir, f.account,
                      {[](model::AccountState) {}, [](std::uint64_t, const model::Event&) {}});
  EXPECT_EQ(recovered->base_sequence, 150u);
  ASSERT_EQ(recovered->problems.size(), 1u);
  EXPECT_EQ(recovered->problems[0].code(), Errc::missing);
}

TEST(Retention, RemovesOldDaysOnlyAsFarAsStateAndCheckpointReach) {
  CheckpointFixture f;
  auto writer = f.three_days();
  ASSERT_TRUE(writer.sync_handle()->sync());
  const auto all = list_segments(f.dir)->size();
  EXPECT_EQ(remove_old_journal(f.disk, f.dir, f.account, samples::day(17), 300)->segments, 0u)
      << "no checkpoint";
  f.keep(100);
  f.keep(200);
  EXPECT_EQ(remove_old_journal(f.disk, f.dir, f.account, samples::day(15), 300)->segments, 0u) << "too young";
  const auto first = remove_old_journal(f.disk, f.dir, f.account, samples::day(17), 150);
  EXPECT_GT(first->segments, 0u);
  EXPECT_EQ(f.days_left().front(), samples::day(16))
      << "the state reaches record 150 only, the checkpoint 100";
  const auto second = remove_old_journal(f.disk, f.dir, f.account, samples::day(17), 300);
  EXPECT_EQ(f.days_left(), (std::vector{samples::day(17)}));
  EXPECT_EQ(*list_checkpoints(f.dir), (std::vector<std::uint64_t>{200}));
  EXPECT_EQ(first->segments + second->segments + list_segments(f.dir)->size(), all);
  EXPECT_EQ(f.read(201).payloads.size(), 100u);
}

TEST(Retention, NeverRemovesTheSegmentThatHoldsTheNextRecord) {
  CheckpointFixture f;
  auto writer = f.three_days();
  ASSERT_TRUE(writer.sync_handle()->sync());
  for (std::uint64_t kept = 1; kept <= 300; kept += 13) {
    f.keep(kept);
    ASSERT_TRUE(remove_old_journal(f.disk, f.dir, f.account, samples::day(20), 300));
    ASSERT_EQ(f.read(kept + 1).payloads.size(), 300 - kept);
    ASSERT_LE(f.read(kept + 1).first, kept + 1);
  }
}

TEST(Retention, ACrashInBetweenLeavesOnePiece) {
  for (std::size_t step = 0; step < 12; ++step) {
    CheckpointFixture f;
    auto writer = f.three_days();
    ASSERT_TRUE(writer.sync_handle()->sync());
    f.keep(20);
    f.keep(200);
    Power power{0, step, step % 2 == 0, false};
    PoweredDisk wired(power, f.disk);
    const auto removed = remove_old_journal(wired, f.dir, f.account, samples::day(17), 300);
    ASSERT_EQ(removed.has_value(), !power.off);
    const auto left = f.read();
    ASSERT_FALSE(left.error);
    ASSERT_EQ(left.first + left.payloads.size(), 301u);
    ASSERT_EQ((*newest_checkpoint(f.disk, f.dir, f.account))->journal_sequence, 200u);
  }
}

} // namespace
} // namespace bulkhead::persistence
