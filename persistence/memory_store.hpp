#pragma once
// The store in memory, for tests and for a daemon that must keep nothing. Same answers as LmdbStore, and a
// failure can be ordered. Owned by its user; one thread at a time.

#include "persistence/store.hpp"

#include <deque>
#include <map>

namespace bulkhead::persistence {

class MemoryStore final : public Store {
public:
  [[nodiscard]] model::Result<std::optional<StoredAccount>> load_account(model::AccountId account) override;
  [[nodiscard]] model::Result<std::vector<model::AccountId>> list_accounts() override;
  [[nodiscard]] model::Result<void> commit(const StoreBatch& batch) override;
  [[nodiscard]] model::Result<void> put_meta(std::string_view key, std::string_view value) override;
  [[nodiscard]] model::Result<std::optional<std::string>> get_meta(std::string_view key) override;
  [[nodiscard]] model::Result<void> put_contract(const CachedContract& contract) override;
  [[nodiscard]] model::Result<std::optional<CachedContract>>
  get_contract(const model::ContractId& id) override;
  [[nodiscard]] model::Result<std::vector<CachedContract>> list_contracts() override;
  [[nodiscard]] model::Result<std::vector<LockoutRecord>> list_lockouts(model::AccountId account,
                                                                        std::size_t limit) override;
  [[nodiscard]] model::Result<std::vector<DaySummary>> list_days(model::AccountId account,
                                                                 std::size_t limit) override;
  [[nodiscard]] model::Result<std::vector<Note>> list_notes(model::AccountId account,
                                                            std::size_t limit) override;

  /// Every call fails with `error` until it is taken back by none.
  void fail_with(std::optional<model::Error> error) { failure_ = std::move(error); }

private:
  std::map<model::AccountId, StoredAccount> accounts_;
  std::map<std::string, std::string, std::less<>> meta_;
  std::map<model::ContractId, CachedContract> contracts_;
  std::map<model::AccountId, std::deque<LockoutRecord>> lockouts_; // oldest first
  std::map<model::AccountId, std::deque<Note>> notes_;             // oldest first
  std::map<model::AccountId, std::map<model::TradingDay, DaySummary>> days_;
  std::optional<model::Error> failure_;
};

} // namespace bulkhead::persistence
