#pragma once
// Spawns everything in order, watches it, and starts again what died. An account that dies is recovered from
// its journal after a short pause, the others do not notice. Should one of the shared actors die, all of them
// are started again: they hold each other's handles, and a fresh start from the journal is the well-tested
// path. An account that dies a sixth time within a minute is handed to its last resort for the rest of this
// run; a sixth collapse of everything within a minute ends the process, for the service manager to decide.

#include "actors/account.hpp"
#include "actors/connection.hpp"
#include "actors/control.hpp"
#include "actors/journal.hpp"
#include "actors/notifier.hpp"
#include "model/config.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace bulkhead::actors {

/// The REST side of a credential outlives its actors; websockets are made anew with them.
struct CredentialPorts {
  std::shared_ptr<GatewaySender> sender;
  std::function<std::shared_ptr<protocol::WebsocketTransport>(Hub)> make_socket;
  protocol::Endpoint user_hub;
  protocol::Endpoint market_hub;
};

struct SupervisorDeps {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<const model::Config> config;
  std::shared_ptr<const rules::RuleSet> rules;
  std::map<model::CredentialId, CredentialPorts> ports;
  std::shared_ptr<persistence::Store> store;
  std::vector<persistence::CachedContract> contracts; // of earlier runs
  std::shared_ptr<persistence::Disk> disk;
  std::shared_ptr<persistence::DataDir> data_dir;
  Logs logs;
  std::function<void()> give_up; // called once when restarting does not help
  std::uint64_t seed = 0;
  bool journal_on_own_thread = true; // false in virtual time, where nothing may block
};

struct SupervisorState {
  static inline const char* name = "supervisor";
  /// Handles of the present generation of shared actors.
  struct Shared {
    notifier_actor notifier;
    journal_actor journal;
    lockouts_actor lockouts;
    timers_actor timers;
    reset_scheduler_actor resets;
    event_router_actor router;
    std::shared_ptr<QuoteBoard> quotes;
    control_backend_actor control;
    group_guard_actor groups;
    std::map<model::CredentialId, CredentialStarted> credentials;
  };
  struct Child {
    account_actor handle;
    std::deque<model::Instant> deaths; // of the last minute
    bool last_resort = false;
  };
  Shared shared;
  std::map<model::AccountId, Child> accounts;
  std::map<caf::actor_addr, std::string> watched; // shared actors by address
  std::map<caf::actor_addr, model::AccountId> account_of;
  std::deque<model::Instant> collapses;
  std::shared_ptr<const rules::RuleSet> rules; // for recoveries: the tightest in force
  UseRules reloaded;                           // the last reload, for accounts that start after it
  std::vector<subscriber_actor> subscribers;
  protocol::MonotonicNanos began = 0;
  bool stopping = false;
  bool restarting = false;
};

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<SupervisorState> self,
                                           SupervisorDeps deps);

} // namespace bulkhead::actors
