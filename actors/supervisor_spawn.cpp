// What the supervisor spawns, and who is told of whom.

#include "actors/event_router.hpp"
#include "actors/group_guard.hpp"
#include "actors/last_resort.hpp"
#include "actors/lockouts.hpp"
#include "actors/placement.hpp"
#include "actors/reconciler.hpp"
#include "actors/reset_scheduler.hpp"
#include "actors/supervisor_keeper.hpp"
#include "actors/timers.hpp"

#include <algorithm>

namespace bulkhead::actors {

void SupervisorKeeper::spawn_shared() {
  auto& system = self_->system();
  auto& shared = state().shared;
  shared = {};
  shared.notifier = watch(spawn_on(system, Shard::market, Lane::normal, notifier, deps_.logs), "notifier");
  for (const auto& subscriber : state().subscribers) self_->send(shared.notifier, Subscribe{subscriber});
  const JournalDeps records{deps_.clock,     deps_.store,
                            deps_.disk,      *deps_.data_dir,
                            shared.notifier, deps_.config->persistence.journal_retention_days};
  shared.journal = watch(deps_.journal_on_own_thread ? system.spawn<caf::detached>(journal, records)
                                                     : system.spawn(journal, records),
                         "journal");
  shared.lockouts = watch(spawn_on(system, Shard::market, Lane::normal, lockouts, deps_.clock), "lockouts");
  shared.timers = watch(spawn_on(system, Shard::market, Lane::normal, timers, deps_.clock), "timers");
  shared.resets =
      watch(spawn_on(system, Shard::market, Lane::normal, reset_scheduler, deps_.clock, deps_.config->reset),
            "resets");
  shared.quotes = std::make_shared<QuoteBoard>();
  shared.router = watch(spawn_on(system, Shard::breach, Lane::urgent, event_router, deps_.clock,
                                 deps_.contracts, shared.quotes),
                        "router");
  shared.control = watch(spawn_on(system, Shard::market, Lane::normal, control,
                                  ControlDeps{deps_.clock, deps_.config, shared.journal}),
                         "control");
  self_->send(shared.notifier, Subscribe{shared.control});
  shared.groups = watch(
      spawn_on(system, Shard::breach, Lane::normal, group_guard, deps_.clock, shared.notifier), "groups");
  self_->send(shared.groups, UseGroups{rules::plan_groups(*deps_.config, state().rules)});
}

void SupervisorKeeper::spawn_credential(const model::CredentialId& credential, const CredentialPorts& ports) {
  auto& system = self_->system();
  auto& shared = state().shared;
  ConnectionConfig config;
  config.credential = credential;
  config.seed = deps_.seed;
  for (const auto& account : deps_.config->accounts) {
    if (!account.enabled || account.credential() != credential) continue;
    config.username = account.username;
    config.api_key = account.api_key;
    config.accounts.push_back(account.id);
  }
  if (config.accounts.empty()) return;
  CredentialStarted started{credential, {}, {}, {}};
  started.reconciler = watch(spawn_on(system, Shard::market, Lane::normal, reconciler, credential,
                                      ReconcilerDeps{deps_.clock, ports.sender, deps_.config->reset,
                                                     shared.router, shared.journal, shared.notifier}),
                             "reconciler");
  const auto open = [&](Hub hub, const protocol::Endpoint& endpoint, Shard shard) {
    config.hub = hub;
    config.endpoint = endpoint;
    return watch(spawn_on(system, shard, Lane::urgent, connection, config,
                          ConnectionDeps{deps_.clock, ports.sender, ports.make_socket(hub), shared.router,
                                         started.reconciler, shared.notifier}),
                 "connection");
  };
  started.user = open(Hub::user, ports.user_hub, Shard::breach);
  started.market = open(Hub::market, ports.market_hub, Shard::market);
  shared.credentials.emplace(credential, started);
  self_->send(shared.router, started);
}

void SupervisorKeeper::spawn_account(RecoveredAccount recovered) {
  const auto config = std::find_if(deps_.config->accounts.begin(), deps_.config->accounts.end(),
                                   [&](const auto& a) { return a.id == recovered.account; });
  if (state().stopping || config == deps_.config->accounts.end()) return;
  const auto& shared = state().shared;
  AccountDeps deps{deps_.clock,
                   deps_.ports.at(config->credential()).sender,
                   shared.router,
                   shared.timers,
                   shared.lockouts,
                   shared.journal,
                   shared.credentials.at(config->credential()).reconciler,
                   shared.notifier,
                   config->nickname};
  deps.credential = config->credential();
  deps.snapshot_interval = std::chrono::seconds{deps_.config->persistence.snapshot_interval_seconds};
  deps.quotes = shared.quotes;
  if (config->group) deps.group = shared.groups;
  auto& child = state().accounts[recovered.account];
  const auto id = recovered.account;
  const auto live = [&](auto behaviour) {
    return spawn_on(self_->system(), Shard::breach, Lane::urgent, behaviour, std::move(recovered), deps);
  };
  child.handle = child.last_resort ? live(last_resort) : live(account);
  self_->monitor(child.handle);
  state().account_of.emplace(child.handle.address(), id);
  if (state().reloaded.while_open)
    self_->send(child.handle, state().reloaded); // it decides what to hold back
  const AccountStarted started{id, config->credential(), child.handle};
  self_->send(shared.router, started);
  self_->send(shared.timers, started);
  self_->send(shared.resets, started);
  self_->send(shared.journal, started);
  self_->send(shared.control, started);
  self_->send(shared.credentials.at(config->credential()).reconciler, started);
}

} // namespace bulkhead::actors
