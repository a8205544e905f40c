#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "tests/persistence/samples.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <gtest/gtest.h>

namespace bulkhead::persistence {
namespace {

using model::AccountId;
using model::Errc;
using samples::at;

enum class Kind { memory, lmdb };

/// The same behaviour from every store.
class StoreTest : public ::testing::TestWithParam<Kind> {
protected:
  void SetUp() override { store_ = make(); }
  std::unique_ptr<Store> make() {
    if (GetParam() == Kind::memory) return std::make_unique<MemoryStore>();
    auto opened = LmdbStore::open(dir_.path() / "state.mdb");
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(*opened);
  }
  TempDir dir_;
  std::unique_ptr<Store> store_;
};
INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Values(Kind::memory, Kind::lmdb),
                         [](const auto& info) { return info.param == Kind::memory ? "Memory" : "Lmdb"; });

LockoutRecord lockout_line(std::int64_t account, int n) {
  return {AccountId{account}, at(n), samples::lockout(), model::ClearCause::expiry};
}

TEST_P(StoreTest, AnUnknownAccountIsNone) {
  const auto loaded = store_->load_account(AccountId{1});
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->has_value());
}

TEST_P(StoreTest, TheLastCommittedStateIsLoaded) {
  StoreBatch batch;
  batch.accounts = {{samples::state(AccountId{1}), 5}, {samples::state(AccountId{-2}), 6}};
  ASSERT_TRUE(store_->commit(batch));
  batch.accounts = {{samples::state(AccountId{1}), 7}};
  batch.accounts[0].state.connected = false;
  ASSERT_TRUE(store_->commit(batch));
  EXPECT_TRUE(**store_->load_account(AccountId{1}) == batch.accounts[0]);
  EXPECT_EQ((*store_->load_account(AccountId{-2}))->journal_sequence, 6u);
  EXPECT_EQ(*store_->list_accounts(), (std::vector{AccountId{-2}, AccountId{1}}));
}

TEST_P(StoreTest, MetaIsReplaced) {
  EXPECT_FALSE((*store_->get_meta("x")).has_value());
  ASSERT_TRUE(store_->put_meta("x", "one"));
  ASSERT_TRUE(store_->put_meta("x", ""));
  ASSERT_TRUE(store_->put_meta("xy", "two"));
  EXPECT_EQ(*store_->get_meta("x"), "");
  EXPECT_EQ(*store_->get_meta("xy"), "two");
}

TEST_P(StoreTest, ImpossibleKeysAreRefused) {
  EXPECT_EQ(store_->put_meta("", "v").error().code(), Errc::out_of_range);
  EXPECT_EQ(store_->get_meta(std::string(481, 'k')).error().code(), Errc::out_of_range);
  EXPECT_TRUE(store_->put_meta(std::string(480, 'k'), "v"));
  CachedContract nameless{samples::contract(), at(1)};
  nameless.contract.id.value.clear();
  EXPECT_EQ(store_->put_contract(nameless).error().code(), Errc::out_of_range);
}

TEST_P(StoreTest, ContractsAreListedById) {
  CachedContract b{samples::contract(), at(1)};
  CachedContract a = b;
  a.contract.id.value = "CON.F.US.EP.U26";
  ASSERT_TRUE(store_->put_contract(b));
  ASSERT_TRUE(store_->put_contract(a));
  b.cached_at = at(2);
  ASSERT_TRUE(store_->put_contract(b));
  EXPECT_TRUE(**store_->get_contract(b.contract.id) == b);
  EXPECT_FALSE((*store_->get_contract(model::ContractId{"CON"})).has_value());
  EXPECT_TRUE(*store_->list_contracts() == (std::vector{a, b}));
}

TEST_P(StoreTest, LockoutHistoryIsNewestFirstAndPerAccount) {
  StoreBatch batch;
  for (int n = 0; n < 5; ++n)
    batch.lockouts = {lockout_line(1, n), lockout_line(2, 100 + n)}, (void)store_->commit(batch);
  const auto two = store_->list_lockouts(AccountId{1}, 2);
  ASSERT_TRUE(two);
  EXPECT_TRUE(*two == (std::vector{lockout_line(1, 4), lockout_line(1, 3)}));
  EXPECT_EQ(store_->list_lockouts(AccountId{2}, 100)->size(), 5u);
  EXPECT_TRUE(store_->list_lockouts(AccountId{3}, 100)->empty());
  EXPECT_TRUE(store_->list_lockouts(AccountId{1}, 0)->empty());
}

TEST_P(StoreTest, AnAnswerIsNeverLongerThanTheBound) {
  StoreBatch batch;
  for (int n = 0; n < 1500; ++n) batch.notes.push_back({AccountId{1}, at(n), std::to_string(n), ""});
  ASSERT_TRUE(store_->commit(batch));
  const auto notes = store_->list_notes(AccountId{1}, 1'000'000);
  ASSERT_TRUE(notes);
  ASSERT_EQ(notes->size(), max_list_rows);
  EXPECT_EQ(notes->front().text, "1499");
  EXPECT_EQ(notes->back().text, "500");
}

TEST_P(StoreTest, ADaySummaryReplacesThatOfTheSameDay) {
  StoreBatch batch;
  for (const unsigned d : {15U, 14U, 16U})
    batch.days.push_back({AccountId{1}, samples::day(d), {}, {}, {}, d, 0});
  ASSERT_TRUE(store_->commit(batch));
  batch.days = {{AccountId{1}, samples::day(15), {}, {}, {}, 99, 0}};
  ASSERT_TRUE(store_->commit(batch));
  const auto days = store_->list_days(AccountId{1}, 10);
  ASSERT_TRUE(days);
  ASSERT_EQ(days->size(), 3u);
  EXPECT_EQ((*days)[0].fills, 16u);
  EXPECT_EQ((*days)[1].fills, 99u);
  EXPECT_EQ((*days)[2].fills, 14u);
}

TEST(LmdbStore, KeepsEverythingOverAReopen) {
  const TempDir dir;
  const StoredAccount stored{samples::state(AccountId{8}), 12};
  {
    const auto store = *LmdbStore::open(dir.path() / "state.mdb");
    StoreBatch batch;
    batch.accounts = {stored};
    batch.lockouts = {lockout_line(8, 1)};
    ASSERT_TRUE(store->commit(batch));
  }
  const auto store = *LmdbStore::open(dir.path() / "state.mdb");
  EXPECT_TRUE(**store->load_account(AccountId{8}) == stored);
  EXPECT_EQ(store->list_lockouts(AccountId{8}, 9)->size(), 1u);
  EXPECT_EQ(*store->get_meta(meta::schema_version), current_schema_version);
}

TEST(LmdbStore, RefusesTheFileOfANewerRelease) {
  const TempDir dir;
  {
    const auto store = *LmdbStore::open(dir.path() / "state.mdb");
    ASSERT_TRUE(store->put_meta(meta::schema_version, "2"));
  }
  const auto opened = LmdbStore::open(dir.path() / "state.mdb");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Errc::unsupported);
}

TEST(LmdbStore, ACommitThatDoesNotFitChangesNothing) {
  const TempDir dir;
  LmdbOptions small;
  small.map_bytes = small.max_map_bytes = 1 << 20;
  const auto store = *LmdbStore::open(dir.path() / "state.mdb", small);
  StoreBatch batch;
  batch.accounts = {{samples::state(AccountId{1}), 5}};
  ASSERT_TRUE(store->commit(batch));
  batch.accounts[0].journal_sequence = 6;
  batch.notes.push_back({AccountId{1}, at(1), std::string(2 << 20, 'x'), ""});
  EXPECT_EQ(store->commit(batch).error().code(), Errc::full);
  EXPECT_EQ((*store->load_account(AccountId{1}))->journal_sequence, 5u);
  batch.notes.clear();
  EXPECT_TRUE(store->commit(batch));
}

TEST(MemoryStore, FailsAsOrdered) {
  MemoryStore store;
  store.fail_with(model::Error{Errc::io, "disk is gone"});
  EXPECT_EQ(store.commit({}).error().code(), Errc::io);
  EXPECT_FALSE(store.load_account(AccountId{1}));
  store.fail_with(std::nullopt);
  EXPECT_TRUE(store.commit({}));
}

} // namespace
} // namespace bulkhead::persistence
