#pragma once
// The only actor that blocks: a detached actor on its own thread. Recovers accounts from store and journal,
// makes records durable (fdatasync, then one store commit for everything that waited), and only then tells
// people. What cannot be made durable is told anyway, marked so, with an alarm: protection never waits for a
// disk. What a full disk refused is kept (CommitQueue) and tried again every second.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/journal_upkeep.hpp"
#include "persistence/commit_queue.hpp"
#include "persistence/data_dir.hpp"
#include "persistence/file.hpp"
#include "persistence/store.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace bulkhead::actors {

struct JournalDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<persistence::Store> store;
  std::shared_ptr<persistence::Disk> disk;
  persistence::DataDir& data_dir;
  notifier_actor notifier;
  int retention_days = 90; // of journal segments; 0 keeps all
};

struct JournalState {
  static inline const char* name = "journal";
  std::vector<Persist> waiting; // of the commit under way
  bool commit_planned = false;
  bool retry_planned = false;
  std::map<model::AccountId, account_actor> accounts;
  std::set<std::pair<std::string, model::AccountId>> failing; // alarm code; told once until it ends
  persistence::CommitQueue unsaved;
  std::vector<persistence::LockoutRecord> unsaved_lockouts; // as in `unsaved`, for the sums of a day
  std::map<model::AccountId, Persist> uncovered; // the newest of each account, without announcements
  std::map<model::AccountId, persistence::SegmentName> owed; // segments to prepare
  std::map<model::AccountId, DayMark> days;
  std::set<model::AccountId> day_ended; // checkpoint and removal follow the next commit
};

journal_actor::behavior_type journal(journal_actor::stateful_pointer<JournalState> self, JournalDeps deps);

/// Store and journal of one account, folded into a RiskEngine that stands where the account stopped.
[[nodiscard]] RecoveredAccount recover(const JournalDeps& deps, const RecoverAccount& order);

} // namespace bulkhead::actors
