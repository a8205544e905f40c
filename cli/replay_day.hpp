#pragma once
// One trading day of an account's journal, decided again. Everything before the day is folded first, from the
// journal's beginning or, when that is gone, from the oldest checkpoint the rest follows on. Reads files only
// and takes no lock, so it may run beside the daemon; what that writes meanwhile looks like an unfinished
// last record. Any thread.

#include "persistence/file.hpp"
#include "rules/risk_engine.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bulkhead::cli {

struct ReplayedDecision {
  std::uint64_t sequence = 0; // of the event
  model::Instant at;
  std::string trigger;
  model::Decision recorded; // empty: none was
  model::Decision decided;  // with the given rules
  bool differs = false;
};

struct ReplayedDay {
  std::uint64_t base = 0; // the record of the checkpoint it began with; 0: the journal's beginning
  std::uint64_t events = 0;
  std::uint64_t recorded = 0;
  std::uint64_t differing = 0;
  std::vector<ReplayedDecision> decisions; // one or the other side is not empty
  std::vector<model::Instant> reloads;     // of the configuration, while the day ran
  std::vector<std::string> remarks;        // records that could not be read, an unfinished end
};

/// `rules` null: nothing is decided again. Errors: not_found (no journal, or nothing of that day), missing
/// (the state before it cannot be rebuilt), corrupt with file and offset, unsupported, io.
[[nodiscard]] model::Result<ReplayedDay> replay_day(persistence::Disk& disk,
                                                    const std::filesystem::path& account_dir,
                                                    model::AccountId account, model::TradingDay day,
                                                    const std::shared_ptr<const rules::RuleSet>& rules);

} // namespace bulkhead::cli
