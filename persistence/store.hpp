#pragma once
// The seam to the state store: the last committed state of each account, and what is looked up beside it. The
// journal is the truth between two commits. Implementations: LmdbStore, MemoryStore. Every call may block and
// may come from any one thread at a time; in the daemon that is the journal actor, and the start-up before it
// runs. History, notes and days are bounded per account: the oldest row goes when the bound is reached.

#include "model/account_state.hpp"
#include "model/contract.hpp"
#include "model/error.hpp"
#include "model/lockout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::persistence {

/// A state, and the last journal record folded into it.
struct StoredAccount {
  model::AccountState state;
  std::uint64_t journal_sequence = 0;
  friend bool operator==(const StoredAccount&, const StoredAccount&) = default;
};

/// One line of the lockout history: a lockout was set, or ended for a cause.
struct LockoutRecord {
  model::AccountId account;
  model::Instant at;
  model::Lockout lockout;
  std::optional<model::ClearCause> cleared; // none: it was set
  friend bool operator==(const LockoutRecord&, const LockoutRecord&) = default;
};

struct DaySummary {
  model::AccountId account;
  model::TradingDay day;
  model::Money gross;
  model::Money costs;
  model::Money net;
  std::uint32_t fills = 0;
  std::uint32_t lockouts = 0;
  friend bool operator==(const DaySummary&, const DaySummary&) = default;
};

/// Something people should find again: an operator's action, a repair at start, an enforcement.
struct Note {
  model::AccountId account;
  model::Instant at;
  std::string text;
  std::string enforced; // the source of the enforcement it tells of, "RULE-003"; empty: of none
  friend bool operator==(const Note&, const Note&) = default;
};

struct CachedContract {
  model::Contract contract;
  model::Instant cached_at;
  friend bool operator==(const CachedContract&, const CachedContract&) = default;
};

/// Committed as a whole or not at all.
struct StoreBatch {
  std::vector<StoredAccount> accounts; // replaces the stored state
  std::vector<LockoutRecord> lockouts; // appended
  std::vector<DaySummary> days;        // replaces the row of the same account and day
  std::vector<Note> notes;             // appended
};

namespace meta {
inline constexpr std::string_view schema_version = "schema_version";
inline constexpr std::string_view boot_id = "boot_id";
inline constexpr std::string_view clean_shutdown = "clean_shutdown"; // "yes" or "no"
inline constexpr std::string_view power_loss = "power_loss";         // when the last one was noticed
} // namespace meta

inline constexpr std::size_t max_list_rows = 1000;         // longest answer of a list call
inline constexpr std::uint64_t max_history_rows = 100'000; // per account, of lockouts and of notes
inline constexpr std::size_t max_key_bytes = 480;          // contract ids and meta keys

class Store {
public:
  virtual ~Store() = default;

  /// None when nothing was stored. Errors: corrupt (names table and key), unsupported, io.
  [[nodiscard]] virtual model::Result<std::optional<StoredAccount>>
  load_account(model::AccountId account) = 0;
  [[nodiscard]] virtual model::Result<std::vector<model::AccountId>> list_accounts() = 0;
  /// Durable when it returns success. Errors: full, io; nothing of the batch is stored then.
  [[nodiscard]] virtual model::Result<void> commit(const StoreBatch& batch) = 0;

  [[nodiscard]] virtual model::Result<void> put_meta(std::string_view key, std::string_view value) = 0;
  [[nodiscard]] virtual model::Result<std::optional<std::string>> get_meta(std::string_view key) = 0;

  [[nodiscard]] virtual model::Result<void> put_contract(const CachedContract& contract) = 0;
  [[nodiscard]] virtual model::Result<std::optional<CachedContract>>
  get_contract(const model::ContractId& id) = 0;
  [[nodiscard]] virtual model::Result<std::vector<CachedContract>> list_contracts() = 0; // by id

  /// Newest first, at most `limit` and never more than max_list_rows.
  [[nodiscard]] virtual model::Result<std::vector<LockoutRecord>> list_lockouts(model::AccountId account,
                                                                                std::size_t limit) = 0;
  [[nodiscard]] virtual model::Result<std::vector<DaySummary>> list_days(model::AccountId account,
                                                                         std::size_t limit) = 0;
  [[nodiscard]] virtual model::Result<std::vector<Note>> list_notes(model::AccountId account,
                                                                    std::size_t limit) = 0;
};

/// Errors: out_of_range for an empty key or one beyond max_key_bytes.
[[nodiscard]] model::Result<void> check_key(std::string_view key);

} // namespace bulkhead::persistence
