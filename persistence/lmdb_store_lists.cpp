#include "persistence/codec.hpp"
#include "persistence/lmdb_store.hpp"
#include "persistence/record.hpp"

#include <algorithm>

namespace bulkhead::persistence {
namespace {

using model::AccountId;
using model::Result;
using Table = LmdbStore::Table;

/// Takes rows as they come until there are `limit`; each is checked and decoded.
template <class Row>
LmdbTxn::Visit collect(const Table& table, std::vector<Row>& rows, std::size_t limit,
                       Result<Row> (*decode)(std::string_view)) {
  return [&table, &rows, limit, decode](std::string_view key, std::string_view value) -> Result<bool> {
    if (rows.size() >= limit) return false;
    const auto payload = unframe_record(table.name, key, value);
    if (!payload) return payload.error();
    auto row = decode(*payload);
    if (!row) return row.error().with_context(table.name);
    rows.push_back(std::move(*row));
    return true;
  };
}

} // namespace

template <class Row>
Result<std::vector<Row>> LmdbStore::newest_rows(const Table& table, AccountId account, std::size_t limit,
                                                Result<Row> (*decode)(std::string_view)) {
  std::vector<Row> rows;
  const auto visit = collect(table, rows, std::min(limit, max_list_rows), decode);
  const auto walked =
      read([&](const LmdbTxn& txn) { return txn.descend(table.handle, account_key(account), visit); });
  if (!walked) return walked.error();
  return rows;
}

Result<std::vector<CachedContract>> LmdbStore::list_contracts() {
  std::vector<CachedContract> rows;
  const auto visit = collect(contracts_, rows, rows.max_size(), &decode_cached_contract);
  const auto walked = read([&](const LmdbTxn& txn) { return txn.ascend(contracts_.handle, {}, visit); });
  if (!walked) return walked.error();
  return rows;
}

Result<std::vector<LockoutRecord>> LmdbStore::list_lockouts(AccountId account, std::size_t limit) {
  return newest_rows(lockouts_, account, limit, &decode_lockout_record);
}

Result<std::vector<DaySummary>> LmdbStore::list_days(AccountId account, std::size_t limit) {
  return newest_rows(days_, account, limit, &decode_day_summary);
}

Result<std::vector<Note>> LmdbStore::list_notes(AccountId account, std::size_t limit) {
  return newest_rows(notes_, account, limit, &decode_note);
}

} // namespace bulkhead::persistence
