#include "persistence/lmdb_store.hpp"
#include "persistence/bytes.hpp"
#include "persistence/codec.hpp"
#include "persistence/record.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::persistence {
namespace {

using model::AccountId;
using model::Errc;
using model::Error;
using model::Result;
using Table = LmdbStore::Table;

Result<void> put_framed(LmdbTxn& txn, const Table& table, std::string_view key, std::string_view payload) {
  return txn.put(table.handle, key, frame_record(table.name, key, payload));
}

/// Appends under the account's next number and drops the row that falls out of the bound.
Result<void> append_row(LmdbTxn& txn, const Table& table, AccountId account, std::string_view payload) {
  const std::string prefix = account_key(account);
  std::int64_t last = 0;
  const auto newest = txn.descend(table.handle, prefix, [&](std::string_view key, std::string_view) {
    if (key.size() == 2 * sizeof(last)) last = load_key(key.substr(sizeof(last)));
    return Result<bool>{false};
  });
  if (!newest) return newest;
  const std::string key = account_key(account, last + 1);
  if (auto put = put_framed(txn, table, key, payload); !put) return put;
  return txn.erase(table.handle,
                   account_key(account, last + 1 - static_cast<std::int64_t>(max_history_rows)));
}

} // namespace

Result<std::unique_ptr<LmdbStore>> LmdbStore::open(const std::filesystem::path& file, LmdbOptions options) {
  std::unique_ptr<LmdbStore> store(new LmdbStore(file, options));
  if (auto opened = store->open_env(); !opened) return opened.error();
  if (auto checked = store->check_rows(); !checked) return checked.error();
  if (auto checked = store->check_schema(); !checked) return checked.error();
  return store;
}

Result<void> LmdbStore::open_env() {
  env_.reset(); // before it is opened again: one environment per file and process
  auto env = LmdbEnv::open(file_, options_);
  if (!env) return env.error();
  std::vector<const char*> names;
  for (const Table* table : all_tables()) names.push_back(table->name);
  const auto opened = env->tables(names);
  if (!opened) return opened.error();
  for (std::size_t i = 0; i < names.size(); ++i) all_tables()[i]->handle = (*opened)[i];
  env_.emplace(std::move(*env));
  suspect_ = false;
  return {};
}

/// A row whose key was damaged is missing where it belongs; only a look at every row finds it.
Result<void> LmdbStore::check_rows() {
  return read([&](const LmdbTxn& txn) -> Result<void> {
    for (const Table* table : all_tables()) {
      const auto walked =
          txn.ascend(table->handle, {}, [&](std::string_view key, std::string_view value) -> Result<bool> {
            const auto payload = unframe_record(table->name, key, value);
            return payload ? Result<bool>{true} : payload.error();
          });
      if (!walked) return walked;
    }
    return {};
  });
}

Result<void> LmdbStore::read(const std::function<Result<void>(const LmdbTxn&)>& work) {
  const std::lock_guard lock(mutex_);
  if (!env_) return Error{Errc::io, fmt::format("{}: is closed after a failure", file_.string())};
  return env_->read(work);
}

Result<void> LmdbStore::update(const std::function<Result<void>(LmdbTxn&)>& work) {
  const std::lock_guard lock(mutex_);
  if (suspect_ || !env_) {
    if (auto again = open_env(); !again) return again;
  }
  const auto done = env_->update(work);
  suspect_ = !done && done.error().code() == Errc::io;
  return done;
}

Result<void> LmdbStore::check_schema() {
  const auto found = get_meta(meta::schema_version);
  if (!found) return found.error();
  if (!*found) return put_meta(meta::schema_version, current_schema_version);
  if (**found == current_schema_version) return {};
  return Error{Errc::unsupported,
               fmt::format("database schema {}, this release reads {}", **found, current_schema_version)};
}

Result<void> LmdbStore::put_row(const Table& table, std::string_view key, std::string_view payload) {
  return update([&](LmdbTxn& txn) { return put_framed(txn, table, key, payload); });
}

Result<std::optional<std::string>> LmdbStore::get_row(const Table& table, std::string_view key) {
  std::optional<std::string> row;
  const auto done = read([&](const LmdbTxn& txn) -> Result<void> {
    const auto value = txn.get(table.handle, key);
    if (!value) return value.error();
    if (!*value) return {};
    const auto payload = unframe_record(table.name, key, **value);
    if (!payload) return payload.error();
    row = *payload;
    return {};
  });
  if (!done) return done.error();
  return row;
}

Result<std::optional<StoredAccount>> LmdbStore::load_account(AccountId account) {
  const auto row = get_row(accounts_, account_key(account));
  if (!row) return row.error();
  if (!*row) {
    // A damaged key looks like a missing row; then the row under it fails its own checksum here.
    const auto all = list_accounts();
    return all ? Result<std::optional<StoredAccount>>{std::optional<StoredAccount>{}} : all.error();
  }
  auto stored = decode_stored_account(**row);
  if (!stored) return stored.error().with_context(fmt::format("account {}", account.value));
  return std::optional{std::move(*stored)};
}

Result<std::vector<AccountId>> LmdbStore::list_accounts() {
  std::vector<AccountId> ids;
  const auto visit = [&](std::string_view key, std::string_view value) -> Result<bool> {
    if (auto payload = unframe_record(accounts_.name, key, value); !payload) return payload.error();
    if (key.size() == sizeof(std::int64_t)) ids.emplace_back(load_key(key));
    return true;
  };
  const auto done = read([&](const LmdbTxn& txn) { return txn.ascend(accounts_.handle, {}, visit); });
  if (!done) return done.error();
  return ids;
}

Result<void> LmdbStore::commit(const StoreBatch& batch) {
  return update([&](LmdbTxn& txn) -> Result<void> {
    Result<void> done;
    for (const auto& stored : batch.accounts) {
      if (done) done = put_framed(txn, accounts_, account_key(stored.state.id), encoded(stored));
    }
    for (const auto& record : batch.lockouts) {
      if (done) done = append_row(txn, lockouts_, record.account, encoded(record));
    }
    for (const auto& note : batch.notes) {
      if (done) done = append_row(txn, notes_, note.account, encoded(note));
    }
    for (const auto& day : batch.days) {
      if (done) done = put_framed(txn, days_, account_key(day.account, day_number(day.day)), encoded(day));
    }
    return done;
  });
}

Result<void> LmdbStore::put_meta(std::string_view key, std::string_view value) {
  if (auto ok = check_key(key); !ok) return ok;
  return put_row(meta_, key, value);
}

Result<std::optional<std::string>> LmdbStore::get_meta(std::string_view key) {
  if (auto ok = check_key(key); !ok) return ok.error();
  return get_row(meta_, key);
}

Result<void> LmdbStore::put_contract(const CachedContract& contract) {
  if (auto ok = check_key(contract.contract.id.value); !ok) return ok;
  return put_row(contracts_, contract.contract.id.value, encoded(contract));
}

Result<std::optional<CachedContract>> LmdbStore::get_contract(const model::ContractId& id) {
  if (auto ok = check_key(id.value); !ok) return ok.error();
  const auto row = get_row(contracts_, id.value);
  if (!row) return row.error();
  if (!*row) return std::optional<CachedContract>{};
  auto contract = decode_cached_contract(**row);
  if (!contract) return contract.error().with_context(id.value);
  return std::optional{std::move(*contract)};
}

} // namespace bulkhead::persistence
