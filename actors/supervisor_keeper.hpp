#pragma once
// The inside of the supervisor: what it spawns and how it answers deaths. Lives in the behaviour of its actor
// and is called in its turns only.

#include "actors/supervisor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

class SupervisorKeeper {
public:
  using Self = supervisor_actor::stateful_pointer<SupervisorState>;

  SupervisorKeeper(Self self, SupervisorDeps deps) : self_(self), deps_(std::move(deps)) {
    state().rules = deps_.rules;
    self_->set_down_handler([this](caf::down_msg& down) { on_down(down); });
    self_->set_error_handler([](caf::error&) {});
    self_->set_exit_handler([this](caf::exit_msg& exit) {
      state().stopping = true;
      end_children(); // they would outlive it
      self_->quit(exit.reason);
    });
  }

  void begin();
  void start_account(model::AccountId id);

  /// All shared actors and accounts of this generation go, and new ones are spawned.
  void start_again();
  void use(const Reload& reload);
  void subscribe(const Subscribe& message);
  caf::result<bool> shut_down();
  [[nodiscard]] SupervisorState& state() const { return self_->state; }

private:
  template <class Handle>
  Handle watch(Handle handle, std::string name) {
    self_->monitor(handle);
    state().watched.emplace(handle.address(), std::move(name));
    return handle;
  }

  void spawn_shared();
  void spawn_credential(const model::CredentialId& credential, const CredentialPorts& ports);
  void spawn_account(RecoveredAccount recovered);
  void start_added_accounts();
  void on_down(const caf::down_msg& down);
  void on_account_down(model::AccountId id, const caf::down_msg& down);
  void end(caf::typed_response_promise<bool> promise);
  void end_children();
  void tell(model::AccountId id, const char* code, std::string text,
            model::Alert::Severity severity = model::Alert::Severity::critical);

  Self self_;
  SupervisorDeps deps_;
};

} // namespace bulkhead::actors
