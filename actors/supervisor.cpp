#include "actors/supervisor.hpp"

#include "actors/event_router.hpp"
#include "actors/lockouts.hpp"
#include "actors/placement.hpp"
#include "actors/reconciler.hpp"
#include "actors/reset_scheduler.hpp"
#include "actors/timers.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Self = supervisor_actor::stateful_pointer<SupervisorState>;
using model::AccountId;
using model::Alert;
using namespace std::chrono_literals;

constexpr std::size_t deaths_per_minute = 5;
constexpr auto recovery_takes_at_most = 60s;

/// Counts a death; true when there were too many within a minute.
bool too_many(std::deque<model::Instant>& deaths, model::Instant now) {
  deaths.push_back(now);
  while (!deaths.empty() && deaths.front() < now - 1min) deaths.pop_front();
  return deaths.size() > deaths_per_minute;
}

class Keeper {
public:
  Keeper(Self self, SupervisorDeps deps) : self_(self), deps_(std::move(deps)) {
    state().rules = deps_.rules;
    self_->set_down_handler([this](caf::down_msg& down) { on_down(down); });
    self_->set_error_handler([](caf::error&) {});
  }

  void begin() {
    spawn_shared();
    for (const auto& [credential, ports] : deps_.ports) spawn_credential(credential, ports);
    for (const auto& account : deps_.config->accounts) {
      if (account.enabled) start_account(account.id);
    }
  }

  void start_account(AccountId id) {
    if (state().stopping || state().accounts[id].halted) return;
    self_->request(state().shared.journal, recovery_takes_at_most, RecoverAccount{id, state().rules})
        .then([this](RecoveredAccount& recovered) { spawn_account(std::move(recovered)); },
              [this, id](caf::error& error) {
                tell(id, "recovery-failed", fmt::format("{}; trying again", to_string(error)));
                self_->delayed_send(self_, 1s, StartAccount{id});
              });
  }

  /// All shared actors and accounts of this generation go; a new one is spawned.
  void start_again() {
    if (state().stopping) return;
    end_children();
    state().restarting = false;
    begin();
  }

  void use_rules(const UseRules& message) {
    state().rules = message.rules;
    for (const auto& [id, child] : state().accounts) {
      if (child.handle) self_->send(child.handle, message);
    }
  }

  void subscribe(const Subscribe& message) {
    state().subscribers.push_back(message.subscriber);
    self_->send(state().shared.notifier, message);
  }

  caf::result<bool> shut_down() {
    state().stopping = true;
    for (const auto& [id, peers] : state().shared.credentials) {
      caf::anon_send(peers.user, ShutDown{});
      caf::anon_send(peers.market, ShutDown{});
    }
    for (const auto& [id, child] : state().accounts) {
      if (child.handle) self_->send_exit(child.handle, caf::exit_reason::user_shutdown);
    }
    auto promise = self_->make_response_promise<bool>();
    self_->request(state().shared.journal, 1s, ShutDown{})
        .then([this, promise](bool) { end(promise); }, [this, promise](caf::error&) { end(promise); });
    return promise;
  }

  [[nodiscard]] SupervisorState& state() const { return self_->state; }

private:
  template <class Handle>
  Handle watch(Handle handle, std::string name) {
    self_->monitor(handle);
    state().watched.emplace(handle.address(), std::move(name));
    return handle;
  }

  void spawn_shared() {
    auto& system = self_->system();
    auto& shared = state().shared;
    shared = {};
    shared.notifier = watch(spawn_on(system, Shard::market, Lane::normal, notifier, deps_.logs), "notifier");
    for (const auto& subscriber : state().subscribers) self_->send(shared.notifier, Subscribe{subscriber});
    shared.journal =
        watch(system.spawn<caf::detached>(journal, JournalDeps{deps_.clock, deps_.store, deps_.disk,
                                                               *deps_.data_dir, shared.notifier}),
              "journal");
    shared.lockouts = watch(spawn_on(system, Shard::market, Lane::normal, lockouts, deps_.clock), "lockouts");
    shared.timers = watch(spawn_on(system, Shard::market, Lane::normal, timers, deps_.clock), "timers");
    shared.resets = watch(
        spawn_on(system, Shard::market, Lane::normal, reset_scheduler, deps_.clock, deps_.config->reset),
        "resets");
    shared.router = watch(spawn_on(system, Shard::breach, Lane::urgent, event_router, deps_.clock), "router");
    shared.control = watch(spawn_on(system, Shard::market, Lane::normal, control, deps_.clock), "control");
  }

  void spawn_credential(const model::CredentialId& credential, const CredentialPorts& ports) {
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

  void spawn_account(RecoveredAccount recovered) {
    const auto config = std::find_if(deps_.config->accounts.begin(), deps_.config->accounts.end(),
                                     [&](const auto& a) { return a.id == recovered.account; });
    if (state().stopping || config == deps_.config->accounts.end()) return;
    const auto& shared = state().shared;
    AccountDeps deps{deps_.clock,     deps_.ports.at(config->credential()).sender,
                     shared.router,   shared.timers,
                     shared.lockouts, shared.journal,
                     shared.notifier, config->nickname};
    deps.snapshot_interval = std::chrono::seconds{deps_.config->persistence.snapshot_interval_seconds};
    auto& child = state().accounts[recovered.account];
    const auto id = recovered.account;
    child.handle =
        spawn_on(self_->system(), Shard::breach, Lane::urgent, account, std::move(recovered), deps);
    self_->monitor(child.handle);
    state().account_of.emplace(child.handle.address(), id);
    const AccountStarted started{id, config->credential(), child.handle};
    self_->send(shared.router, started);
    self_->send(shared.timers, started);
    self_->send(shared.resets, started);
    self_->send(shared.journal, started);
    self_->send(shared.control, started);
    self_->send(shared.credentials.at(config->credential()).reconciler, started);
  }

  void on_down(const caf::down_msg& down) {
    if (state().stopping) return;
    if (const auto node = state().account_of.extract(down.source))
      return on_account_down(node.mapped(), down);
    const auto node = state().watched.extract(down.source);
    if (!node || state().restarting) return;
    if (too_many(state().collapses, deps_.clock->now())) return deps_.give_up();
    // The notifier may be the one that died.
    deps_.logs.daemon(Alert::Severity::critical,
                      fmt::format("actor-died actor={} reason=\"{}\": starting everything again",
                                  node.mapped(), to_string(down.reason)));
    state().restarting = true;
    self_->delayed_send(self_, 100ms, StartAgain{});
  }

  void on_account_down(AccountId id, const caf::down_msg& down) {
    auto& child = state().accounts[id];
    child.handle = nullptr;
    if (state().restarting) return;
    if (too_many(child.deaths, deps_.clock->now())) {
      child.halted = true;
      return tell(id, "account-halted",
                  "died too often within a minute: NOT PROTECTED until the daemon is restarted");
    }
    tell(id, "account-died", fmt::format("{}; starting it again", to_string(down.reason)));
    self_->delayed_send(self_, 10ms * static_cast<int>(child.deaths.size()), StartAccount{id});
  }

  void end(caf::typed_response_promise<bool> promise) {
    end_children();
    promise.deliver(true);
    self_->quit(caf::exit_reason::user_shutdown);
  }

  void end_children() {
    for (auto& [id, child] : state().accounts) {
      if (child.handle) self_->send_exit(child.handle, caf::exit_reason::user_shutdown);
      child.handle = nullptr;
    }
    state().account_of.clear();
    const auto watched = std::exchange(state().watched, {});
    for (const auto& [address, name] : watched) self_->send_exit(address, caf::exit_reason::user_shutdown);
    state().shared = {};
  }

  void tell(AccountId id, const char* code, std::string text) {
    self_->send(state().shared.notifier, Activity{id,
                                                  deps_.clock->now(),
                                                  "supervisor",
                                                  {},
                                                  true,
                                                  Alert{Alert::Severity::critical, code, std::move(text)}});
  }

  Self self_;
  SupervisorDeps deps_;
};

} // namespace

supervisor_actor::behavior_type supervisor(Self self, SupervisorDeps deps) {
  const auto keeper = std::make_shared<Keeper>(self, std::move(deps));
  keeper->begin();
  return {
      [=](const UseRules& m) { keeper->use_rules(m); },
      [=](const Subscribe& m) { keeper->subscribe(m); },
      [=](const StartAccount& m) { keeper->start_account(m.account); },
      [=](const StartAgain&) { keeper->start_again(); },
      [=](const StatusRequest& m) { return self->delegate(keeper->state().shared.control, m); },
      [=](const ShutDown&) { return keeper->shut_down(); },
  };
}

} // namespace bulkhead::actors
