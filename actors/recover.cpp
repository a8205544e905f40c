// Store and journal of one account, folded into a RiskEngine that stands where the account stopped. Decisions
// made on the way are not carried out: the next reconcile decides on the world as it is.

#include "actors/journal.hpp"

#include "persistence/recovery.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;

namespace {

/// Opens the journal where the records end; null, with an alarm, when the disk does not allow it.
std::unique_ptr<persistence::JournalWriter> open_writer(const JournalDeps& deps, model::AccountId account,
                                                        model::TradingDay day,
                                                        const persistence::JournalEnd& end,
                                                        std::vector<Alert>& alerts) {
  auto writer =
      persistence::JournalWriter::open(*deps.disk, deps.data_dir.journal(account), account, day, end);
  if (writer) return std::make_unique<persistence::JournalWriter>(std::move(*writer));
  alerts.push_back({Alert::Severity::critical, "journal-failing",
                    fmt::format("{}; enforcement goes on from memory", writer.error().message())});
  return nullptr;
}

} // namespace

RecoveredAccount recover(const JournalDeps& deps, const RecoverAccount& order) {
  RecoveredAccount out;
  out.account = order.account;
  const auto alarm = [&](const char* code, std::string text) {
    out.alerts.push_back({Alert::Severity::critical, code, std::move(text)});
  };
  const auto start_from = [&](model::AccountState base) {
    out.engine = std::make_shared<rules::RiskEngine>(std::move(base), order.rules);
  };
  persistence::RecoveryHandler handler;
  handler.on_base = start_from;
  handler.on_event = [&](std::uint64_t, const model::Event& event) { (void)out.engine->step(event); };
  const auto recovered = persistence::recover_account(
      *deps.store, *deps.disk, deps.data_dir.journal(order.account), order.account, handler);
  if (!out.engine) {
    model::AccountState empty;
    empty.id = empty.account.id = order.account;
    start_from(std::move(empty));
  }
  if (!recovered) {
    alarm("recovery-failed", recovered.error().message());
    out.journal = std::make_shared<AccountJournal>(nullptr, 0);
    return out;
  }
  for (const auto& problem : recovered->problems) alarm("recovery-incomplete", problem.message());
  for (const auto& file : recovered->damaged_files) {
    const auto aside = persistence::quarantine(file, deps.clock->now());
    alarm("journal-quarantined", aside ? aside->string() : aside.error().message());
  }
  if (recovered->tail_cut) {
    out.alerts.push_back(
        {Alert::Severity::warning, "journal-tail-cut", "an unfinished last record was removed"});
  }
  const auto day = order.rules->reset.trading_day(deps.clock->now());
  out.journal = std::make_shared<AccountJournal>(
      open_writer(deps, order.account, day, recovered->end, out.alerts), recovered->end.next_sequence - 1);
  return out;
}

} // namespace bulkhead::actors
