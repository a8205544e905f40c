// What the supervisor does with a new configuration.

#include "actors/reload.hpp"
#include "actors/supervisor_keeper.hpp"

namespace bulkhead::actors {

using model::Alert;
using Effect = rules::ConfigChange::Effect;

void SupervisorKeeper::use(const Reload& reload) {
  if (state().stopping) return;
  deps_.config = reload.config;
  for (const auto& [credential, ports] : reload.ports) deps_.ports.emplace(credential, ports);
  const auto& rules = reload.rules;
  state().rules = rules.strictest();
  state().reloaded = rules;
  state().reloaded.changes.clear(); // told once
  UseGroups groups{rules::plan_groups(*reload.config, rules.rules)};
  if (rules.while_open) groups.while_open = rules::plan_groups(*reload.config, rules.while_open);
  self_->send(state().shared.groups, std::move(groups));
  for (const auto& change : reload.changes) {
    const bool calm = change.effect == Effect::tighter;
    tell({}, "config-changed", to_string(change), calm ? Alert::Severity::info : Alert::Severity::warning);
  }
  if (reload.not_kept) {
    tell({}, "rules-not-kept",
         reload.not_kept->message() + ": a restart before the next reset may loosen what holds now",
         Alert::Severity::warning);
  }
  for (const auto& [id, child] : state().accounts) {
    if (child.handle) self_->send(child.handle, rules);
  }
  start_added_accounts();
}

void SupervisorKeeper::start_added_accounts() {
  if (state().restarting) return; // all are started then
  for (const auto& account : deps_.config->accounts) {
    if (!account.enabled || state().accounts.contains(account.id)) continue;
    const auto credential = account.credential();
    const auto peers = state().shared.credentials.find(credential);
    if (peers != state().shared.credentials.end())
      self_->send(peers->second.user, SubscribeAccount{account.id});
    else
      spawn_credential(credential, deps_.ports.at(credential));
    start_account(account.id);
  }
}

} // namespace bulkhead::actors
