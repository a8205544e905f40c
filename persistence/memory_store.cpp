#include "persistence/memory_store.hpp"

#include <algorithm>

namespace bulkhead::persistence {
namespace {

using model::AccountId;
using model::Result;

template <class Row>
void append_bounded(std::deque<Row>& rows, const Row& row) {
  rows.push_back(row);
  if (rows.size() > max_history_rows) rows.pop_front();
}

template <class Row>
std::vector<Row> newest(const std::map<AccountId, std::deque<Row>>& table, AccountId account,
                        std::size_t limit) {
  const auto it = table.find(account);
  if (it == table.end()) return {};
  const auto& rows = it->second;
  const auto n = static_cast<std::ptrdiff_t>(std::min({limit, max_list_rows, rows.size()}));
  return {rows.rbegin(), rows.rbegin() + n};
}

} // namespace

Result<std::optional<StoredAccount>> MemoryStore::load_account(AccountId account) {
  if (failure_) return *failure_;
  const auto it = accounts_.find(account);
  if (it == accounts_.end()) return std::optional<StoredAccount>{};
  return std::optional{it->second};
}

Result<std::vector<AccountId>> MemoryStore::list_accounts() {
  if (failure_) return *failure_;
  std::vector<AccountId> ids;
  for (const auto& [id, stored] : accounts_) ids.push_back(id);
  return ids;
}

Result<void> MemoryStore::commit(const StoreBatch& batch) {
  if (failure_) return *failure_;
  for (const auto& stored : batch.accounts) accounts_[stored.state.id] = stored;
  for (const auto& record : batch.lockouts) append_bounded(lockouts_[record.account], record);
  for (const auto& note : batch.notes) append_bounded(notes_[note.account], note);
  for (const auto& day : batch.days) days_[day.account][day.day] = day;
  return {};
}

Result<void> MemoryStore::put_meta(std::string_view key, std::string_view value) {
  if (failure_) return *failure_;
  if (auto ok = check_key(key); !ok) return ok;
  meta_[std::string{key}] = value;
  return {};
}

Result<std::optional<std::string>> MemoryStore::get_meta(std::string_view key) {
  if (failure_) return *failure_;
  if (auto ok = check_key(key); !ok) return ok.error();
  const auto it = meta_.find(key);
  return it == meta_.end() ? std::optional<std::string>{} : std::optional{it->second};
}

Result<void> MemoryStore::put_contract(const CachedContract& contract) {
  if (failure_) return *failure_;
  if (auto ok = check_key(contract.contract.id.value); !ok) return ok;
  contracts_[contract.contract.id] = contract;
  return {};
}

Result<std::optional<CachedContract>> MemoryStore::get_contract(const model::ContractId& id) {
  if (failure_) return *failure_;
  if (auto ok = check_key(id.value); !ok) return ok.error();
  const auto it = contracts_.find(id);
  return it == contracts_.end() ? std::optional<CachedContract>{} : std::optional{it->second};
}

Result<std::vector<CachedContract>> MemoryStore::list_contracts() {
  if (failure_) return *failure_;
  std::vector<CachedContract> all;
  for (const auto& [id, contract] : contracts_) all.push_back(contract);
  return all;
}

Result<std::vector<LockoutRecord>> MemoryStore::list_lockouts(AccountId account, std::size_t limit) {
  if (failure_) return *failure_;
  return newest(lockouts_, account, limit);
}

Result<std::vector<Note>> MemoryStore::list_notes(AccountId account, std::size_t limit) {
  if (failure_) return *failure_;
  return newest(notes_, account, limit);
}

Result<std::vector<DaySummary>> MemoryStore::list_days(AccountId account, std::size_t limit) {
  if (failure_) return *failure_;
  const auto& days = days_[account];
  std::vector<DaySummary> rows;
  for (auto it = days.rbegin(); it != days.rend() && rows.size() < std::min(limit, max_list_rows); ++it) {
    rows.push_back(it->second);
  }
  return rows;
}

} // namespace bulkhead::persistence
