// A full disk: nothing that was told to be durable is lost, and all goes on when there is space again. The
// last test fills a real one, by a limit on the length of files in a child process.

#include "persistence/commit_queue.hpp"
#include "tests/persistence/used_store.hpp"

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bulkhead::persistence {
namespace {

using model::AccountId;
using model::Errc;
using model::Error;
using samples::at;

TEST(CommitQueue, KeepsEverythingUntilACommitSucceeds) {
  MemoryStore store;
  CommitQueue queue;
  store.fail_with(Error{Errc::full, "no space"});
  queue.add({samples::state(AccountId{1}), 5});
  queue.add(LockoutRecord{AccountId{1}, at(1), samples::lockout(), std::nullopt});
  EXPECT_EQ(queue.commit(store).error().code(), Errc::full);
  queue.add({samples::state(AccountId{1}), 9});
  queue.add({samples::state(AccountId{2}), 3});
  EXPECT_FALSE(queue.commit(store));
  store.fail_with(std::nullopt);
  ASSERT_TRUE(queue.commit(store));
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ((*store.load_account(AccountId{1}))->journal_sequence, 9u);
  EXPECT_EQ((*store.load_account(AccountId{2}))->journal_sequence, 3u);
  EXPECT_EQ(store.list_lockouts(AccountId{1}, 10)->size(), 1u);
  ASSERT_TRUE(queue.commit(store));
  EXPECT_EQ(store.list_lockouts(AccountId{1}, 10)->size(), 1u) << "once only";
}

TEST(CommitQueue, DropsTheOldestHistoryBeyondItsBound) {
  MemoryStore store;
  CommitQueue queue;
  for (std::size_t n = 0; n < CommitQueue::max_rows + 3; ++n)
    queue.add(Note{AccountId{1}, at(0), std::to_string(n), ""});
  EXPECT_EQ(queue.dropped(), 3u);
  ASSERT_TRUE(queue.commit(store));
  EXPECT_EQ(queue.dropped(), 0u);
  EXPECT_EQ(store.list_notes(AccountId{1}, 1)->front().text, std::to_string(CommitQueue::max_rows + 2));
}

TEST(FullDisk, AJournalOpensInMemoryAndIsWrittenWhenASegmentComes) {
  JournalFixture f;
  auto writer =
      JournalWriter::open_in_memory(f.disk, f.dir, f.account, samples::day(), {}, {4096, 1 << 20, false});
  const auto payloads = append_some(writer, 5);
  EXPECT_GT(writer.pending_bytes(), 0u);
  writer.provide_segment(f.spare(writer.wanted()));
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(f.read().payloads, payloads);
}

TEST(FullDisk, GoesOnBehindTheLastSegmentOfTheRunBefore) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 3);
  }
  auto writer = JournalWriter::open_in_memory(f.disk, f.dir, f.account, samples::day(), f.read().end,
                                              {4096, 1 << 20, false});
  append_some(writer, 2, "later");
  EXPECT_EQ(writer.wanted(), (SegmentName{samples::day(), 1}));
  writer.provide_segment(f.spare(writer.wanted()));
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(f.read().payloads, (std::vector<std::string>{"r0", "r1", "r2", "later0", "later1"}));
}

TEST(FullDisk, RecordsThatFoundNoRoomLeaveANoteAndAreNotDurable) {
  JournalFixture f;
  auto writer =
      JournalWriter::open_in_memory(f.disk, f.dir, f.account, samples::day(), {}, {4096, 200, false});
  const model::Event event{at(1), 0, samples::fill(1, 1)};
  int refused = 0;
  for (int n = 0; n < 5; ++n) refused += writer.append(RecordKind::event, at(1), encoded(event)) ? 0 : 1;
  ASSERT_GT(refused, 0);
  const auto last = writer.next_sequence() - 1;
  writer.provide_segment(f.spare(writer.wanted()));
  ASSERT_TRUE(writer.flush());
  EXPECT_EQ(writer.sync_handle()->sync().error().code(), Errc::full);
  writer.sync_handle()->covered_by_state(last);
  EXPECT_FALSE(writer.sync_handle()->sync()) << "a state at that record may be older than what was lost";
  ASSERT_TRUE(writer.append(RecordKind::event, at(2), encoded(event)));
  MemoryStore store;
  const auto recovered =
      recover_account(store, f.disk, f.dir, f.account,
                      {[](model::AccountState) {}, [](std::uint64_t, const model::Event&) {}});
  ASSERT_EQ(recovered->problems.size(), 1u);
  EXPECT_NE(recovered->problems[0].message().find(std::to_string(refused) + " records found no room"),
            std::string::npos)
      << recovered->problems[0].message();
  writer.sync_handle()->covered_by_state(writer.next_sequence() - 1);
  EXPECT_TRUE(writer.sync_handle()->sync());
}

/// In a child: fills the disk, then makes room again. 0: as it should be.
int live_on_a_full_disk(UsedStore& used) {
  auto store = LmdbStore::open(used.file);
  if (!store) return 1;
  PosixDisk disk;
  const auto dir = used.temp.path() / "9";
  auto writer = JournalWriter::open(disk, dir, AccountId{9}, samples::day(), {}, {4096, 1 << 20, true});
  if (!writer) return 2;
  std::signal(SIGXFSZ, SIG_IGN); // so that the limit is an error, as a full disk is
  ::rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const auto space = limit.rlim_cur;
  limit.rlim_cur = 2048;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto refused = (*store)->commit(used.batch(500, 1));
  if (refused || refused.error().code() != Errc::full) return 3;
  int told = 0;
  for (int n = 0; n < 200; ++n) told += writer->append(RecordKind::note, at(n), std::string(50, 'x')) ? 0 : 1;
  if (told != 1 || writer->pending_bytes() == 0) return 4;
  if (used.survey(**store).empty()) return 5; // reading goes on
  limit.rlim_cur = space;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (!(*store)->commit(used.batch(501, 2))) return 6;
  if ((*(*store)->load_account(used.account))->journal_sequence != 501) return 7;
  if (!writer->flush() || writer->pending_bytes() != 0 || !writer->sync_handle()->sync()) return 8;
  const auto report = verify_chain(disk, dir, AccountId{9});
  return report && !report->damage && report->records == 200 ? 0 : 9;
}

TEST(FullDisk, ARealOneIsSurvivedByJournalAndDatabase) {
  UsedStore used;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(live_on_a_full_disk(used));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace
} // namespace bulkhead::persistence
