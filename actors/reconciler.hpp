#pragma once
// Reads accounts and contracts of one credential by REST and tells the accounts what it found: at start,
// after every reconnect, every five minutes, on doubt, and every five seconds while the user hub is down for
// longer than ten. A read is whole or it is repeated; the account merges it with what live events said since
// it was asked for.

#include "actors/book_read.hpp"
#include "actors/gateway_sender.hpp"
#include "actors/interfaces.hpp"
#include "actors/past_read.hpp"
#include "actors/self_timer.hpp"
#include "model/trading_calendar.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace bulkhead::actors {

struct ReconcilerDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  model::ResetSchedule reset;
  event_router_actor router;
  journal_actor journal;
  notifier_actor notifier;
};

struct ReconcilerState {
  static inline const char* name = "reconciler";
  /// What a tag stands for.
  struct Asked {
    enum class What { accounts, part, contract, past } what = What::part;
    model::AccountId account;
    BookRead::Part part = BookRead::Part::positions;
    model::ContractId contract;
    PastRead::Part past = {};
    std::uint64_t read = 0; // which one of the past
  };
  struct Past {
    PastWanted wanted;
    std::uint64_t number = 0;
    int tries = 0;
    std::optional<model::Instant> due; // to begin, or once more
    std::optional<PastRead> read;      // under way
  };
  std::map<model::AccountId, account_actor> accounts;
  std::map<model::AccountId, model::Account> facts; // rows of the newest Account/search
  std::optional<model::Instant> facts_at;           // when it was asked for; none: nothing to go by
  std::map<model::AccountId, model::Instant> due;   // reads to start
  std::map<model::AccountId, BookRead> reading;
  std::map<model::AccountId, Past> past;
  std::map<std::uint64_t, Asked> asked;
  std::map<model::ContractId, model::Instant> contracts_due;
  std::set<model::AccountId> failing;           // told once per series of failures
  std::optional<model::Instant> accounts_due;   // set while one is missing from the list
  std::optional<model::Instant> accounts_asked; // under way since
  bool query_exists = true;
  bool connected = false;
  std::optional<model::Instant> lost_at;
  std::uint64_t last_tag = 0;
  SelfTimer timer;
};

reconciler_actor::behavior_type reconciler(reconciler_actor::stateful_pointer<ReconcilerState> self,
                                           model::CredentialId credential, ReconcilerDeps deps);

} // namespace bulkhead::actors
