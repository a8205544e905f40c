#include "persistence/commit_queue.hpp"

#include <utility>

namespace bulkhead::persistence {

template <class Row>
void CommitQueue::append(std::vector<Row>& rows, Row row) {
  if (rows.size() >= max_rows) {
    rows.erase(rows.begin());
    ++dropped_;
  }
  rows.push_back(std::move(row));
}

void CommitQueue::add(StoredAccount account) {
  const auto id = account.state.id;
  accounts_.insert_or_assign(id, std::move(account));
}
void CommitQueue::add(LockoutRecord record) { append(rows_.lockouts, std::move(record)); }
void CommitQueue::add(DaySummary day) { append(rows_.days, std::move(day)); }
void CommitQueue::add(Note note) { append(rows_.notes, std::move(note)); }

model::Result<void> CommitQueue::commit(Store& store) {
  if (empty()) return {};
  for (auto& [id, account] : accounts_) rows_.accounts.push_back(std::move(account));
  accounts_.clear();
  if (auto committed = store.commit(rows_); !committed) {
    for (auto& account : std::exchange(rows_.accounts, {})) add(std::move(account));
    return committed;
  }
  rows_ = {};
  dropped_ = 0;
  return {};
}

bool CommitQueue::empty() const noexcept {
  return accounts_.empty() && rows_.lockouts.empty() && rows_.days.empty() && rows_.notes.empty();
}

} // namespace bulkhead::persistence
