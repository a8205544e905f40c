#include "actors/supervisor_keeper.hpp"
#include "actors/thrown.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::AccountId;
using model::Alert;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t deaths_per_minute = 5;
constexpr auto recovery_takes_at_most = 60s;
constexpr std::chrono::nanoseconds clock_settles_within = 3s; // else the gateway is away: the wall clock then

/// Counts a death; true when there were too many within a minute.
bool too_many(std::deque<model::Instant>& deaths, model::Instant now) {
  deaths.push_back(now);
  while (!deaths.empty() && deaths.front() < now - 1min) deaths.pop_front();
  return deaths.size() > deaths_per_minute;
}

} // namespace

void SupervisorKeeper::begin() {
  state().began = deps_.clock->monotonic();
  spawn_shared();
  for (const auto& [credential, ports] : deps_.ports) spawn_credential(credential, ports);
  for (const auto& account : deps_.config->accounts) {
    if (account.enabled) start_account(account.id);
  }
}

void SupervisorKeeper::start_account(AccountId id) {
  if (state().stopping) return;
  state().accounts[id]; // it is on its way, whatever comes in between
  if (!deps_.clock->settled()) {
    const bool waited = deps_.clock->monotonic() - state().began > clock_settles_within.count();
    if (waited) deps_.clock->settle();
    if (!waited) return self_->delayed_send(self_, 10ms, StartAccount{id});
  }
  self_->request(state().shared.journal, recovery_takes_at_most, RecoverAccount{id, state().rules})
      .then([this](RecoveredAccount& recovered) { spawn_account(std::move(recovered)); },
            [this, id](caf::error& error) {
              tell(id, "recovery-failed", fmt::format("{}; trying again", to_string(error)));
              self_->delayed_send(self_, 1s, StartAccount{id});
            });
}

void SupervisorKeeper::start_again() {
  if (state().stopping) return;
  end_children();
  state().restarting = false;
  begin();
}

void SupervisorKeeper::subscribe(const Subscribe& message) {
  state().subscribers.push_back(message.subscriber);
  self_->send(state().shared.notifier, message);
}

caf::result<bool> SupervisorKeeper::shut_down() {
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

void SupervisorKeeper::on_down(const caf::down_msg& down) {
  if (state().stopping) return;
  if (const auto node = state().account_of.extract(down.source)) return on_account_down(node.mapped(), down);
  const auto node = state().watched.extract(down.source);
  if (!node || state().restarting) return;
  if (too_many(state().collapses, deps_.clock->now())) {
    deps_.logs.daemon(Alert::Severity::critical,
                      fmt::format("gave-up actor={} reason=\"{}\": it died too often within a minute",
                                  node.mapped(), to_string(down.reason)));
    return deps_.give_up();
  }
  // The notifier may be the one that died.
  deps_.logs.daemon(Alert::Severity::critical,
                    fmt::format("actor-died actor={} reason=\"{}\": starting everything again", node.mapped(),
                                to_string(down.reason)));
  state().restarting = true;
  self_->delayed_send(self_, 100ms, StartAgain{});
}

void SupervisorKeeper::on_account_down(AccountId id, const caf::down_msg& down) {
  auto& child = state().accounts[id];
  child.handle = nullptr;
  if (state().restarting) return;
  if (too_many(child.deaths, deps_.clock->now())) child.last_resort = true;
  tell(id, "account-died",
       fmt::format("{}; {}", to_string(down.reason),
                   child.last_resort
                       ? "too often within a minute: handed to its last resort, which evaluates "
                         "no rules and closes everything until the daemon is restarted"
                       : "starting it again"));
  self_->delayed_send(self_, 10ms * static_cast<int>(child.deaths.size()), StartAccount{id});
}

void SupervisorKeeper::end(caf::typed_response_promise<bool> promise) {
  end_children();
  promise.deliver(true);
  self_->quit(caf::exit_reason::user_shutdown);
}

void SupervisorKeeper::end_children() {
  for (auto& [id, child] : state().accounts) {
    if (child.handle) self_->send_exit(child.handle, caf::exit_reason::user_shutdown);
    child.handle = nullptr;
  }
  state().account_of.clear();
  const auto watched = std::exchange(state().watched, {});
  for (const auto& [address, name] : watched) self_->send_exit(address, caf::exit_reason::user_shutdown);
  state().shared = {};
}

void SupervisorKeeper::tell(AccountId id, const char* code, std::string text, Alert::Severity severity) {
  self_->send(
      state().shared.notifier,
      Activity{id, deps_.clock->now(), "supervisor", {}, true, Alert{severity, code, std::move(text)}});
}

supervisor_actor::behavior_type supervisor(SupervisorKeeper::Self self, SupervisorDeps deps) {
  // Nobody would start it again, and without it nobody is.
  self->set_exception_handler([logs = deps.logs, give_up = deps.give_up](std::exception_ptr& thrown) {
    const auto reason = died_of(thrown);
    logs.daemon(Alert::Severity::critical,
                fmt::format("gave-up actor=supervisor reason=\"{}\"", to_string(reason)));
    give_up();
    return reason;
  });
  const auto keeper = std::make_shared<SupervisorKeeper>(self, std::move(deps));
  keeper->begin();
  return {
      [=](const UseConfig& m) { keeper->use(*m.reload); },
      [=](const Subscribe& m) { keeper->subscribe(m); },
      [=](const StartAccount& m) { keeper->start_account(m.account); },
      [=](const StartAgain&) { keeper->start_again(); },
      [=](const StatusRequest& m) { return self->delegate(keeper->state().shared.control, m); },
      [=](const ControlRequest& m) { return self->delegate(keeper->state().shared.control, m); },
      [=](const AddWatcher& m) { return self->delegate(keeper->state().shared.control, m); },
      [=](const ShutDown&) { return keeper->shut_down(); },
  };
}

} // namespace bulkhead::actors
