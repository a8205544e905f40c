#pragma once
// A second copy of an account's state beside its journal, in a file of its own that is written once:
// "<sequence of the last record in it>.bhc". With it the account comes back without its database, also when
// the journal before it is gone. Written by the journal thread when a trading day ends and after a repair;
// read at start and by `replay`. A file that was not written to its end does not match its checksum and is
// passed over.

#include "persistence/file.hpp"
#include "persistence/store.hpp"

namespace bulkhead::persistence {

inline constexpr std::string_view checkpoint_suffix = ".bhc";
inline constexpr std::uint64_t max_checkpoint_bytes = 64 << 20;

/// "00000000000000004711.bhc"
[[nodiscard]] std::string checkpoint_name(std::uint64_t sequence);

/// Durable when it returns success. One that is there already under this sequence is replaced. Errors: full,
/// io; the older checkpoints are untouched then.
[[nodiscard]] model::Result<void> write_checkpoint(Disk& disk, const std::filesystem::path& account_dir,
                                                   const StoredAccount& stored);

/// The sequences of all checkpoints, readable or not, ascending.
[[nodiscard]] model::Result<std::vector<std::uint64_t>>
list_checkpoints(const std::filesystem::path& account_dir);

/// Errors: not_found, corrupt, unsupported, io.
[[nodiscard]] model::Result<StoredAccount> read_checkpoint(Disk& disk,
                                                           const std::filesystem::path& account_dir,
                                                           model::AccountId account, std::uint64_t sequence);

/// The newest readable one with a sequence of at most `at_most`; none when there is none.
[[nodiscard]] model::Result<std::optional<StoredAccount>>
newest_checkpoint(Disk& disk, const std::filesystem::path& account_dir, model::AccountId account,
                  std::uint64_t at_most = UINT64_MAX);

} // namespace bulkhead::persistence
