#include "persistence/data_dir.hpp"
#include "tests/persistence/samples.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;

unsigned mode_of(const std::filesystem::path& path) {
  struct ::stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 0777U;
}

TEST(DataDir, IsMadeForItsOwnerOnly) {
  const TempDir temp;
  const auto dir = DataDir::open(temp.path() / "a" / "b");
  ASSERT_TRUE(dir) << dir.error().message();
  EXPECT_EQ(mode_of(dir->path()), 0700u);
  EXPECT_EQ(mode_of(dir->journal()), 0700u);
  EXPECT_EQ(mode_of(dir->path() / "LOCK"), 0600u);
  EXPECT_EQ(dir->journal(model::AccountId{7}), dir->path() / "journal" / "7");
}

TEST(DataDir, ClosesADirectoryThatWasOpenToOthers) {
  const TempDir temp;
  ASSERT_EQ(::chmod(temp.path().c_str(), 0755), 0);
  ASSERT_TRUE(DataDir::open(temp.path()));
  EXPECT_EQ(mode_of(temp.path()), 0700u);
}

TEST(DataDir, IsRefusedWhileAnotherProcessHoldsItAndNamesThatProcess) {
  const TempDir temp;
  int ready[2];
  int finish[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(finish), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(finish[1]); // else the child would wait for itself
    const auto held = DataDir::open(temp.path());
    char byte = held ? 'y' : 'n';
    (void)(::write(ready[1], &byte, 1) + ::read(finish[0], &byte, 1));
    ::_exit(0); // without destructors, as if it had been killed
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  const auto refused = DataDir::open(temp.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::busy);
  EXPECT_TRUE(refused.error().message().ends_with("in use by process " + std::to_string(child)))
      << refused.error().message();
  ::close(finish[1]);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(DataDir::open(temp.path())) << "the lock died with its process";
  for (const int descriptor : {ready[0], ready[1], finish[0]}) ::close(descriptor);
}

TEST(DataDir, TheLockGoesWithItsOwner) {
  const TempDir temp;
  {
    auto first = DataDir::open(temp.path());
    ASSERT_TRUE(first);
    EXPECT_EQ(DataDir::open(temp.path()).error().code(), Errc::busy);
    const DataDir moved = std::move(*first);
    EXPECT_EQ(DataDir::open(temp.path()).error().code(), Errc::busy);
  }
  EXPECT_TRUE(DataDir::open(temp.path()));
}

TEST(DataDir, AFileInItsPlaceIsAnError) {
  const TempDir temp;
  spill(temp.path() / "file", "x");
  EXPECT_EQ(DataDir::open(temp.path() / "file" / "sub").error().code(), Errc::busy);
}

TEST(Quarantine, SetsFilesAsideUnderTheirTime) {
  const TempDir temp;
  const auto file = temp.path() / "state.mdb";
  spill(file, "one");
  EXPECT_EQ(*quarantine(file, samples::at(0)), temp.path() / "state.mdb.quarantine-20260715T220000Z");
  spill(file, "two");
  EXPECT_EQ(*quarantine(file, samples::at(0)), temp.path() / "state.mdb.quarantine-20260715T220000Z-2");
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(slurp(temp.path() / "state.mdb.quarantine-20260715T220000Z"), "one");
  EXPECT_EQ(quarantine(file, samples::at(0)).error().code(), Errc::not_found);
}

TEST(BootId, IsReadAndStays) {
  const auto id = read_boot_id();
  ASSERT_TRUE(id);
  EXPECT_EQ(id->size(), 36u);
  EXPECT_EQ(*read_boot_id(), *id);
}

} // namespace
} // namespace bulkhead::persistence
