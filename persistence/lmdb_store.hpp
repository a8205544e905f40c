#pragma once
// The store in an LMDB file. Every row carries its version and a CRC (record.hpp), so a damaged row is an
// error that names table and key, never a wrong answer; all rows are checked once when the file is opened.
// After a failed sync or write the file counts as unknown: it is closed, checked and opened again before the
// next change. Calls are serialised by a lock; in the daemon only the journal actor makes them, since each
// may wait for the disk.

#include "persistence/lmdb.hpp"
#include "persistence/store.hpp"

#include <mutex>

namespace bulkhead::persistence {

inline constexpr std::string_view current_schema_version = "1";

class LmdbStore final : public Store {
public:
  /// Opens or creates. Errors: as LmdbEnv::open(); unsupported when a newer release wrote the file.
  [[nodiscard]] static model::Result<std::unique_ptr<LmdbStore>> open(const std::filesystem::path& file,
                                                                      LmdbOptions options = {});

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

  /// A table with its name, which is part of every row's checksum.
  struct Table {
    const char* name;
    LmdbTable handle{};
  };

private:
  LmdbStore(std::filesystem::path file, LmdbOptions options) : file_(std::move(file)), options_(options) {}
  [[nodiscard]] model::Result<void> open_env();
  [[nodiscard]] model::Result<void> check_rows();
  [[nodiscard]] model::Result<void> read(const std::function<model::Result<void>(const LmdbTxn&)>& work);
  [[nodiscard]] model::Result<void> update(const std::function<model::Result<void>(LmdbTxn&)>& work);
  [[nodiscard]] std::vector<Table*> all_tables() {
    return {&accounts_, &meta_, &contracts_, &lockouts_, &days_, &notes_};
  }
  [[nodiscard]] model::Result<void> check_schema();
  [[nodiscard]] model::Result<void> put_row(const Table& table, std::string_view key,
                                            std::string_view payload);
  [[nodiscard]] model::Result<std::optional<std::string>> get_row(const Table& table, std::string_view key);

  template <class Row>
  [[nodiscard]] model::Result<std::vector<Row>> newest_rows(const Table& table, model::AccountId account,
                                                            std::size_t limit,
                                                            model::Result<Row> (*decode)(std::string_view));

  std::filesystem::path file_;
  LmdbOptions options_;
  std::mutex mutex_;           // guards what follows
  std::optional<LmdbEnv> env_; // none: it could not be opened again
  bool suspect_ = false;       // a write failed for another reason than space
  Table accounts_{"accounts"};
  Table meta_{"meta"};
  Table contracts_{"contracts"};
  Table lockouts_{"lockouts"};
  Table days_{"days"};
  Table notes_{"notes"};
};

} // namespace bulkhead::persistence
