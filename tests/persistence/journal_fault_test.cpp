#include "tests/persistence/journal_fixture.hpp"

#include <random>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using samples::at;

TEST(JournalFault, ShortWritesAreFinished) {
  JournalFixture f;
  f.disk.longest_write = 7;
  auto writer = f.open();
  const auto payloads = append_some(writer, 20);
  EXPECT_EQ(f.read().payloads, payloads);
}

TEST(JournalFault, AFullDiskIsToldOnceAndNothingIsLost) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 2);
  f.disk.write_error = Error{Errc::full, "no space"};
  f.disk.bytes_before_error = 20; // and half a record gets through
  EXPECT_EQ(writer.append(RecordKind::note, at(3), "three").error().code(), Errc::io);
  EXPECT_EQ(*writer.append(RecordKind::note, at(4), "four"), 4u);
  EXPECT_EQ(f.read().payloads.size(), 2u);
  EXPECT_TRUE(f.read().end.torn);
  f.disk.write_error.reset();
  EXPECT_EQ(*writer.append(RecordKind::note, at(5), "five"), 5u);
  EXPECT_EQ(f.read().payloads, (std::vector<std::string>{"r0", "r1", "three", "four", "five"}));
  f.disk.write_error = Error{Errc::io, "bad block"};
  EXPECT_EQ(writer.append(RecordKind::note, at(6), "six").error().code(), Errc::io) << "told again";
}

TEST(JournalFault, AFailedOpenOfTheNextSegmentKeepsTheRecords) {
  JournalFixture f;
  auto writer = f.open();
  f.disk.open_error = Error{Errc::full, "no inodes"};
  int errors = 0;
  for (int i = 0; i < 120; ++i) errors += writer.append(RecordKind::note, at(i), "x") ? 0 : 1;
  EXPECT_EQ(errors, 1);
  f.disk.open_error.reset();
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(f.read().payloads.size(), 120u);
}

TEST(JournalFault, AFailedSyncIsNeverTriedAgainOnThatFile) {
  JournalFixture f;
  auto writer = f.open();
  const auto sync = writer.sync_handle();
  append_some(writer, 2);
  f.disk.sync_error = Error{Errc::io, "EIO"};
  EXPECT_EQ(sync->sync().error().code(), Errc::io);
  f.disk.sync_error.reset(); // the kernel would now say that all is well
  const auto syncs = f.disk.syncs;
  EXPECT_FALSE(sync->sync());
  EXPECT_EQ(f.disk.syncs, syncs);
}

TEST(JournalFault, AfterAFailedSyncTheWriterMovesOnAndAStateEndsTheFailure) {
  JournalFixture f;
  auto writer = f.open();
  const auto sync = writer.sync_handle();
  append_some(writer, 2);
  f.disk.sync_error = Error{Errc::io, "EIO"};
  EXPECT_FALSE(sync->sync());
  f.disk.sync_error.reset();
  EXPECT_TRUE(sync->current_failed());
  append_some(writer, 1, "next");
  EXPECT_FALSE(sync->current_failed());
  EXPECT_TRUE(std::filesystem::exists(f.segment(15, 1)));
  EXPECT_FALSE(sync->sync());
  sync->covered_by_state(1);
  EXPECT_FALSE(sync->sync()) << "record 2 may still be lost";
  sync->covered_by_state(2);
  EXPECT_EQ(*sync->sync(), 3u);
  EXPECT_EQ(f.read().payloads, (std::vector<std::string>{"r0", "r1", "next0"}));
}

TEST(JournalFault, TooManyUnsyncedFilesKeepRecordsInMemory) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 90 * (max_unsynced_segments + 3));
  EXPECT_EQ(list_segments(f.dir)->size(), max_unsynced_segments);
  EXPECT_GT(writer.pending_bytes(), 0u);
  ASSERT_TRUE(writer.sync_handle()->sync());
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(writer.pending_bytes(), 0u);
  EXPECT_EQ(f.read().payloads.size(), 90 * (max_unsynced_segments + 3));
}

/// Writes records of random length, syncs now and then, and loses power. What was synced must be there, and
/// what is there must be a beginning of what was written.
void lose_power_once(unsigned seed, bool keep_any_subset) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  JournalFixture f;
  auto writer = f.open();
  std::vector<std::string> written;
  std::uint64_t durable = 0;
  for (unsigned n = 20 + random() % 100; n > 0; --n) {
    written.emplace_back(random() % 300, static_cast<char>('a' + n % 26));
    ASSERT_TRUE(writer.append(RecordKind::note, at(n), written.back()));
    if (random() % 20 == 0) durable = *writer.sync_handle()->sync();
  }
  f.disk.lose_power([&] { return keep_any_subset && random() % 2 == 0; });
  auto found = f.read();
  ASSERT_GE(found.payloads.size(), durable);
  ASSERT_LE(found.payloads.size(), written.size());
  ASSERT_TRUE(std::equal(found.payloads.begin(), found.payloads.end(), written.begin()));
  if (!keep_any_subset) {
    ASSERT_FALSE(found.error) << found.error->message();
    ASSERT_EQ(found.payloads.size(), durable);
  }
  if (found.error) return; // a hole: reported, and never passed over
  ASSERT_TRUE(cut_tail(f.disk, f.dir, found.end));
  auto next = f.open(15, found.end);
  append_some(next, 1, "next");
  ASSERT_EQ(f.read().payloads.size(), found.payloads.size() + 1);
}

TEST(JournalFault, APowerLossLosesNothingThatWasSynced) {
  for (unsigned seed = 1; seed <= 60; ++seed) lose_power_once(seed, false);
}

TEST(JournalFault, APowerLossThatKeepsAnySectorsIsNeverMistakenForData) {
  for (unsigned seed = 1; seed <= 200; ++seed) lose_power_once(seed, true);
}

} // namespace
} // namespace bulkhead::persistence
