#pragma once
// What still has to reach the store: the newest state of each account and the history since the last commit.
// A commit that fails leaves all of it here for the next one, so a full disk loses nothing while the process
// lives. At most max_rows rows of history wait; beyond that the oldest is dropped and counted. Owned by the
// journal actor; its thread only.

#include "persistence/store.hpp"

#include <map>

namespace bulkhead::persistence {

class CommitQueue {
public:
  static constexpr std::size_t max_rows = 10'000;

  void add(StoredAccount account); // replaces an older state of the same account
  void add(LockoutRecord record);
  void add(DaySummary day);
  void add(Note note);
  /// Everything in one commit; nothing to do is success. Errors: as Store::commit(); then all of it stays.
  [[nodiscard]] model::Result<void> commit(Store& store);

  [[nodiscard]] bool empty() const noexcept;
  /// Rows of history that were dropped since the last successful commit.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
  template <class Row>
  void append(std::vector<Row>& rows, Row row);

  std::map<model::AccountId, StoredAccount> accounts_;
  StoreBatch rows_; // without accounts between two calls
  std::uint64_t dropped_ = 0;
};

} // namespace bulkhead::persistence
