#pragma once
// What the journal actor does when a trading day of an account is over: its row in the store, a checkpoint
// beside the journal, and the removal of what is older than the configuration keeps. Journal thread only.

#include "actors/control_interfaces.hpp"
#include "model/account_state.hpp"
#include "model/decision.hpp"
#include "persistence/file.hpp"
#include "persistence/store.hpp"

namespace bulkhead::actors {

/// The lines of the lockout history that a decision adds.
[[nodiscard]] std::vector<persistence::LockoutRecord> history_of(model::AccountId account, model::Instant at,
                                                                 const model::Decision& decision);

/// The day an account was last seen in.
struct DayMark {
  model::TradingDay day;
  model::Instant start;
};
[[nodiscard]] DayMark day_of(const model::AccountState& state);

/// The sums of the day `before`, from the state after the reset that ended it (which keeps the fills of one
/// day back); none when the day is still the same, or there was none. `unsaved`: lockouts not yet in the
/// store.
[[nodiscard]] std::optional<persistence::DaySummary>
finished_day(const DayMark& before, const model::AccountState& after, persistence::Store& store,
             const std::vector<persistence::LockoutRecord>& unsaved);

/// Writes the checkpoint, then removes segments of days more than `retention_days` before the state's day;
/// 0 keeps all. Requires: the state is in the store. Errors: full, io.
[[nodiscard]] model::Result<void> keep_house(persistence::Disk& disk,
                                             const std::filesystem::path& account_dir,
                                             const persistence::StoredAccount& stored, int retention_days);

/// What the store remembers of the accounts asked for.
[[nodiscard]] HistoryRows read_history(persistence::Store& store, const HistoryRequest& request);

} // namespace bulkhead::actors
