#include "tests/persistence/journal_fixture.hpp"

namespace bulkhead::persistence {
namespace {

using model::Errc;
using samples::at;

TEST(JournalWriter, EverythingAppendedIsThereWithoutAClose) {
  JournalFixture f;
  std::vector<std::string> payloads;
  {
    auto writer = f.open();
    EXPECT_EQ(*writer.append(RecordKind::event, at(1), "first"), 1u);
    EXPECT_EQ(*writer.append(RecordKind::decision, at(2), ""), 2u);
    // What another process would see now: the writer is neither closed nor synced.
    EXPECT_EQ(f.read().payloads, (std::vector<std::string>{"first", ""}));
  }
  const auto found = f.read();
  EXPECT_EQ(found.payloads.size(), 2u);
  EXPECT_EQ(found.end.next_sequence, 3u);
  EXPECT_FALSE(found.end.torn);
}

TEST(JournalWriter, GoesOnWhereTheLastRunEnded) {
  JournalFixture f;
  for (int run = 0; run < 3; ++run) {
    auto writer = f.open(15, f.read().end);
    append_some(writer, 2, "run" + std::to_string(run) + "-");
  }
  EXPECT_EQ(f.read().payloads,
            (std::vector<std::string>{"run0-0", "run0-1", "run1-0", "run1-1", "run2-0", "run2-1"}));
  EXPECT_EQ(f.disk.creates, 1u);
}

TEST(JournalWriter, RotatesWhenASegmentIsFull) {
  JournalFixture f;
  auto writer = f.open();
  const auto payloads = append_some(writer, 300);
  EXPECT_EQ(f.read().payloads, payloads);
  EXPECT_GT(list_segments(f.dir)->size(), 3u);
  EXPECT_EQ(f.read(250).payloads.front(), "r249");
  EXPECT_EQ(f.read(250).payloads.size(), 51u);
}

TEST(JournalWriter, ANewDayBeginsANewSegment) {
  JournalFixture f;
  auto writer = f.open(15);
  append_some(writer, 2);
  writer.begin_day(samples::day(16));
  append_some(writer, 2);
  writer.begin_day(samples::day(14)); // the clock went back: nothing happens
  append_some(writer, 2);
  EXPECT_TRUE(std::filesystem::exists(f.segment(16, 0)));
  EXPECT_EQ(list_segments(f.dir)->size(), 2u);
  EXPECT_EQ(f.read().payloads.size(), 6u);
}

TEST(JournalWriter, AStartOnAnEarlierDayStaysInTheLaterSegment) {
  JournalFixture f;
  {
    auto writer = f.open(16);
    append_some(writer, 1);
  }
  auto writer = f.open(15, f.read().end);
  append_some(writer, 1);
  EXPECT_EQ(list_segments(f.dir)->size(), 1u);
  EXPECT_EQ(f.read().payloads.size(), 2u);
}

TEST(JournalWriter, UsesTheSpareAndOpensNothingItself) {
  JournalFixture f;
  f.options.may_open = false;
  auto writer = f.open();
  EXPECT_EQ(writer.wanted(), (SegmentName{samples::day(), 1}));
  writer.provide_segment(f.spare(writer.wanted()));
  EXPECT_TRUE(writer.has_spare());
  const auto creates = f.disk.creates;
  const auto payloads = append_some(writer, 130);
  EXPECT_EQ(f.disk.creates, creates);
  EXPECT_FALSE(writer.has_spare());
  EXPECT_EQ(writer.pending_bytes(), 0u);
  EXPECT_EQ(f.read().payloads, payloads);
}

TEST(JournalWriter, KeepsRecordsInMemoryUntilASegmentArrives) {
  JournalFixture f;
  f.options.may_open = false;
  auto writer = f.open();
  const auto payloads = append_some(writer, 200);
  EXPECT_GT(writer.pending_bytes(), 0u);
  EXPECT_LT(f.read().payloads.size(), 200u);
  while (writer.pending_bytes() > 0) {
    writer.provide_segment(f.spare(writer.wanted()));
    ASSERT_TRUE(writer.flush());
  }
  EXPECT_EQ(f.read().payloads, payloads);
}

TEST(JournalWriter, MemoryIsBounded) {
  JournalFixture f;
  f.options.may_open = false;
  f.options.memory_bytes = 10'000;
  auto writer = f.open();
  const std::string payload(500, 'p');
  std::uint64_t accepted = 0;
  while (writer.append(RecordKind::note, at(1), payload)) ++accepted;
  EXPECT_EQ(writer.append(RecordKind::note, at(1), payload).error().code(), Errc::full);
  EXPECT_LE(writer.pending_bytes(), 10'000u);
  EXPECT_EQ(writer.next_sequence(), accepted + 1); // a record not recorded uses no number
  for (int i = 0; i < 5; ++i) writer.provide_segment(f.spare(writer.wanted())), (void)writer.flush();
  EXPECT_EQ(f.read().payloads.size(), accepted);
}

TEST(JournalWriter, StagedRecordsLeaveInOneWrite) {
  JournalFixture f;
  auto writer = f.open();
  const auto before = f.disk.writes;
  EXPECT_EQ(*writer.stage(RecordKind::event, at(1), "a"), 1u);
  EXPECT_EQ(*writer.stage(RecordKind::decision, at(1), "b"), 2u);
  EXPECT_EQ(f.disk.writes, before);
  EXPECT_EQ(*writer.append(RecordKind::note, at(1), "c"), 3u);
  EXPECT_EQ(f.disk.writes, before + 1);
  EXPECT_EQ(f.read().payloads, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(JournalWriter, RefusesAPayloadThatFitsNoSegment) {
  JournalFixture f;
  auto writer = f.open();
  const std::size_t most = 4096 - segment_header_bytes - record_overhead_bytes;
  EXPECT_EQ(writer.append(RecordKind::note, at(1), std::string(most + 1, 'x')).error().code(),
            Errc::out_of_range);
  EXPECT_EQ(*writer.append(RecordKind::note, at(1), std::string(most, 'x')), 1u);
  EXPECT_EQ(f.read().payloads.size(), 1u);
}

TEST(JournalWriter, ASpareThatComesTwiceOrTooLateHarmsNothing) {
  JournalFixture f;
  auto writer = f.open();
  const JournalSegment late = f.spare({samples::day(), 1});
  const auto payloads = append_some(writer, 250); // opens 1, 2, ... by itself; takes over 1
  writer.provide_segment(late);
  writer.provide_segment(f.spare(writer.wanted()));
  writer.provide_segment(f.spare(writer.wanted()));
  ASSERT_TRUE(writer.sync_handle()->sync());
  EXPECT_EQ(f.read().payloads, payloads);
}

TEST(JournalWriter, ASpareOfAPassedDayIsRemoved) {
  JournalFixture f;
  auto writer = f.open(15);
  append_some(writer, 1);
  writer.provide_segment(f.spare(writer.wanted()));
  writer.provide_segment(f.spare({samples::day(16), 0}));
  ASSERT_TRUE(std::filesystem::exists(f.segment(15, 1)));
  writer.begin_day(samples::day(16));
  append_some(writer, 1);
  ASSERT_TRUE(writer.sync_handle()->sync());
  EXPECT_FALSE(std::filesystem::exists(f.segment(15, 1)));
  EXPECT_EQ(f.read().payloads.size(), 2u);
}

TEST(JournalWriter, SyncTellsWhatIsDurableAndTrimsFinishedFiles) {
  JournalFixture f;
  auto writer = f.open();
  const auto sync = writer.sync_handle();
  EXPECT_EQ(*sync->sync(), 0u);
  append_some(writer, 150);
  EXPECT_EQ(*sync->sync(), 150u);
  EXPECT_LT(std::filesystem::file_size(f.segment(15, 0)), 4096u);
  EXPECT_EQ(f.read().payloads.size(), 150u);
}

TEST(JournalWriter, OwnsNoFileThatHoldsOtherData) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 3);
  }
  const std::string before = slurp(f.segment(15, 0));
  auto writer = f.open(); // as if nothing had been there
  append_some(writer, 3);
  EXPECT_EQ(slurp(f.segment(15, 0)), before);
  EXPECT_TRUE(std::filesystem::exists(f.segment(15, 1)));
}

} // namespace
} // namespace bulkhead::persistence
