#pragma once
// From disk to memory at start: the newest state of an account, from the store or from the checkpoint beside
// the journal when the store is behind or damaged, and the journal events after it, handed to the caller one
// by one, who steps its RiskEngine (this layer knows no rules). Nothing is ever sent from here: recovery is
// reconcile, then decide. Start-up thread, before anyone writes.

#include "model/decision.hpp"
#include "persistence/journal_reader.hpp"
#include "persistence/store.hpp"

#include <functional>

namespace bulkhead::persistence {

struct RecoveryHandler {
  /// First, once: the stored state as it was, or an empty one that has the account's id.
  std::function<void(model::AccountState base)> on_base;
  /// Then each event the base does not contain, in order.
  std::function<void(std::uint64_t sequence, const model::Event& event)> on_event;
  /// Each decision the store does not know of, as it was recorded; may be empty.
  std::function<void(model::Instant at, const model::Decision& decision)> on_decision = nullptr;
};

struct Recovered {
  bool had_state = false;          // false: nothing was stored, or it could not be read
  std::uint64_t base_sequence = 0; // last record contained in the base
  std::uint64_t events = 0;        // handed to on_event
  bool tail_cut = false;           // the journal ended in a torn record, which was removed
  /// What could not be read: the answer is then incomplete, so grant no unlock before an operator or a
  /// complete read confirmed the account.
  std::vector<model::Error> problems;
  /// Commit the state at once with journal_sequence = end.next_sequence - 1, then set these aside by
  /// quarantine(), then open a JournalWriter: whenever the process ends in between, the next start does the
  /// same again.
  std::vector<std::filesystem::path> damaged_files;
  JournalEnd end; // where the writer goes on
};

/// Damage is reported in Recovered::problems and as much as possible is recovered. What was read is synced
/// before this returns, so a killed process leaves nothing that is durable in appearance only. Errors: io and
/// the like, where a later try may give more; unsupported, for data of a newer release.
[[nodiscard]] model::Result<Recovered> recover_account(Store& store, Disk& disk,
                                                       const std::filesystem::path& account_dir,
                                                       model::AccountId account,
                                                       const RecoveryHandler& handler);

/// How the run before this one ended.
enum class LastRun : std::uint8_t {
  none,     // this is the first
  clean,    // shut down in order
  killed,   // ended without notice; the machine stayed up, so everything appended is there
  rebooted, // the machine went down with it: what was not synced may be missing
};
[[nodiscard]] std::string_view to_string(LastRun run) noexcept;

/// Tells how the last run ended and marks this one as running. A loss of power is noted.
[[nodiscard]] model::Result<LastRun> begin_run(Store& store, std::string_view boot_id, model::Instant now);
/// From now on what accounts were read before `now` is doubted; see last_power_loss().
[[nodiscard]] model::Result<void> note_power_loss(Store& store, model::Instant now);
/// When the machine was last found to have gone down with a run: an account that was not read by REST since
/// then may have lost records.
[[nodiscard]] model::Result<std::optional<model::Instant>> last_power_loss(Store& store);
/// Marks the shutdown as clean; the last thing a run does.
[[nodiscard]] model::Result<void> end_run(Store& store);

} // namespace bulkhead::persistence
