#include "actors/journal_upkeep.hpp"

#include "persistence/checkpoint.hpp"
#include "persistence/retention.hpp"

#include <algorithm>
#include <iterator>

namespace bulkhead::actors {

using model::Result;

std::vector<persistence::LockoutRecord> history_of(model::AccountId account, model::Instant at,
                                                   const model::Decision& decision) {
  std::vector<persistence::LockoutRecord> rows;
  for (const auto& row : decision.lockouts_set) rows.push_back({account, at, row, std::nullopt});
  for (const auto& ended : decision.lockouts_cleared)
    rows.push_back({account, ended.at, ended.lockout, ended.cause});
  return rows;
}

DayMark day_of(const model::AccountState& state) { return {state.ledger.day(), state.ledger.start()}; }

std::optional<persistence::DaySummary> finished_day(const DayMark& before, const model::AccountState& after,
                                                    persistence::Store& store,
                                                    const std::vector<persistence::LockoutRecord>& unsaved) {
  const auto now = day_of(after);
  if (!before.day.date.ok() || before.day == now.day || before.start >= now.start) return std::nullopt;
  model::DayLedger ledger;
  ledger.restore(before.day, before.start, now.start, after.ledger.fills());
  const auto set_then = [&](const persistence::LockoutRecord& row) {
    return row.account == after.id && !row.cleared && row.at >= before.start && row.at < now.start;
  };
  auto lockouts = std::count_if(unsaved.begin(), unsaved.end(), set_then);
  if (const auto rows = store.list_lockouts(after.id, persistence::max_list_rows))
    lockouts += std::count_if(rows->begin(), rows->end(), set_then);
  return persistence::DaySummary{after.id,
                                 before.day,
                                 ledger.gross(),
                                 ledger.costs(),
                                 ledger.net(),
                                 static_cast<std::uint32_t>(ledger.count()),
                                 static_cast<std::uint32_t>(lockouts)};
}

Result<void> keep_house(persistence::Disk& disk, const std::filesystem::path& account_dir,
                        const persistence::StoredAccount& stored, int retention_days) {
  if (auto written = persistence::write_checkpoint(disk, account_dir, stored); !written) return written;
  const auto today = stored.state.ledger.day();
  if (retention_days == 0 || !today.date.ok()) return {};
  const model::TradingDay keep_from{std::chrono::sys_days{today.date} - std::chrono::days{retention_days}};
  const auto removed =
      persistence::remove_old_journal(disk, account_dir, stored.state.id, keep_from, stored.journal_sequence);
  if (!removed) return removed.error();
  return {};
}

HistoryRows read_history(persistence::Store& store, const HistoryRequest& request) {
  HistoryRows rows;
  const auto take = [&](auto& out, auto found) {
    if (!found) return void(rows.failure = found.error().message());
    std::move(found->begin(), found->end(), std::back_inserter(out));
  };
  for (const auto account : request.accounts) {
    take(rows.lockouts, store.list_lockouts(account, request.limit));
    take(rows.notes, store.list_notes(account, request.limit));
    take(rows.days, store.list_days(account, request.limit));
  }
  return rows;
}

} // namespace bulkhead::actors
