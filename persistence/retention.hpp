#pragma once
// Which parts of an account's journal may go. A segment is removed when its day is over for long enough, and
// every record in it is contained both in the committed state and in a readable checkpoint: with the journal
// that stays, the account can always be rebuilt without the database. The oldest goes first, so what stays is
// one piece whenever the process ends. Journal thread only.

#include "persistence/journal_segment.hpp"

namespace bulkhead::persistence {

struct Removed {
  std::uint64_t segments = 0;
  std::uint64_t checkpoints = 0;
};

/// Removes segments of days before `keep_from`; `committed` is the last record in the stored state. A segment
/// whose successor cannot be read stays, and all after it. Errors: io; what was removed so far is removed.
[[nodiscard]] model::Result<Removed> remove_old_journal(Disk& disk, const std::filesystem::path& account_dir,
                                                        model::AccountId account, model::TradingDay keep_from,
                                                        std::uint64_t committed);

} // namespace bulkhead::persistence
