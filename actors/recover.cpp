// Store and journal of one account, folded into a RiskEngine that stands where the account stopped. Decisions
// made on the way are not carried out: the next reconcile decides on the world as it is.

#include "actors/fold.hpp"

#include "persistence/checkpoint.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;

namespace {

class Recovery {
public:
  Recovery(const JournalDeps& deps, const RecoverAccount& order)
      : deps_(deps), order_(order), dir_(deps.data_dir.journal(order.account)), fold_(deps, order) {
    out_.account = order.account;
  }

  RecoveredAccount run() {
    auto recovered = fold_.run();
    out_.engine = fold_.engine;
    out_.fills_set_aside = fold_.fills_set_aside;
    out_.alerts = std::move(fold_.alerts);
    out_.trust = trust_in(recovered);
    if (!recovered) {
      alarm("recovery-failed", recovered.error().message());
      out_.journal = std::make_shared<AccountJournal>(nullptr, 0);
      return std::move(out_);
    }
    for (const auto& problem : recovered->problems) alarm("recovery-incomplete", problem.message());
    if (recovered->tail_cut) {
      out_.alerts.push_back(
          {Alert::Severity::warning, "journal-tail-cut", "an unfinished last record was removed"});
    }
    const bool kept = keep(*recovered);
    const bool may_write = set_aside(*recovered, kept);
    out_.journal = std::make_shared<AccountJournal>(may_write ? open_writer(recovered->end) : nullptr,
                                                    recovered->end.next_sequence - 1);
    finish(kept);
    return std::move(out_);
  }

private:
  void alarm(const char* code, std::string text) {
    out_.alerts.push_back({Alert::Severity::critical, code, std::move(text)});
  }

  [[nodiscard]] Trust trust_in(const model::Result<persistence::Recovered>& recovered) const {
    const bool nothing = !recovered || (!recovered->problems.empty() && !recovered->had_state);
    if (nothing) return Trust::lost;
    if (!recovered->had_state && recovered->events == 0) return Trust::whole; // a new account
    const auto power_loss = persistence::last_power_loss(*deps_.store);
    if (!power_loss) return Trust::power_lost;
    const bool doubted = *power_loss && fold_.engine->state().read_at <= **power_loss;
    return doubted ? Trust::power_lost : Trust::whole;
  }

  /// What the last run decided and could not write, or not tell, any more.
  void finish(bool kept) {
    if (fold_.unfinished) out_.journal->append(*fold_.unfinished);
    for (const auto& note : fold_.notes) out_.journal->append_note(deps_.clock->now(), note);
    out_.untold = std::move(fold_.untold);
    for (auto& activity : out_.untold) activity.durable = kept;
  }

  /// What was found goes to the store at once, and after damage or a new day to a checkpoint: the journal may
  /// have a hole now, and the next start must not depend on what lies before it. True when one of them holds
  /// it.
  bool keep(const persistence::Recovered& recovered) {
    const bool damaged = !recovered.problems.empty() || !recovered.damaged_files.empty();
    if (recovered.events == 0 && !damaged) return true;
    const persistence::StoredAccount stored{out_.engine->state(), recovered.end.next_sequence - 1};
    fold_.found.accounts = {stored};
    for (const auto& problem : recovered.problems)
      fold_.found.notes.push_back({order_.account, deps_.clock->now(), problem.message(), ""});
    for (const auto& note : fold_.notes)
      fold_.found.notes.push_back({order_.account, deps_.clock->now(), note, ""});
    const auto committed = deps_.store->commit(fold_.found);
    if (!committed) alarm("store-failing", committed.error().message());
    if (!damaged && fold_.found.days.empty()) return committed.has_value();
    const auto written = committed ? keep_house(*deps_.disk, dir_, stored, deps_.retention_days)
                                   : persistence::write_checkpoint(*deps_.disk, dir_, stored);
    if (!written) alarm("journal-upkeep-failed", written.error().message());
    return committed || written;
  }

  /// False when damaged files had to stay where they are: nothing can be written behind them then.
  bool set_aside(const persistence::Recovered& recovered, bool kept) {
    if (recovered.damaged_files.empty()) return true;
    if (!kept) {
      alarm("journal-failing", "the damaged journal stays until the state can be stored; enforcement goes on "
                               "from memory, and nothing is journaled before the next start");
      return false;
    }
    bool all = true;
    for (const auto& file : recovered.damaged_files) {
      const auto aside = persistence::quarantine(file, deps_.clock->now());
      alarm("journal-quarantined", aside ? aside->string() : aside.error().message());
      all = all && aside;
    }
    return all;
  }

  /// Opens the journal where the records end; without a file, with an alarm, when the disk does not allow it.
  std::unique_ptr<persistence::JournalWriter> open_writer(const persistence::JournalEnd& end) {
    using persistence::JournalWriter;
    const auto day = order_.rules->reset.trading_day(deps_.clock->now());
    auto writer = JournalWriter::open(*deps_.disk, dir_, order_.account, day, end);
    if (writer) return std::make_unique<JournalWriter>(std::move(*writer));
    alarm("journal-failing", fmt::format("{}; enforcement goes on from memory", writer.error().message()));
    return std::make_unique<JournalWriter>(
        JournalWriter::open_in_memory(*deps_.disk, dir_, order_.account, day, end));
  }

  const JournalDeps& deps_;
  const RecoverAccount& order_;
  std::filesystem::path dir_;
  Fold fold_;
  RecoveredAccount out_;
};

} // namespace

RecoveredAccount recover(const JournalDeps& deps, const RecoverAccount& order) {
  return Recovery(deps, order).run();
}

} // namespace bulkhead::actors
