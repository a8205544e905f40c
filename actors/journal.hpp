#pragma once
// The only actor that blocks: a detached actor on its own thread. Recovers accounts from store and journal,
// makes records durable (fdatasync, then one store commit for everything that waited), and only then tells
// people. What cannot be made durable is told anyway, marked so, with an alarm: protection never waits for a
// disk.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
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
};

struct JournalState {
  static inline const char* name = "journal";
  std::vector<Persist> waiting; // of the commit under way
  bool commit_planned = false;
  std::map<model::AccountId, account_actor> accounts;
  std::set<model::AccountId> failing;
};

journal_actor::behavior_type journal(journal_actor::stateful_pointer<JournalState> self, JournalDeps deps);

/// Store and journal of one account, folded into a RiskEngine that stands where the account stopped.
[[nodiscard]] RecoveredAccount recover(const JournalDeps& deps, const RecoverAccount& order);

} // namespace bulkhead::actors
