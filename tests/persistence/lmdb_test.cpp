#include "persistence/lmdb.hpp"
#include "persistence/lmdb_store.hpp"
#include "tests/persistence/samples.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <gtest/gtest.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Result;

Result<void> put(LmdbEnv& env, LmdbTable table, const std::string& key, const std::string& value) {
  return env.update([&](LmdbTxn& txn) { return txn.put(table, key, value); });
}

std::vector<std::string> keys(const LmdbEnv& env, LmdbTable table, const std::string& prefix, bool forward) {
  std::vector<std::string> out;
  const auto visit = [&](std::string_view key, std::string_view) -> Result<bool> {
    out.emplace_back(key);
    return true;
  };
  const auto done = env.read([&](const LmdbTxn& txn) {
    return forward ? txn.ascend(table, prefix, visit) : txn.descend(table, prefix, visit);
  });
  EXPECT_TRUE(done);
  return out;
}

TEST(Lmdb, WalksAPrefixBothWays) {
  const TempDir dir;
  auto env = *LmdbEnv::open(dir.path() / "db");
  const auto table = env.tables({"t"})->front();
  for (const char* key : {"a", "b1", "b2", "b\xff", "c"}) ASSERT_TRUE(put(env, table, key, "v"));
  EXPECT_EQ(keys(env, table, "b", true), (std::vector<std::string>{"b1", "b2", "b\xff"}));
  EXPECT_EQ(keys(env, table, "b", false), (std::vector<std::string>{"b\xff", "b2", "b1"}));
  EXPECT_EQ(keys(env, table, "c", false), (std::vector<std::string>{"c"}));
  EXPECT_EQ(keys(env, table, "d", false), (std::vector<std::string>{}));
  EXPECT_EQ(keys(env, table, "", true).size(), 5u);
}

TEST(Lmdb, AFailedUpdateChangesNothing) {
  const TempDir dir;
  auto env = *LmdbEnv::open(dir.path() / "db");
  const auto table = env.tables({"t"})->front();
  const auto done = env.update([&](LmdbTxn& txn) -> Result<void> {
    EXPECT_TRUE(txn.put(table, "k", "v"));
    return model::Error{Errc::rejected, "no"};
  });
  EXPECT_EQ(done.error().code(), Errc::rejected);
  EXPECT_TRUE(keys(env, table, "", true).empty());
}

TEST(Lmdb, TheMapGrowsBetweenTransactionsAndStaysGrown) {
  const TempDir dir;
  LmdbOptions small;
  small.map_bytes = 256 << 10;
  {
    auto env = *LmdbEnv::open(dir.path() / "db", small);
    const auto table = env.tables({"t"})->front();
    for (int n = 0; n < 100; ++n) ASSERT_TRUE(put(env, table, std::to_string(n), std::string(20'000, 'x')));
    EXPECT_GT(env.map_bytes(), 2'000'000u);
    EXPECT_EQ(keys(env, table, "", true).size(), 100u);
  }
  auto env = *LmdbEnv::open(dir.path() / "db", small);
  EXPECT_GT(env.map_bytes(), 2'000'000u);
  EXPECT_EQ(keys(env, env.tables({"t"})->front(), "", true).size(), 100u);
}

TEST(Lmdb, GrowthEndsAtItsBound) {
  const TempDir dir;
  LmdbOptions small;
  small.map_bytes = 256 << 10;
  small.max_map_bytes = 512 << 10;
  auto env = *LmdbEnv::open(dir.path() / "db", small);
  const auto table = env.tables({"t"})->front();
  EXPECT_EQ(put(env, table, "k", std::string(1 << 20, 'x')).error().code(), Errc::full);
  EXPECT_TRUE(put(env, table, "k", "small"));
}

TEST(Lmdb, RefusesKeysItCannotStore) {
  const TempDir dir;
  auto env = *LmdbEnv::open(dir.path() / "db");
  const auto table = env.tables({"t"})->front();
  EXPECT_EQ(put(env, table, "", "v").error().code(), Errc::out_of_range);
  EXPECT_EQ(put(env, table, std::string(512, 'k'), "v").error().code(), Errc::out_of_range);
}

constexpr std::string_view marked = "the marked note";

/// A store file with rows on many pages, cut to what is used.
std::string used_part(const std::filesystem::path& file) {
  {
    const auto store = *LmdbStore::open(file);
    StoreBatch batch;
    for (int n = 0; n < 400; ++n)
      batch.notes.push_back({model::AccountId{1}, samples::at(n), std::string(300, 'n'), ""});
    batch.notes[7].text = marked;
    batch.accounts = {{samples::state(model::AccountId{1}), 5}};
    EXPECT_TRUE(store->commit(batch));
  }
  std::string bytes = slurp(file);
  const std::size_t page = 4096;
  bytes.resize((bytes.find_last_not_of('\0') / page + 1) * page);
  return bytes;
}

/// Reads everything there is; true when that went without an error.
bool reads_all(const std::filesystem::path& file) {
  const auto store = LmdbStore::open(file);
  if (!store) return false;
  return (*store)->load_account(model::AccountId{1}) && (*store)->list_notes(model::AccountId{1}, 1000) &&
         (*store)->list_contracts();
}

TEST(Lmdb, ATruncatedFileIsRefusedAndDoesNotKill) {
  const TempDir dir;
  const std::string whole = used_part(dir.path() / "db");
  const auto cut = dir.path() / "cut";
  spill(cut, whole);
  ASSERT_TRUE(reads_all(cut)) << "the cut to the used part is no damage";
  for (std::size_t size = 1; size < whole.size(); size += 1021) {
    spill(cut, whole.substr(0, size));
    const auto opened = LmdbEnv::open(cut);
    ASSERT_FALSE(opened) << size;
    EXPECT_EQ(opened.error().code(), Errc::corrupt) << size;
  }
}

TEST(Lmdb, AFlippedBitInARowIsNoticed) {
  const TempDir dir;
  const std::string whole = used_part(dir.path() / "db");
  const auto damaged = dir.path() / "damaged";
  std::string bytes = whole;
  // Pages that are no longer in use may hold old copies: all of them are hit.
  for (std::size_t at = 0; (at = bytes.find(marked, at)) != std::string::npos;) bytes[at] ^= 4;
  spill(damaged, bytes);
  const auto store = LmdbStore::open(damaged);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), Errc::corrupt);
  EXPECT_NE(store.error().message().find("table notes, key 0x80"), std::string::npos)
      << store.error().message();
}

TEST(Lmdb, AChangedKeyOfAnAccountIsNotTakenForAMissingAccount) {
  const TempDir dir;
  const std::string whole = used_part(dir.path() / "db");
  const std::string key{"\x80\0\0\0\0\0\0\1\1", 9}; // the account's key, then the version of its frame
  const std::size_t place = whole.find(key);
  ASSERT_NE(place, std::string::npos);
  std::string bytes = whole;
  bytes[place + 7] = 9;
  spill(dir.path() / "damaged", bytes);
  const auto store = LmdbStore::open(dir.path() / "damaged");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), Errc::corrupt);
}

TEST(Lmdb, ADamagedTableNameIsNotTakenForAnEmptyTable) {
  const TempDir dir;
  std::string bytes = used_part(dir.path() / "db");
  for (std::size_t at = 0; (at = bytes.find("accounts", at)) != std::string::npos;) bytes[at] ^= 1;
  spill(dir.path() / "damaged", bytes);
  const auto store = LmdbStore::open(dir.path() / "damaged");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), Errc::corrupt);
}

TEST(Lmdb, AFileOfAnotherKindIsRefused) {
  const TempDir dir;
  spill(dir.path() / "db", std::string(10'000, 'x'));
  const auto opened = LmdbEnv::open(dir.path() / "db");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Errc::corrupt);
}

} // namespace
} // namespace bulkhead::persistence
