#include "persistence/data_dir.hpp"
#include "persistence/lmdb_pages.hpp"
#include "tests/persistence/used_store.hpp"

#include <random>
#include <sys/wait.h>
#include <unistd.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;

constexpr std::size_t page = 4096;

TEST(LmdbPages, ASoundFileAnEmptyOneAndNonePass) {
  const UsedStore used;
  EXPECT_TRUE(check_lmdb_file(used.file));
  EXPECT_TRUE(check_lmdb_file(used.temp.path() / "absent"));
  spill(used.temp.path() / "empty", "");
  EXPECT_TRUE(check_lmdb_file(used.temp.path() / "empty"));
}

TEST(LmdbPages, AFileThatWasUsedForLongPasses) {
  const TempDir dir;
  std::mt19937 random(7);
  for (int run = 0; run < 20; ++run) {
    ASSERT_TRUE(check_lmdb_file(dir.path() / "db")) << "run " << run;
    auto store = *LmdbStore::open(dir.path() / "db");
    for (int n = 0; n < 40; ++n) {
      ASSERT_TRUE(
          store->put_meta("key" + std::to_string(random() % 300), std::string(random() % 20'000, 'v')));
      StoreBatch batch;
      for (unsigned i = 0; i < random() % 30; ++i)
        batch.notes.push_back({model::AccountId{static_cast<std::int64_t>(random() % 3)}, samples::at(n),
                               std::string(random() % 900, 'n'), ""});
      ASSERT_TRUE(store->commit(batch));
    }
  }
}

/// Both meta pages as they are, with a field of both changed.
std::string with_metas(std::string bytes, std::size_t offset, char value) {
  bytes[offset] = value;
  bytes[page + offset] = value;
  return bytes;
}

TEST(LmdbPages, AnotherFormatIsUnsupportedAndNotDamage) {
  const UsedStore used;
  spill(used.file, with_metas(slurp(used.file), 20, 2));
  EXPECT_EQ(check_lmdb_file(used.file).error().code(), Errc::unsupported);
  spill(used.file, with_metas(slurp(used.file), 16, 0));
  EXPECT_EQ(check_lmdb_file(used.file).error().code(), Errc::corrupt);
}

TEST(LmdbPages, DamageNamesFileAndPage) {
  const UsedStore used;
  std::string bytes = slurp(used.file);
  for (std::size_t at = 2 * page; at < bytes.size(); at += page) bytes[at + 10] = 9; // kinds of all pages
  spill(used.file, bytes);
  const auto checked = check_lmdb_file(used.file);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message().find("state.mdb: database page "), std::string::npos)
      << checked.error().message();
}

struct Damager {
  std::mt19937 random;
  std::size_t used = 0; // bytes up to the last page that is not zeros

  std::size_t place() { return random() % used; }
  /// Most flips hit headers and nodes, where LMDB believes everything.
  std::size_t structural_place() {
    const std::size_t start = place() / page * page;
    return start + (random() % 2 == 0 ? random() % 64 : random() % page);
  }
  std::string damage(std::string bytes, const std::string& old_copy) {
    switch (random() % 8) {
    case 0: return old_copy;
    case 1: return bytes.substr(0, place());
    case 2: return bytes.replace(place() / page * page, page, std::string(page, '\0'));
    case 3: return bytes.replace(place() / page * page, page, bytes, place() / page * page, page);
    case 4: return bytes.replace(place() / 512 * 512, 512, std::string(512, static_cast<char>(random())));
    default: break;
    }
    for (unsigned n = 1 + random() % 3; n > 0; --n)
      bytes[structural_place()] ^= static_cast<char>(1U << random() % 8);
    return bytes;
  }
};

/// As the daemon does it: a damaged file is set aside, and the account comes back from its journal. 0: all is
/// as it was, or the damage was told.
int restart(UsedStore& used, const std::string& before) {
  auto store = LmdbStore::open(used.file);
  if (!store) {
    if (store.error().code() != Errc::corrupt && store.error().code() != Errc::unsupported) return 1;
    if (!quarantine(used.file, samples::at(0))) return 2;
    store = LmdbStore::open(used.file);
    if (!store) return 3;
  } else {
    const std::string answers = used.survey(**store);
    const auto stored = (*store)->load_account(used.account);
    const bool behind = stored && *stored && (*stored)->journal_sequence < 240;
    if (!answers.empty() && answers != before && !behind) return 4;
  }
  std::size_t problems = 0;
  return encoded(used.recovered(**store, problems)) == encoded(used.state) ? 0 : 5;
}

TEST(LmdbDamage, NeitherCrashesNorAnswersWronglyAndTheJournalRestoresTheState) {
  UsedStore used;
  const std::string whole = slurp(used.file);
  const std::string before = used.survey(**LmdbStore::open(used.file));
  ASSERT_FALSE(before.empty());
  for (unsigned seed = 1; seed <= storage_cases(); ++seed) {
    Damager damager{std::mt19937(seed), (whole.find_last_not_of('\0') / page + 1) * page};
    spill(used.file, damager.damage(whole, used.old_copy));
    std::filesystem::remove(used.file.string() + "-lock");
    for (const auto& entry : std::filesystem::directory_iterator(used.temp.path()))
      if (entry.path().string().find("quarantine") != std::string::npos)
        std::filesystem::remove(entry.path());
    const pid_t child = ::fork(); // what crashes there is reported here, with its seed
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(restart(used, before));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "seed " << seed << ": ended by signal " << WTERMSIG(status);
    ASSERT_EQ(WEXITSTATUS(status), 0) << "seed " << seed;
  }
}

} // namespace
} // namespace bulkhead::persistence
